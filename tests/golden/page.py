"""usage: page.py PAGE [WORD...]

Checks a page of `-o html` and prints what is on it: every tag is closed in order, nothing is fetched
from anywhere, no attribute holds script, ids are distinct and links lead to them, the policy names
exactly the style and the script that are there. With words: how often each is in the text.
"""
import base64
import collections
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "input", "br"}
FETCH = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "ping"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.links = [], [], [], []
        self.count, self.raw, self.text, self.policy = collections.Counter(), {}, [], ""

    def fault(self, text):
        self.faults.append("line %d: %s" % (self.getpos()[0], text))

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        given = dict(attrs)
        if len(names) != len(set(names)):
            self.fault("<%s> repeats an attribute" % tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (name in FETCH and not value.startswith("#")):
                self.fault("<%s %s=%r>" % (tag, name, value))
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"][1:])
        if tag in VOID:
            return
        self.count[tag] += 1
        for what in ("data-owner", "data-severity"):
            if what in given:
                self.count["%s=%s" % (what, given[what])] += 1
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault("</%s> closes nothing" % tag)

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.text.append(data)


source = open(sys.argv[1], encoding="utf-8").read()
page = Page()
page.feed(source)
page.close()
faults = page.faults
faults += ["<%s> is not closed" % tag for tag in page.open]
faults += ["id %s is there twice" % name for name, n in collections.Counter(page.ids).items() if n > 1]
faults += ["no id %s" % link for link in page.links if link not in page.ids]
if not source.startswith("<!doctype html>\n"):
    faults.append("no doctype")
for tag in ("style", "script"):
    digest = base64.b64encode(hashlib.sha256(page.raw.get(tag, "").encode()).digest()).decode()
    if "%s-src 'sha256-%s'" % (tag, digest) not in page.policy or page.count[tag] != 1:
        faults.append("the policy does not name the %s" % tag)
    if re.search(r"https?:|@import|url\(", page.raw.get(tag, "")):
        faults.append("the %s fetches" % tag)
if "default-src 'none'" not in page.policy:
    faults.append("the policy lets more in")
print("\n".join(faults) or "well-formed, self-contained")
for name in sorted(page.count):
    if "=" in name or name in ("article", "details"):
        print("%6d %s" % (page.count[name], name))
text = " ".join(page.text)
for word in sys.argv[2:]:
    print("%6d %s" % (text.count(word), word))
sys.exit(1 if faults else 0)
