#!/usr/bin/env python3
"""`check`, `diff` and `apply` in the formats of CI systems, read with strict readers and held against -o json.

usage: tests/ci/formats.py [NAME]…      scenarios whose name holds one of the words; none: all
"""
import json
import os
import sys
import traceback

from readers import READERS, github
from sandbox import ROOT, Sandbox

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
GITLAB = {"error": "critical", "warning": "minor", "info": "info"}
SECRET = "correct-horse-battery"


def same(what, got, want):
    if got != want:
        raise AssertionError("%s:\n  got  %r\n  want %r" % (what, got, want))


def findings(plan):
    return plan["findings"] + [finding for overlay in plan["overlays"] for finding in overlay["findings"]]


def reports(box, command, cwd=None, env=None):
    """Runs `command` once with all formats -> (exit code, plan, {format: findings})."""
    files = {name: os.path.join(box.top, "report." + name) for name in ("json", *READERS)}
    for path in files.values():
        if os.path.exists(path):
            os.remove(path)
    wanted = ",".join(["text"] + ["%s=%s" % item for item in files.items()])
    code, out, err = box.call("%s -o '%s'" % (command, wanted), cwd, env)
    if code not in (0, 1, 3, 4):
        raise AssertionError("exit %d of %s\n%s%s" % (code, command, out, err))
    texts = {name: box.read(path) for name, path in files.items()}
    for name, text in [("text", out), *texts.items()]:
        if SECRET in text or SECRET in err:
            raise AssertionError("a Secret's value in " + name)
    plan = json.loads(texts["json"])
    same("exit in the plan", plan["exit"], code)
    return code, plan, {name: READERS[name](texts[name]) for name in READERS}


def expected_place(finding, folder):
    """Where a finding must be shown, from the root of the repository."""
    at = finding.get("location")
    if not at:
        name = "sgupgrade.lock" if finding.get("hop") else "sgupgrade.yaml"
        return os.path.join(folder, name), 1
    return os.path.normpath(os.path.join(folder, at["file"])), at.get("line", 1)


def agree(plan, read, folder="", least="error"):
    """Every format says of every finding what the plan says."""
    want = findings(plan)
    order = ["info", "warning", "error"]
    accepted = [f["accepted"] is not None and not f["stops"] for f in want]
    open_ = [f for f, agreed in zip(want, accepted) if not agreed]
    failed = [f["stops"] or (not agreed and order.index(f["severity"]) >= order.index(least))
              for f, agreed in zip(want, accepted)]

    same("sarif", [(r["code"], r["fingerprint"], r["level"], (r["path"], r["line"]), r["accepted"])
                   for r in read["sarif"]],
         [(f["code"], f["fingerprint"], "error" if f["stops"] else LEVELS[f["severity"]], expected_place(f, folder),
           f["accepted"] if agreed else None) for f, agreed in zip(want, accepted)])
    same("sarif: rules", all(r["indexed"] for r in read["sarif"]), True)

    same("github", sorted((r["code"], r["level"], (r["path"], r["line"])) for r in read["github"]),
         sorted((f["code"], "error" if f["stops"] else "notice" if agreed else GITHUB_LEVELS[f["severity"]],
                 expected_place(f, folder)) for f, agreed in zip(want, accepted)))
    same("github: reasons", sum("\naccepted: " in r["message"] for r in read["github"]),
         sum(f["accepted"] is not None for f in want))

    same("gitlab", [(r["code"], r["severity"], (r["path"], r["line"])) for r in read["gitlab"]],
         [(f["code"], "blocker" if f["stops"] else GITLAB[f["severity"]], expected_place(f, folder)) for f in open_])

    results = ["failure" if fails else "skipped" if agreed else "passed" for fails, agreed in zip(failed, accepted)]
    same("junit", [(r["name"].split()[0], r["result"]) for r in read["junit"]],
         [(f["code"], result) for f, result in zip(want, results)])
    same("junit: reasons", [r["message"] for r in read["junit"] if r["result"] == "skipped"],
         ["accepted: " + f["accepted"] for f, agreed in zip(want, accepted) if agreed])
    return want


# --- scenarios ---------------------------------------------------------------------------------------------

def hostile(_box):
    """What the unit test of the formats wrote, with every byte that is hard to write."""
    folder = os.path.join(ROOT, "tests", "unit", "report", "expected")
    for name, file in (("junit", "ci.junit.xml"), ("sarif", "ci.sarif"), ("github", "ci.github"),
                       ("gitlab", "ci.gitlab.json")):
        with open(os.path.join(folder, file), encoding="utf-8", newline="") as text:
            same(file, len(READERS[name](text.read())), 5 if name == "gitlab" else 6)


def clean(box):
    box.project()
    code, plan, read = reports(box, "sgupgrade check")
    same("exit", code, 0)
    agree(plan, read)
    same("failures", [r for r in read["junit"] if r["result"] != "passed"], [])


def commands(box):
    """The three commands that have a plan, over two hops."""
    box.project()
    for command, exit_ in (("check --to latest", None), ("diff", 1), ("apply --to latest --dry-run", 0)):
        code, plan, read = reports(box, "sgupgrade " + command)
        found = agree(plan, read)
        fails = any(r["result"] == "failure" for r in read["junit"])
        same("exit of " + command, code, int(fails) if exit_ is None else exit_)
        same("hops of one place", len({f["fingerprint"] for f in found}) < len(found), True)


def fail_on(box):
    box.project()
    code, plan, read = reports(box, "sgupgrade check --to next --fail-on warning")
    same("exit", code, 1)
    agree(plan, read, least="warning")
    same("failures", {r["result"] for r in read["junit"] if "SG10" in r["name"]}, {"failure"})


def subfolder(box):
    """A project in a folder, and a file of it that lies beside it."""
    where = box.project("environments/prod")
    box.write("environments/shared/kustomization.yaml",
              "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: none.yaml\n"
              "  target: {kind: Deployment, name: nobody}\n")
    box.write("environments/shared/none.yaml", "- {op: remove, path: /spec}\n")
    kustomization = os.path.join(where, "overlays/default/kustomization.yaml")
    box.write(kustomization, box.read(kustomization) + "components: [../../../shared]\n")
    box.commit("a shared component")
    _, plan, read = reports(box, "sgupgrade check", cwd=where)
    if agree(plan, read, "environments/prod"):
        for result in read["sarif"]:
            same("there", os.path.exists(os.path.join(box.work, result["path"])), True)
    _, plan, read = reports(box, "sgupgrade -C environments/prod check --to latest")
    agree(plan, read, "environments/prod")
    same("gitlab knows the project", {r["fingerprint"].split(":")[0] for r in read["gitlab"]}, {"environments/prod"})


STALE = "rendered: out\nrenderedSecrets: omit\n"
ACCEPT = "accept:\n- {code: SG404, object: '*', reason: %s, expires: %s}\n"


def accepted(box):
    """An accept entry with a reason, before and after it expired, and --accept."""
    box.project()
    config = box.read("sgupgrade.yaml").replace("accept: []", "")
    same("the config that init writes has an empty list", "\naccept:" in config, False)
    box.write("sgupgrade.yaml", config + STALE)
    code, plan, read = reports(box, "sgupgrade check")
    same("open", (code, [f["code"] for f in agree(plan, read) if f["severity"] == "error"]), (1, ["SG404"]))
    box.write("sgupgrade.yaml", config + STALE + ACCEPT % ("'a robot, 100% of it: it <renders>'", "2030-06-30"))
    for day, exit_ in (("1909094399", 0), ("1909094400", 1)):  # the end of the last day, and a second later
        code, plan, read = reports(box, "sgupgrade check", env={"SOURCE_DATE_EPOCH": day})
        same("exit on " + day, code, exit_)
        agree(plan, read)
        same("suppressed", [r["accepted"] for r in read["sarif"] if r["code"] == "SG404"],
             [None if exit_ else "a robot, 100% of it: it <renders>"])
    box.write("sgupgrade.yaml", config)
    code, plan, read = reports(box, "sgupgrade check --to next --fail-on warning --accept 'SG101:*=ours is more' "
                                    "--accept 'SG102:*=compared, taken over'")
    same("exit", code, 0)
    agree(plan, read, least="warning")
    same("reasons", {r["accepted"] for r in read["sarif"]} - {None}, {"ours is more", "compared, taken over"})


def stop(box):
    """A stop, and one that was agreed to; the base edited."""
    box.project()
    box.write("overlays/default/web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: frontend\n"
                                           "spec:\n  template:\n    spec:\n      containers:\n      - name: web\n"
                                           "        env:\n        - name: A\n          value: b\n")
    kustomization = box.read("overlays/default/kustomization.yaml")
    box.write("overlays/default/kustomization.yaml", kustomization.replace("patches:", "patches:\n- path: web.yaml"))
    box.run("printf 'repair: report\\n' >>sgupgrade.yaml")
    box.commit("an environment variable")
    code, plan, read = reports(box, "sgupgrade check --to next")
    same("exit", code, 4)
    found = agree(plan, read)
    same("a stop", any(f["stops"] for f in found), True)
    same("blocker", "blocker" in {r["severity"] for r in read["gitlab"]}, True)
    path = [f["path"] for f in found if f["stops"]][0]
    code, plan, read = reports(box, "sgupgrade check --to next --accept 'SG202:*:%s=it stays'" % path)
    same("exit", code, 0)
    agree(plan, read)
    box.run("echo '# edited' >>base/pgsql/pgsql.Deployment.yaml")
    code, plan, read = reports(box, "sgupgrade check")
    same("exit", code, 3)
    agree(plan, read)


def secret(box):
    """A Secret whose value an upgrade and a patch change."""
    box.project()
    box.write("overlays/default/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
                                              "stringData:\n  password: %s\n" % SECRET)
    kustomization = box.read("overlays/default/kustomization.yaml")
    box.write("overlays/default/kustomization.yaml", kustomization.replace("resources:", "resources:\n- secret.yaml"))
    box.commit("a password")
    agree(*reports(box, "sgupgrade check --to latest")[1:])
    box.write("overlays/default/secret.yaml", box.read("overlays/default/secret.yaml").replace(SECRET, SECRET + "2"))
    agree(*reports(box, "sgupgrade check --since HEAD")[1:])


def actions(box):
    """In a step of GitHub Actions a check annotates without being asked; nothing else does."""
    box.project()
    on = {"GITHUB_ACTIONS": "true"}
    command = "sgupgrade check --to next"
    same("elsewhere", github(box.run(command)), [])
    out = box.run(command, env=on)
    same("text, then commands", out.startswith("3.0.0 -> 3.1.0"), True)
    same("in a step", out[out.index("::"):], box.run(command + " -o github", env=on))
    same("asked for text", github(box.run(command + " -o text", env=on)), [])
    same("diff", github(box.run("sgupgrade diff --exit-zero", env=on)), [])
    same("not true", github(box.run(command, env={"GITHUB_ACTIONS": "false"})), [])
    summary = os.path.join(box.top, "summary.md")
    box.write(summary, "before\n")
    box.run(command, env={**on, "GITHUB_STEP_SUMMARY": summary})
    has_markdown = "markdown" in box.call("sgupgrade check -o nonsense")[2]
    same("appended", box.read(summary) != "before\n", has_markdown)
    same("kept", box.read(summary).startswith("before\n"), True)


def injection(box):
    """Upstream's notes have lines that the runner would take for commands."""
    box.project()
    for notes in ("::add-mask::e", "  ::error::mine", "text ##[warning]mine"):
        box.run("mkdir -p docs && printf '# Notes\\n\\n## 3.1\\n\\n%s\\n' \"$NOTES\" >docs/notes.md && "
                "sed -i '/^  notes:/d; s,^  skip:.*,&\\n  notes: docs/notes.md,' sgupgrade.yaml", env={"NOTES": notes})
        command = "sgupgrade check --to next --accept 'SG502:*=read'"
        out = box.run(command, env={"GITHUB_ACTIONS": "true"})
        same("it is shown", notes.strip() in out, True)
        same("commands", {c["code"][:2] for c in github(out)}, {"SG"})
        same("elsewhere", "stop-commands" in box.run(command), False)
    same("only where it must be", "stop-commands" in box.run("sgupgrade check -o text,github"), False)


def together(box):
    """Several to standard output: only text with commands."""
    box.project()
    for formats, exit_ in (("text,github", 0), ("github,text", 0), ("json,github", 2), ("github,gitlab", 2),
                           ("text,junit", 2), ("github,github", 2), ("github", 0), ("gitlab,github=-", 2)):
        same(formats, box.call("sgupgrade check -o " + formats)[0], exit_)
    same("status has none", box.call("sgupgrade status -o junit")[0], 2)


SCENARIOS = (hostile, clean, commands, fail_on, subfolder, accepted, stop, secret, actions, injection, together)


def main():
    wanted = sys.argv[1:]
    bad = done = 0
    for scenario in SCENARIOS:
        if wanted and not any(word in scenario.__name__ for word in wanted):
            continue
        done += 1
        with Sandbox() as box:
            try:
                scenario(box)
            except Exception:  # one that fails does not hide the others
                bad += 1
                print("FAILED %s" % scenario.__name__)
                traceback.print_exc(file=sys.stdout)
    print("formats: %d scenarios, %d failed" % (done, bad))
    return 1 if bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())
