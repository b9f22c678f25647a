"""Where the tests on real releases run: the upstream repository, a project at each release, scratch folders."""
import itertools
import os
import pathlib
import shutil
import subprocess
import sys

from releases import ROOT, SHARED, versions

SGUPGRADE = os.environ.get("SGUPGRADE", str(ROOT / "build/release/sgupgrade"))
KUSTOMIZE = os.environ.get("KUSTOMIZE", "")


def run(*command, cwd=None):
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True)


def pairs_of(options):
    """The jumps that the options name: one, all 55, or the ten between neighbours."""
    line = versions()
    if options.pair:
        return [tuple(options.pair)]
    return list(itertools.combinations(line, 2)) if options.all else list(zip(line, line[1:]))


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(self.folder / "cache")
        self.upstream = self.folder / "upstream"
        if not self.upstream.exists():
            make = ["bash", SHARED / "real/make-upstream.sh", self.upstream]
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL)

    def fresh(self, version):
        """A project that follows a release, without overlays; made once."""
        home = self.folder / f"fresh-{version}"
        if not home.exists():
            home.mkdir()
            made = run(SGUPGRADE, "init", "--upstream", self.upstream, "--version", version, "-q", cwd=home)
            if made.returncode:
                sys.exit(f"init at {version}: {made.stderr}")
            shutil.rmtree(home / "overlays" / "default")
        return home

    def project(self, name, version):
        """A project of its own that follows a release."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.fresh(version), home)
        return home
