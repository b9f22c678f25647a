"""A folder to run pipelines in: the example upstream as a git repository, a customer's project that follows
it, our program in PATH, and nobody's git configuration."""
import os
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(os.environ.get("SGUPGRADE", os.path.join(ROOT, "build", "release", "sgupgrade")))
CI_VARIABLES = ("GITHUB_", "GITLAB_", "CI_", "BUILDKITE", "SGUPGRADE_", "GIT_")


class Sandbox:
    """Use as a context manager; `top` is the folder, `work` the customer's repository."""

    def __init__(self):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="sg-ci-"))
        self.work = os.path.join(self.top, "customer")
        self.upstream = os.path.join(self.top, "harbour")
        self.bin = os.path.join(self.top, "bin")
        self.home = os.path.join(self.top, "home")
        for folder in (self.bin, self.home, self.work):
            os.makedirs(folder)
        os.symlink(PROGRAM, os.path.join(self.bin, "sgupgrade"))
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(CI_VARIABLES)}
        self.env.update(PATH=self.bin + ":" + self.env["PATH"], HOME=self.home, LC_ALL="C.UTF-8", TERM="dumb",
                        XDG_CACHE_HOME=os.path.join(self.top, "cache"), GIT_CONFIG_NOSYSTEM="1",
                        GIT_CONFIG_GLOBAL=os.path.join(self.home, "gitconfig"))
        self.write(os.path.join(self.home, "gitconfig"),
                   "[user]\nname = Test\nemail = test@example.com\n[init]\ndefaultBranch = main\n")

    def __enter__(self):
        self.run("bash '%s/examples/upstream/make.sh' '%s'" % (ROOT, self.upstream), cwd=self.top)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def write(self, path, text, mode=0o644):
        path = os.path.join(self.work, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def read(self, path):
        with open(os.path.join(self.work, path), encoding="utf-8") as file:
            return file.read()

    def call(self, script, cwd=None, env=None, shell=("bash", "-euo", "pipefail", "-c")):
        """-> (exit code, standard output, standard error)."""
        done = subprocess.run([*shell, script], cwd=cwd or self.work, env={**self.env, **(env or {})}, check=False,
                              capture_output=True, stdin=subprocess.DEVNULL, encoding="utf-8",
                              errors="surrogateescape")
        return done.returncode, done.stdout, done.stderr

    def run(self, script, cwd=None, env=None):
        """Standard output of what must succeed."""
        code, out, err = self.call(script, cwd, env)
        if code != 0:
            raise AssertionError("exit %d of\n%s\n%s%s" % (code, script, out, err))
        return out

    def project(self, folder=".", version="3.0.0"):
        """Commits a project on `version` in this folder of the customer's repository."""
        where = os.path.join(self.work, folder)
        os.makedirs(where, exist_ok=True)
        self.run("[ -d .git ] || git init -q -b main .")
        self.run("sgupgrade init --upstream '%s' --version %s -q && rm -rf overlays/default && "
                 "cp -R '%s/examples/quickstart/overlay' overlays/default" % (self.upstream, version, ROOT), cwd=where)
        self.commit("Follow harbour " + version)
        return where

    def commit(self, subject):
        self.run("git add --all && git commit -q -m '%s'" % subject)
