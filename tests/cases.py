"""What the runners of case files share: a case is one text file, its first line says what it shows, its sections
start with "== ". tests/repair/run.py and tests/adopt/run.py say which sections each has.

Words after the name of a file: `stock`: it is that of tests/repair/stock/; `edit`: what follows are changes to what
it was (or to that of the stock), each of lines that stay (' '), go ('-') and come ('+'), and a line "@@" between
two; crlf (line ends), bom, nonl (no newline at the end), gone.

  SGUPGRADE   the program; default build/dev/sgupgrade
  KUSTOMIZE   kustomize 5.8.1, optional
  KEEP=1      keep the temporary folder
  PART=2/3    the second third of the cases
"""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback

TESTS = os.path.dirname(os.path.abspath(__file__))
WORDS = ("stock", "edit", "crlf", "bom", "nonl", "gone")


class Failed(Exception):
    """What a case must show and does not."""


def stock(name):
    with open(os.path.join(TESTS, "repair", "stock", name), encoding="utf-8") as text:
        return text.read()


def sections(path):
    """-> (words of the title, body) of each section; names with blanks are quoted as in a shell."""
    with open(path, encoding="utf-8") as text:
        head, *parts = text.read().removesuffix("\n").split("\n== ")
    if not head.strip():
        raise Failed("the first line must say what the case shows")
    for part in parts:
        title, _, body = part.partition("\n")
        yield shlex.split(title), body + "\n" if body else ""


def contents(name, words, body, before):
    """The bytes of a file by its section; None for one that is gone. `before`: the text that `edit` changes."""
    if "gone" in words:
        return None
    if "stock" in words:
        before = lambda: stock(os.path.basename(name.split(":")[-1]))
    text = edited(name, before(), body) if "edit" in words else before() if "stock" in words else body
    data = text.encode()
    if "crlf" in words:
        data = data.replace(b"\n", b"\r\n")
    if "bom" in words:
        data = b"\xef\xbb\xbf" + data
    if "nonl" in words:
        data = data.rstrip(b"\r\n")
    return data


def edited(name, text, body):
    start = 0
    for change in body.removesuffix("\n").split("\n@@\n"):
        lines = change.split("\n")
        old = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "-", ""))
        new = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "+", ""))
        at = text.find(old, start)
        if at < 0:
            raise Failed(f"{name} has not got these lines:\n{old}")
        text, start = text[:at] + new + text[at + len(old):], at + len(new)
    return text


def write(top, name, data):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def snapshot(top, skip=(".git", ".sgupgrade")):
    """-> {name: bytes} of every file but git's and our own bookkeeping."""
    found = {}
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in skip]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, top)] = data.read()
    return found


def differing(old, new):
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def shown(data):
    return "(no file)" if data is None else data.decode("utf-8", "backslashreplace").replace("\r", "\\r")


class Box:
    """The folder of a case, and the environment that its commands run in."""

    def __init__(self, top, case, program, work):
        self.top, self.case, self.program = top, case, program
        self.work = os.path.join(top, work)
        self.env = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", TERM="dumb", HOME=top, GIT_CONFIG_GLOBAL="/dev/null",
                        GIT_CONFIG_SYSTEM="/dev/null", XDG_CACHE_HOME=os.path.join(top, "cache"))
        for role in ("AUTHOR", "COMMITTER"):
            self.env.update({f"GIT_{role}_NAME": "Test", f"GIT_{role}_EMAIL": "test@example.com",
                             f"GIT_{role}_DATE": "2021-01-01T00:00:00Z"})
        for name in ("NO_COLOR", "CLICOLOR_FORCE", "SGUPGRADE_UPSTREAM_URL", "GITHUB_ACTIONS", "PAGER"):
            self.env.pop(name, None)

    def run(self, *command, cwd=None, want=None, **how):
        done = subprocess.run(command, cwd=cwd or self.work, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **how)
        if done.returncode < 0 or b"Sanitizer" in done.stderr or (want is not None and done.returncode not in want):
            raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{shown(done.stdout)}{shown(done.stderr)}")
        return done

    def sg(self, *args, want=None):
        return self.run(self.program, *args, want=want)

    def release(self, files, version):
        """Commits the tree `files` as a release of upstream's."""
        up = os.path.join(self.top, "upstream")
        if not os.path.exists(up):
            os.makedirs(up)
            self.run("git", "init", "-q", "-b", "main", ".", cwd=up, want=[0])
        for name in os.listdir(up):
            if name != ".git":
                path = os.path.join(up, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        for name, data in files.items():
            write(up, name, data)
        self.run("git", "add", "-A", cwd=up, want=[0])
        self.run("git", "commit", "-q", "--allow-empty", "-m", "Release " + version, cwd=up, want=[0])
        self.run("git", "tag", "v" + version, cwd=up, want=[0])

    def build(self, overlay, kustomize):
        """What an overlay builds, which kustomize builds to the byte."""
        ours = self.sg("build", overlay, want=[0]).stdout
        if kustomize:
            theirs = self.run(kustomize, "build", overlay, want=[0]).stdout
            if ours != theirs:
                raise Failed(f"{overlay}: kustomize builds\n{shown(theirs)}--- and we\n{shown(ours)}")
        return ours.decode()


def chosen(folder):
    """The cases below `folder` that the command line and PART ask for."""
    cases = sorted(os.path.join(at, name) for at, _, names in os.walk(folder)
                   for name in names if name.endswith(".case"))
    cases = [c for c in cases if not sys.argv[1:] or any(word in c for word in sys.argv[1:])]
    part, parts = map(int, os.environ.get("PART", "1/1").split("/"))
    return cases[part - 1::parts]


def why_failed(run, case, box, program, kustomize):
    """None: it passed."""
    os.makedirs(box)
    try:
        run(case, box, program, kustomize)
    except Failed as why:
        return str(why)
    except Exception:  # a case that the runner cannot follow must not stop the others
        return traceback.format_exc()
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(box)
    return None


def main(what, run, known=None):
    """Runs the cases of tests/WHAT/cases. `known`: names of those that show a fault that is still there, with what
    happens instead: they count apart, and one that passes must go from the list."""
    program = os.path.realpath(os.environ.get("SGUPGRADE", os.path.join(TESTS, "..", "build/dev/sgupgrade")))
    if not os.access(program, os.X_OK):
        sys.exit(f"{what}: no program at {program}")
    kustomize = os.environ.get("KUSTOMIZE") or None
    folder = os.path.join(TESTS, what, "cases")
    cases, known = chosen(folder), known or {}
    top = os.path.realpath(tempfile.mkdtemp(prefix=f"sgupgrade-{what}."))
    os.chmod(top, 0o711)
    count = {"passed": 0, "failed": 0, "known": 0}
    for number, case in enumerate(cases):
        box, name = os.path.join(top, str(number)), os.path.relpath(case, folder).removesuffix(".case")
        why = why_failed(run, case, box, program, kustomize)
        if (why is None) == (name in known):
            count["failed"] += 1
            print(f"FAILED: {name}.case\n" + (why or "it passes: take it from known.txt"))
        else:
            count["known" if why else "passed"] += 1
        if os.environ.get("KEEP"):
            print(f"{name}: in {box}")
    if not os.environ.get("KEEP"):
        shutil.rmtree(top)
    print(f"{what}: {count['passed']} passed, {count['failed']} failed" +
          (f", {count['known']} known" if known else "") + ("" if kustomize else "; kustomize is not here"))
    sys.exit(1 if count["failed"] or not cases else 0)
