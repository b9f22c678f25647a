#!/usr/bin/env bash
# Every include edge must be allowed by src/layers.txt: a file of layer L may include the headers of L
# and of the layers L names, and headers beside it. Also: <yaml.h>, <jansson.h>, <git2.h>, <curl/…>,
# <pcre2.h> and <nettle/…> are seen by one layer each.
#
# usage: tests/lint/edges.sh [ROOT]     prints one line a fault, exit 1 on any
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
awk '
  FILENAME == "src/layers.txt" {
    if ($1 == "layer") { known[$2]; allow[$2, $2]; for (i = 4; i <= NF; i++) allow[$2, $i] }
    if ($1 == "headers") for (i = 4; i <= NF; i++) owner[$i ".h"] = $2
    next
  }
  FNR == 1 {
    layer = FILENAME
    if (layer ~ /^src\//) { sub(/^src\//, "", layer); sub(/\/.*/, "", layer) }
    else { sub(/^include\/sg\//, "", layer); header = layer; layer = owner[header]
           if (layer == "") { print FILENAME ": header is in no layer of src/layers.txt"; bad = 1 } }
    if (!(layer in known) && layer != "") { print FILENAME ": no such layer in src/layers.txt"; bad = 1 }
    files++
  }
  /^#[ \t]*include[ \t]*"sg\// {
    h = $0; sub(/^[^"]*"sg\//, "", h); sub(/".*/, "", h)
    if (!(h in owner)) { print FILENAME ":" FNR ": sg/" h " is in no layer"; bad = 1 }
    else if (!((layer, owner[h]) in allow)) {
      print FILENAME ":" FNR ": layer " layer " may not include sg/" h " (layer " owner[h] ")"; bad = 1 }
  }
  /^#[ \t]*include[ \t]*"\.\.|^#[ \t]*include[ \t]*"src\// {
    print FILENAME ":" FNR ": include of a file of another module"; bad = 1 }
  /^#[ \t]*include[ \t]*<(yaml|jansson|git2|pcre2)\.h>|<git2\/|<curl\/|<nettle\// {
    lib = $0; sub(/^[^<]*</, "", lib); sub(/[.\/>].*/, "", lib)
    want = "core"
    if (lib == "yaml") want = "yaml"
    if (lib == "jansson") want = "json"
    if (lib == "git2" || lib == "curl") want = "upstream"
    if (lib == "pcre2") want = "patch"
    if (layer != want) { print FILENAME ":" FNR ": <" lib "…> belongs to layer " want; bad = 1 }
  }
  END { if (files < 20) { print "edges: only " files " files read"; bad = 1 }
        if (!bad) print "edges: " files " files keep to src/layers.txt"; exit bad }
' src/layers.txt $(find src include -name '*.[ch]' | sort)
