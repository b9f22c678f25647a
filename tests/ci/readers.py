"""Strict readers of the report formats of CI systems, written from the rules of each format.

Each takes the text of a report, raises Fault where it breaks a rule or says something that is not needed
(an unknown member is a fault: consumers drop it unseen), and returns its findings as dictionaries.
"""
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote


class Fault(Exception):
    """The report breaks a rule of its format."""


def need(condition, text):
    if not condition:
        raise Fault(text)


def members(what, value, required, optional=()):
    """`value` is an object with all `required` members and nothing beyond `optional`."""
    need(isinstance(value, dict), "%s is no object" % what)
    missing = set(required) - set(value)
    unknown = set(value) - set(required) - set(optional)
    need(not missing, "%s lacks %s" % (what, sorted(missing)))
    need(not unknown, "%s has %s, which it cannot have" % (what, sorted(unknown)))
    return value


def text(what, value):
    need(isinstance(value, str) and value, "%s is no text" % what)
    return value


def whole(what, value, least):
    need(isinstance(value, int) and not isinstance(value, bool) and value >= least,
         "%s is %r, not a whole number from %d" % (what, value, least))
    return value


def path_of_repository(what, path):
    """A path as git has it: relative, clean, with '/'."""
    text(what, path)
    need(not path.startswith("/"), "%s is absolute: %s" % (what, path))
    need(not set(path.split("/")) & {"", ".", ".."}, "%s is not clean: %s" % (what, path))
    return path


# --- JUnit: the part that all readers share (and junit-10.xsd of Jenkins' xUnit plugin) --------------------

JUNIT = {  # element: (attributes that must be there, that may be, children)
    "testsuites": (("name", "tests", "failures", "errors"), ("time",), ("testsuite",)),
    "testsuite": (("name", "tests", "failures", "errors", "skipped"), ("time",), ("testcase",)),
    "testcase": (("name", "classname"), ("time",), ("failure", "skipped", "system-out")),
    "failure": (("message", "type"), (), ()),
    "skipped": (("message",), (), ()),
    "system-out": ((), (), ()),
}


def junit_element(element):
    need(element.tag in JUNIT, "<%s> is unknown" % element.tag)
    required, optional, children = JUNIT[element.tag]
    members("<%s>" % element.tag, element.attrib, required, optional)
    for name in ("tests", "failures", "errors", "skipped"):
        need(element.get(name, "0").isdigit(), "%s=%r" % (name, element.get(name)))
    need(re.fullmatch(r"[0-9]+(\.[0-9]+)?", element.get("time", "0")), "time=%r" % element.get("time"))
    for child in element:
        need(child.tag in children, "<%s> in <%s>" % (child.tag, element.tag))
        junit_element(child)


def junit_counts(element, cases):
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    need(int(element.get("tests")) == len(cases), "tests=%s of %d" % (element.get("tests"), len(cases)))
    need(int(element.get("failures")) == failures, "failures=%s of %d" % (element.get("failures"), failures))
    need(int(element.get("errors")) == 0, "errors without an <error>")
    need(int(element.get("skipped", skipped)) == skipped, "skipped=%s of %d" % (element.get("skipped"), skipped))


def junit_case(case):
    results = [child.tag for child in case if child.tag != "system-out"]
    need(len(results) <= 1, "%s is %s" % (case.get("name"), results))
    result = results[0] if results else "passed"
    shown = case.find(result) if results else None
    return {"name": text("name", case.get("name")), "suite": text("classname", case.get("classname")),
            "result": result, "message": shown.get("message") if shown is not None else None,
            "text": "".join(case.itertext())}


def junit(report):
    root = ET.fromstring(report.encode("utf-8"))
    need(root.tag == "testsuites", "the root is <%s>" % root.tag)
    junit_element(root)
    junit_counts(root, root.findall("testsuite/testcase"))
    for suite in root:
        need(len(suite) > 0, "suite %s is empty: some readers fail there" % suite.get("name"))
        junit_counts(suite, list(suite))
    cases = [junit_case(case) for case in root.iter("testcase")]
    names = [(case["suite"], case["name"]) for case in cases]
    need(len(set(names)) == len(names), "two cases of one name")
    return [case for case in cases if case["name"] != "no findings"]


# --- SARIF 2.1.0 -------------------------------------------------------------------------------------------

LEVELS = ("error", "warning", "note")
URI = re.compile(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+")  # a path, no scheme, nothing left to encode


def sarif_message(what, value):
    return text(what, members(what, value, ("text",), ("markdown",))["text"])


def sarif_rule(rule):
    members("rule", rule, ("id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration",
                           "properties"))
    for name in ("shortDescription", "fullDescription", "help"):
        sarif_message(name, rule[name])
    need(members("defaultConfiguration", rule["defaultConfiguration"], ("level",))["level"] in LEVELS, "level")
    need(all(isinstance(tag, str) for tag in rule["properties"]["tags"]), "tags")
    return text("rule id", rule["id"])


def sarif_place(location, bases):
    members("location", location, ("physicalLocation",), ("logicalLocations",))
    physical = members("physicalLocation", location["physicalLocation"], ("artifactLocation", "region"))
    artifact = members("artifactLocation", physical["artifactLocation"], ("uri", "uriBaseId"))
    need(URI.fullmatch(artifact["uri"]), "uri %r" % artifact["uri"])
    need(artifact["uriBaseId"] in bases, "base %r is not declared" % artifact["uriBaseId"])
    region = members("region", physical["region"], ("startLine",), ("startColumn",))
    whole("startLine", region["startLine"], 1)
    whole("startColumn", region.get("startColumn", 1), 1)
    for logical in location.get("logicalLocations", ()):
        members("logicalLocation", logical, ("fullyQualifiedName", "name", "kind"))
        text("fullyQualifiedName", logical["fullyQualifiedName"])
        need(logical["kind"] in ("object", "property"), "kind %r" % logical["kind"])
    # undecodable bytes are a file's name all the same
    path = unquote(artifact["uri"], errors="surrogateescape")
    return path_of_repository("uri", path), region["startLine"]


def sarif_suppression(suppression):
    members("suppression", suppression, ("kind", "status", "justification"))
    need(suppression["kind"] == "external" and suppression["status"] == "accepted", str(suppression))
    return text("justification", suppression["justification"])


def sarif_result(result, rules, bases):
    members("result", result, ("ruleId", "level", "message", "locations", "partialFingerprints", "suppressions",
                               "properties"), ("ruleIndex",))
    need(result["level"] in LEVELS, "level %r" % result["level"])
    if "ruleIndex" in result:
        need(rules[whole("ruleIndex", result["ruleIndex"], 0)] == result["ruleId"], "ruleIndex of another rule")
    need(len(result["locations"]) == 1, "%d locations" % len(result["locations"]))
    path, line = sarif_place(result["locations"][0], bases)
    prints = members("partialFingerprints", result["partialFingerprints"], ("sgupgradeFinding/v1",))
    need(re.fullmatch("[0-9a-f]{16}", prints["sgupgradeFinding/v1"]), "fingerprint")
    need(len(result["suppressions"]) <= 1, "suppressed twice")
    reasons = [sarif_suppression(suppression) for suppression in result["suppressions"]]
    return {"code": result["ruleId"], "level": result["level"], "path": path, "line": line,
            "fingerprint": prints["sgupgradeFinding/v1"], "accepted": reasons[0] if reasons else None,
            "indexed": "ruleIndex" in result, "message": sarif_message("message", result["message"])}


def sarif(report):
    log = members("log", json.loads(report), ("$schema", "version", "runs"))
    need(log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json"), "version")
    need(len(log["runs"]) == 1, "%d runs" % len(log["runs"]))
    run = members("run", log["runs"][0], ("tool", "automationDetails", "originalUriBaseIds", "invocations",
                                          "columnKind", "results"))
    driver = members("tool", run["tool"], ("driver",))["driver"]
    members("driver", driver, ("name", "semanticVersion", "rules"))
    need(re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+(-.+)?", driver["semanticVersion"]), "semanticVersion")
    rules = [sarif_rule(rule) for rule in driver["rules"]]
    need(len(set(rules)) == len(rules), "a rule twice")
    need(re.fullmatch(r"sgupgrade/[a-z-]+/(.*/)?", run["automationDetails"]["id"]), "automationDetails")
    for base in run["originalUriBaseIds"].values():
        sarif_message("description of a base", members("base", base, ("description",))["description"])
    invocation = members("invocation", run["invocations"][0], ("executionSuccessful", "exitCode"))
    whole("exitCode", invocation["exitCode"], 0)
    need(run["columnKind"] == "unicodeCodePoints", "columnKind")
    return [sarif_result(result, rules, run["originalUriBaseIds"]) for result in run["results"]]


# --- workflow commands of GitHub Actions -------------------------------------------------------------------

COMMAND = re.compile(r"::(?P<command>[a-z-]+) (?P<properties>.*?)::(?P<data>.*)")
ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def unescape(value, allowed):
    """What the runner makes of a value; each % must begin an escape that it knows."""
    parts = re.split("(%..)", value)
    for at in range(1, len(parts), 2):
        need(parts[at] in allowed, "%r in %r" % (parts[at], value))
        parts[at] = ESCAPES[parts[at]]
    need("%" not in "".join(parts[::2]), "a lone %% in %r" % value)
    return "".join(parts)


def github_command(line):
    """-> the command of one line as the runner understands it."""
    found = COMMAND.fullmatch(line)
    need(found, "no command: %r" % line)
    need(found["command"] in ("error", "warning", "notice"), "command %r" % found["command"])
    properties = {}
    for pair in found["properties"].split(","):
        name, equals, value = pair.partition("=")
        need(equals and name not in properties, "property %r" % pair)
        properties[name] = unescape(value, ESCAPES)
    members("command", properties, ("file", "line", "title"), ("col",))
    need(re.fullmatch("[1-9][0-9]*", properties["line"]), "line=%s" % properties["line"])
    need(re.fullmatch("[1-9][0-9]*", properties.get("col", "1")), "col=%s" % properties.get("col"))
    return {"level": found["command"], "path": path_of_repository("file", properties["file"]),
            "line": int(properties["line"]), "code": properties["title"].split()[0], "title": properties["title"],
            "message": text("message", unescape(found["data"], ("%25", "%0D", "%0A")))}


def github(report):
    """The commands among the lines of a step's output. The runner skips blanks before "::", and takes nothing
    for a command between "::stop-commands::WORD" and "::WORD::"."""
    found, word = [], None
    need("\r" not in report, "a raw carriage return")
    for line in report.split("\n"):
        command = line.lstrip()
        if word is not None:
            word = None if command == "::%s::" % word else word
        elif command.startswith("::stop-commands::"):
            word = command[len("::stop-commands::"):]
            need(len(word) > 20 and report.count(word) == 2, "the word %r can be guessed" % word)
        elif command.startswith("::"):
            found.append(github_command(line))
        else:
            need("##[" not in line, "an old command: %r" % line)
    need(word is None, "commands are off for the rest of the job")
    return found


# --- Code Quality of GitLab --------------------------------------------------------------------------------

def gitlab_finding(item):
    members("finding", item, ("description", "check_name", "fingerprint", "severity", "location"))
    need(item["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity %r" % item["severity"])
    location = members("location", item["location"], ("path", "lines"))
    begin = whole("begin", members("lines", location["lines"], ("begin",))["begin"], 1)
    return {"code": text("check_name", item["check_name"]), "severity": item["severity"],
            "path": path_of_repository("path", location["path"]), "line": begin,
            "fingerprint": text("fingerprint", item["fingerprint"]),
            "message": text("description", item["description"])}


def gitlab(report):
    items = json.loads(report)
    need(isinstance(items, list), "no array")
    found = [gitlab_finding(item) for item in items]
    prints = [item["fingerprint"] for item in found]
    need(len(set(prints)) == len(prints), "two findings of one fingerprint: GitLab drops one")
    return found


READERS = {"junit": junit, "sarif": sarif, "github": github, "gitlab": gitlab}
