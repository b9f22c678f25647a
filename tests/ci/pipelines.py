#!/usr/bin/env python3
"""Run the pipelines of examples/ci as their CI systems would: the scripts are taken out of the YAML and run in
fresh clones of a customer's repository that follows the example upstream.

usage: tests/ci/pipelines.py [NAME]…      scenarios whose name holds one of the words; none: all

What is not ours is not run: `uses:` steps are known by name and their inputs checked; `gh`, `buildkite-agent`
and the hosting's push options are recorders.
"""
import json
import os
import re
import sys
import traceback

import yaml

from readers import github, gitlab, junit, sarif
from sandbox import ROOT, Sandbox

CI = os.path.join(ROOT, "examples", "ci")
ACTIONS = {"actions/checkout@v4": {"fetch-depth"}, "github/codeql-action/upload-sarif@v3": {"sarif_file"}}

RECORDER = """#!/usr/bin/env python3
import json, os, sys
log = os.environ["RECORDED"]
stdin = sys.stdin.read() if not os.isatty(0) else ""
with open(log, "a") as file:
    file.write(json.dumps({"program": os.path.basename(sys.argv[0]), "args": sys.argv[1:], "stdin": stdin,
               "files": {a: open(a).read() for a in sys.argv[1:] if os.path.isfile(a)}}) + "\\n")
if sys.argv[1:3] == ["pr", "list"]:
    calls = [json.loads(line) for line in open(log)]
    head = sys.argv[sys.argv.index("--head") + 1]
    if any(c["args"][:2] == ["pr", "create"] and head in c["args"] for c in calls):
        print("https://example.com/pull/1")
"""


def same(what, got, want):
    if got != want:
        raise AssertionError("%s:\n  got  %r\n  want %r" % (what, got, want))


def contains(what, text, part):
    if part not in text:
        raise AssertionError("%s: no %r in\n%s" % (what, part, text))


def example(name):
    with open(os.path.join(CI, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


class Hosting(Sandbox):
    """A sandbox with the customer's repository on a server; `clone` is what a CI job finds."""

    def __init__(self):
        super().__init__()
        self.server = os.path.join(self.top, "server.git")
        self.recorded = os.path.join(self.top, "recorded")
        self.env["RECORDED"] = self.recorded
        for name in ("gh", "buildkite-agent"):
            self.write(os.path.join(self.bin, name), RECORDER, 0o755)
        self.clones = 0

    def start(self):
        """The project on 3.0.0 on the server's main branch."""
        self.project()
        self.run("git clone -q --bare . '%s' && git remote add origin '%s' && git -C '%s' config "
                 "receive.advertisePushOptions true" % (self.server, self.server, self.server))

    def push(self, branch="main"):
        self.run("git push -q origin HEAD:refs/heads/" + branch)

    def change(self, script, branch):
        """A branch on the server with one commit more than main."""
        self.run("git checkout -q -B %s main && %s && git add --all && git commit -q -m Change && git push -qf origin %s"
                 " && git checkout -q main" % (branch, script, branch))

    def clone(self, branch="main"):
        self.clones += 1
        path = os.path.join(self.top, "clone-%d" % self.clones)
        self.run("git clone -q --branch %s '%s' '%s'" % (branch, self.server, path), cwd=self.top)
        return path

    def calls(self, program):
        if not os.path.exists(self.recorded):
            return []
        return [call for call in map(json.loads, self.read(self.recorded).splitlines()) if call["program"] == program]

    def branches(self):
        return self.run("git -C '%s' for-each-ref --format='%%(refname:short)'" % self.server).split()


GOOD = "echo '# a remark' >>overlays/default/kustomization.yaml"
BAD = "echo '# a quick fix' >>base/pgsql/pgsql.Deployment.yaml"
STOP = """cat >overlays/default/web.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend}
spec: {template: {spec: {containers: [{name: web, env: [{name: A, value: b}]}]}}}
YAML
sed -i 's/^patches:/patches:\\n- path: web.yaml/' overlays/default/kustomization.yaml"""


# --- GitHub Actions ----------------------------------------------------------------------------------------

def expand(value, facts):
    """${{ … }} from a table; what is not in it is a fault of the example or of the table."""
    return re.sub(r"\$\{\{ *(.+?) *\}\}", lambda found: facts[found[1]], value)


def holds(condition, facts, failed):
    if condition is None:
        return not failed
    condition = condition.strip("${} ")
    if condition == "!cancelled()":
        return True
    name, equals, value = re.fullmatch(r"(\S+) (==) '(\S+)'", condition).groups()
    return equals == "==" and facts[name] == value


def check_action(step, cwd):
    inputs = step.get("with", {})
    same("inputs of " + step["uses"], set(inputs) <= ACTIONS[step["uses"]], True)
    if "sarif_file" in inputs:
        with open(os.path.join(cwd, inputs["sarif_file"]), encoding="utf-8") as file:
            sarif(file.read())


def run_job(box, workflow, job, cwd, facts):
    """-> (exit code of the job, all output)."""
    same("shell", workflow["defaults"]["run"]["shell"], "bash")
    same("image", expand(job["container"], facts), "an-image")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": cwd, "GITHUB_STEP_SUMMARY": os.path.join(box.top, "summary.md")}
    failed, output = 0, ""
    for step in job["steps"]:
        same("step", set(step) <= {"name", "uses", "with", "if", "env", "run"} and ("run" in step) != ("uses" in step),
             True)
        if not holds(step.get("if"), facts, failed):
            continue
        if "uses" in step:
            check_action(step, cwd)
            continue
        contains("no expression in a script", "ok" if "${{" not in step["run"] else step["run"], "ok")
        local = {name: expand(value, facts) for name, value in step.get("env", {}).items()}
        code, out, err = box.call(step["run"], cwd, {**env, **local},
                                  ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"))
        failed, output = failed or code, output + out + err
    return failed, output


def run_workflow(box, name, cwd, facts):
    facts = {"vars.SGUPGRADE_IMAGE": "an-image", "github.token": "a-token", **facts}
    workflow = example(name)
    jobs = [job for job in workflow["jobs"].values() if holds(job.get("if"), facts, 0)]
    same("jobs that run", len(jobs), 1)
    return run_job(box, workflow, jobs[0], cwd, facts)


def github_change(box):
    box.start()
    for script, exit_ in ((GOOD, 0), (BAD, 3)):
        box.change(script, "change")
        facts = {"github.event_name": "pull_request",
                 "github.event.pull_request.base.sha": box.run("git rev-parse main").strip()}
        code, output = run_workflow(box, "github-check.yml", box.clone("change"), facts)
        same("exit", code, exit_)
        same("annotations", [(c["code"], c["path"]) for c in github(output) if c["level"] == "error"],
             [("SG401", "base/pgsql/pgsql.Deployment.yaml")] if exit_ else [])


def github_next(box):
    box.start()
    facts = {"github.event_name": "schedule"}
    code, output = run_workflow(box, "github-check.yml", box.clone(), facts)
    same("exit", code, 0)
    same("masked", {"SG101", "SG102"} <= {c["code"] for c in github(output) if c["level"] == "warning"}, True)
    box.run(STOP)
    box.run("printf 'repair: report\\n' >>sgupgrade.yaml")
    box.commit("a stop")
    box.push()
    code, output = run_workflow(box, "github-check.yml", box.clone(), facts)
    same("exit", code, 4)
    same("a stop", "error" in {c["level"] for c in github(output)}, True)


def bot_clone(box):
    """A clone with the bot where the workflow wants it."""
    cwd = box.clone()
    box.run("mkdir -p '%s/.github/workflows' && cp '%s/upgrade-bot.sh' '%s/.github/workflows'" % (cwd, CI, cwd))
    return cwd


def run_bot(box):
    return run_workflow(box, "github-upgrade.yml", bot_clone(box), {})


def created(box):
    return [call["args"][call["args"].index("--head") + 1] for call in box.calls("gh")
            if call["args"][:2] == ["pr", "create"]]


def github_bot(box):
    """Opens one pull request; again, and nothing happens; merged, and the next one is opened."""
    box.start()
    same("exit", run_bot(box)[0], 0)
    same("branches", box.branches(), ["main", "sgupgrade/3.1.0"])
    same("pull requests", created(box), ["sgupgrade/3.1.0"])
    body = [text for call in box.calls("gh") for text in call["files"].values()][-1]
    contains("the pull request says what changes", body, "3.0.0 -> 3.1.0")
    trailer = box.run("git -C '%s' log -1 --format='%%(trailers:key=Sgupgrade-Version,valueonly)' sgupgrade/3.1.0"
                      % box.server)
    same("the commit", trailer.strip(), "3.1.0")
    before = box.run("git -C '%s' rev-parse sgupgrade/3.1.0" % box.server)
    code, output = run_bot(box)
    same("exit", code, 0)
    contains("again", output, "is there already")
    same("untouched", box.run("git -C '%s' rev-parse sgupgrade/3.1.0" % box.server), before)
    same("no second pull request", created(box), ["sgupgrade/3.1.0"])
    box.run("git -C '%s' update-ref refs/heads/main refs/heads/sgupgrade/3.1.0" % box.server)
    same("exit", run_bot(box)[0], 0)
    same("the next one", created(box), ["sgupgrade/3.1.0", "sgupgrade/3.2.1"])
    box.run("git -C '%s' update-ref refs/heads/main refs/heads/sgupgrade/3.2.1" % box.server)
    code, output = run_bot(box)
    same("exit", code, 0)
    contains("the end", output, "Nothing newer.")


def github_bot_resumes(box):
    """Cut short after the push, and after the commit."""
    box.start()
    box.run("git push -q origin main:refs/heads/sgupgrade/3.1.0")
    same("exit", run_bot(box)[0], 0)
    same("pull requests", created(box), ["sgupgrade/3.1.0"])
    box.run("git -C '%s' update-ref -d refs/heads/sgupgrade/3.1.0" % box.server)
    cwd = bot_clone(box)
    box.run("sgupgrade apply --to next --commit --branch sgupgrade/3.1.0 -q && git checkout -q main", cwd=cwd)
    same("exit", run_workflow(box, "github-upgrade.yml", cwd, {})[0], 0)
    same("pushed", box.branches(), ["main", "sgupgrade/3.1.0"])


def github_bot_stops(box):
    box.start()
    box.run(STOP)
    box.run("printf 'repair: report\\n' >>sgupgrade.yaml")
    box.commit("a stop")
    box.push()
    code, output = run_bot(box)
    same("exit", code, 4)
    contains("the flag that decides", output, "--accept 'SG202:")
    same("nothing pushed", (box.branches(), created(box)), (["main"], []))


# --- GitLab ------------------------------------------------------------------------------------------------

def gitlab_holds(condition, variables):
    """The conditions of `rules` that the example uses: == and &&."""
    def word(text):
        return variables.get(text[1:]) if text.startswith("$") else text.strip('"')
    return all(word(left) is not None and word(left) == word(right)
               for left, right in (re.fullmatch(r"(\S+) == (\S+)", part).groups() for part in condition.split(" && ")))


def run_gitlab(box, cwd, variables):
    """-> {job that ran: (exit code, output)}."""
    config = example("gitlab-ci.yml")
    env = dict(variables, CI_PROJECT_DIR=cwd, CI_DEFAULT_BRANCH="main", CI_SERVER_HOST="gitlab.example.com",
               CI_SERVER_PROTOCOL="file", CI_PROJECT_PATH="x", UPGRADE_TOKEN="t")
    for name, value in config["variables"].items():
        env[name] = re.sub(r"\$(\w+)", lambda found: env[found[1]], value)
    same("image", config["default"]["image"], "$SGUPGRADE_IMAGE")
    results = {}
    for name, job in config.items():
        if name in ("default", "variables") or not any(gitlab_holds(rule["if"], env) for rule in job["rules"]):
            continue
        code, out, err = box.call("\n".join(job["script"]), cwd, env, ("bash", "-eo", "pipefail", "-c"))
        for kind, path in job.get("artifacts", {}).get("reports", {}).items():
            text = box.read(os.path.join(cwd, path))
            {"junit": junit, "codequality": gitlab}[kind](text)
        results[name] = code, out + err
    return results


def gitlab_change(box):
    box.start()
    for script, exit_ in ((GOOD, 0), (BAD, 3)):
        box.change(script, "change")
        cwd = box.clone("change")
        base = box.run("git rev-parse main").strip()
        jobs = run_gitlab(box, cwd, {"CI_PIPELINE_SOURCE": "merge_request_event",
                                     "CI_MERGE_REQUEST_DIFF_BASE_SHA": base})
        same("jobs", {name: code for name, (code, _) in jobs.items()}, {"sgupgrade": exit_})
        found = gitlab(box.read(os.path.join(cwd, "gl-code-quality-report.json")))
        same("widget", [f["code"] for f in found if f["severity"] == "blocker"], ["SG401"] if exit_ else [])
    jobs = run_gitlab(box, box.clone(), {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"})
    same("the default branch", {name: code for name, (code, _) in jobs.items()}, {"sgupgrade": 0})
    same("another branch", run_gitlab(box, box.clone(), {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "x"}), {})


def gitlab_night(box):
    """Tries the next release and opens a merge request through the push; the second night does nothing."""
    box.start()
    options = os.path.join(box.top, "push-options")
    box.write(os.path.join(box.server, "hooks", "pre-receive"),
              "#!/bin/sh\ni=0\nwhile [ $i -lt ${GIT_PUSH_OPTION_COUNT:-0} ]; do\n  eval echo \\$GIT_PUSH_OPTION_$i "
              ">>'%s'\n  i=$((i + 1))\ndone\n" % options, 0o755)
    # the server's URL of the example leads to our folder
    box.run("git config --global url.'%s'.insteadOf 'file://bot:t@gitlab.example.com/x.git'" % box.server)
    night = {"CI_PIPELINE_SOURCE": "schedule"}
    jobs = run_gitlab(box, box.clone(), night)
    same("first", {name: code for name, (code, _) in jobs.items()}, {"sgupgrade-next": 0, "sgupgrade-upgrade": 0})
    same("branches", box.branches(), ["main", "sgupgrade/3.1.0"])
    same("options", box.read(options).splitlines(),
         ["merge_request.create", "merge_request.target=main", "merge_request.title=Upgrade to 3.1.0"])
    jobs = run_gitlab(box, box.clone(), night)
    same("again", jobs["sgupgrade-upgrade"][0], 0)
    contains("again", jobs["sgupgrade-upgrade"][1], "is there already")


# --- the others --------------------------------------------------------------------------------------------

def run_buildkite(box, cwd, env, condition):
    steps = [step for step in example("buildkite.yml")["steps"] if step["if"] == condition]
    same("steps", len(steps), 1)
    script = steps[0]["command"]
    same("no variable of the upload", re.findall(r"(?<!\$)\$(?!\$)", script), [])
    code, out, err = box.call(script.replace("$$", "$"), cwd, env, ("bash", "-e", "-c"))
    for path in steps[0]["artifact_paths"]:
        junit(box.read(os.path.join(cwd, path)))
    return code, out + err


def buildkite(box):
    box.start()
    for script, exit_ in ((GOOD, 0), (BAD, 3)):
        box.change(script, "change")
        code, _ = run_buildkite(box, box.clone("change"), {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
                                "build.pull_request.id != null")
        same("exit", code, exit_)
        calls = box.calls("buildkite-agent")
        same("annotations", [call["args"][0] for call in calls], ["annotate"] if exit_ else [])
    contains("the annotation", calls[0]["stdin"], "SG401")
    same("next", run_buildkite(box, box.clone(), {}, 'build.source == "schedule"')[0], 0)


def pre_commit(box):
    """The hook as pre-commit would install it: run where a staged file matches."""
    box.start()
    hook, = example("pre-commit-config.yaml")["repos"][0]["hooks"]
    same("hook", (hook["language"], hook["pass_filenames"]), ("system", False))
    box.write(".git/hooks/pre-commit", "#!/bin/sh\ngit diff --cached --name-only | grep -qE '%s' || exit 0\nexec %s\n"
              % (hook["files"], hook["entry"]), 0o755)
    box.run(GOOD)
    box.commit("good")
    code, out, err = box.call(BAD + "; git add --all; git commit -q -m bad")
    same("refused", code, 1)
    contains("why", out + err, "SG401")
    box.run("git reset -q --hard; echo hello >README; git add README; git commit -q -m other")


def plain_shell(box):
    box.start()
    script = os.path.join(CI, "check.sh")
    for change, exit_ in ((GOOD, 0), (BAD, 3)):
        box.change(change, "change")
        cwd = box.clone("change")
        same("exit", box.call("'%s'" % script, cwd)[0], exit_)
        found = sarif(box.read(os.path.join(cwd, "reports/sgupgrade.sarif")))
        same("report", [f["code"] for f in found if f["level"] == "error"], ["SG401"] if exit_ else [])
        junit(box.read(os.path.join(cwd, "reports/sgupgrade.xml")))
    same("next", box.call("'%s' --to next" % script, box.clone())[0], 0)


SCENARIOS = (github_change, github_next, github_bot, github_bot_resumes, github_bot_stops, gitlab_change, gitlab_night,
             buildkite, pre_commit, plain_shell)


def main():
    wanted = sys.argv[1:]
    bad = done = 0
    for scenario in SCENARIOS:
        if wanted and not any(word in scenario.__name__ for word in wanted):
            continue
        done += 1
        with Hosting() as box:
            try:
                scenario(box)
            except Exception:  # one that fails does not hide the others
                bad += 1
                print("FAILED %s" % scenario.__name__)
                traceback.print_exc(file=sys.stdout)
    print("pipelines: %d scenarios, %d failed" % (done, bad))
    return 1 if bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())
