# usage: same.sh JSON YAML      says whether PyYAML reads the same from both: keys in order, types, values
python3 - "$@" <<'PY'
import json
import sys

import yaml


def flat(value, path=""):
    if isinstance(value, dict):
        yield path, list(value)
        for key in value:
            yield from flat(value[key], path + "/" + key)
    elif isinstance(value, list):
        yield path, len(value)
        for index, item in enumerate(value):
            yield from flat(item, "%s/%d" % (path, index))
    else:
        yield path, (type(value).__name__, value)


one = list(flat(json.load(open(sys.argv[1]))))
other = list(flat(yaml.safe_load(open(sys.argv[2]))))
for a, b in zip(one, other):
    if a != b:
        sys.exit("differs: %r is %r" % (a, b))
sys.exit("differs in length") if len(one) != len(other) else print("the same %d values" % len(one))
PY
