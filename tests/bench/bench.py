#!/usr/bin/env python3
"""Measure `sgupgrade build` as whole processes and print each budget with its ratio to kustomize.

usage: tests/bench/bench.py [--runs N] [--sgupgrade PATH] [--kustomize PATH] [--real DIR] [--quick]

The two programs take turns in one run (A B A B …), so a ratio holds when the machine's speed drifts;
medians are printed. Without kustomize 5.8.1 the ratios are left out. Nothing here passes or fails:
timed tests are noise on shared machines.

  real      an overlay of a real release (68 objects), or overlays/acme of this repository where the
            release is not at hand
  3,000     objects with a strategic patch on every Deployment
  libyaml   the same with nothing but the patches, against libyaml alone parsing and emitting the same
            files (tests/bench/bare_yaml.c)
  growth    slope of log time over log objects, 1,000 to 12,000
  a hop     `diff --to next`, `apply --to next` and `check` of a project on the real upstream, whose
            overlay has ten edits; what `apply` waits for the disk is told apart
  a fork    `adopt` of a real release with some edits, the release found
"""
import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def measure(command, cwd=None, want=0):
    """-> (wall seconds, peak resident kilobytes) of one run; the output is read and dropped."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != want:
        sys.exit("bench: %s failed:\n%s" % (" ".join(command), error.decode()))
    return wall, usage.ru_maxrss


def compare(ours, theirs, runs, warmup=True):
    """Medians of both, in turn after one warm-up -> (wall, kB, their wall or None, their kB or None)."""
    a, b = [], []
    for n in range(0 if warmup else 1, runs + 1):
        first = measure(ours)
        second = measure(theirs) if theirs else None
        if n > 0:
            a.append(first)
            if second:
                b.append(second)

    def median(rows, column):
        return statistics.median(row[column] for row in rows) if rows else None

    return median(a, 0), median(a, 1), median(b, 0), median(b, 1)


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  labels:
    app: app-{n}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: app-{n}
  template:
    metadata:
      labels:
        app: app-{n}
    spec:
      containers:
      - name: main
        image: registry.example.com/app-{n}:1.0.{n}
        env:
        - name: PEER
          value: http://app-{n}
        - name: LEVEL
          value: info
        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        resources:
          limits:
            cpu: 500m
            memory: 256Mi
        volumeMounts:
        - name: config
          mountPath: /etc/app
      volumes:
      - name: config
        configMap:
          name: app-{n}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: app-{n}
  labels:
    app: app-{n}
spec:
  selector:
    app: app-{n}
  ports:
  - name: http
    port: 80
    targetPort: http
    protocol: TCP
"""
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata:
  name: app-{n}
data:
  app.conf: |
    # settings of app-{n}
    listen = 8080
    peers = app-{n}
"""
PATCH = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: main
        env:
        - name: LEVEL
          value: debug
        resources:
          limits:
            memory: 512Mi
"""


def synthetic(folder, objects, rename=True):
    """A base of `objects` objects (a third of each kind), an overlay that patches every Deployment and,
    with `rename`, moves all to a namespace and gives them a prefix."""
    third = objects // 3
    base, overlay = os.path.join(folder, "base"), os.path.join(folder, "overlay")
    os.makedirs(base)
    os.makedirs(overlay)
    for name, text in (("deployments", DEPLOYMENT), ("services", SERVICE), ("configs", CONFIG)):
        with open(os.path.join(base, name + ".yaml"), "w") as out:
            out.write("---\n".join(text.format(n=n) for n in range(third)))
    with open(os.path.join(base, "kustomization.yaml"), "w") as out:
        out.write("resources: [deployments.yaml, services.yaml, configs.yaml]\n")
    with open(os.path.join(overlay, "patches.yaml"), "w") as out:
        out.write("---\n".join(PATCH.format(n=n) for n in range(third)))
    with open(os.path.join(overlay, "kustomization.yaml"), "w") as out:
        out.write("namespace: bench\nnamePrefix: x-\n" if rename else "")
        out.write("resources: [../base]\npatches:\n- path: patches.yaml\n")
    return overlay


def real_overlay(folder, real):
    """A copy of an overlay of a real release with base/ where it expects it, or our own sample."""
    tree = os.path.join(real, "v3.20.1", "kubernetes") if real else ""
    if not os.path.isdir(tree):
        return os.path.join(ROOT, "overlays", "acme")
    copy = os.path.join(folder, "kubernetes")
    shutil.copytree(tree, copy)
    for part in sorted(os.listdir(os.path.join(copy, "overlays", "bases"))):
        shutil.copytree(os.path.join(copy, "base"),
                        os.path.join(copy, "overlays", "bases", part, "base"))
    return os.path.join(copy, "overlays", "namespaced")


def row(name, result, budget):
    wall, kilobytes, theirs, their_kilobytes = result
    text = "%-34s %8.1f ms %7.1f MB" % (name, wall * 1000, kilobytes / 1024)
    if theirs:
        text += "   kustomize %8.1f ms %7.1f MB   %6.1f times faster" % (
            theirs * 1000, their_kilobytes / 1024, theirs / wall)
    print("%s   budget: %s" % (text, budget), flush=True)


def bare(sgupgrade, overlay, runs):
    """Parse, merge and emit against libyaml's own parse and emit of the same files."""
    program = os.path.join(os.path.dirname(sgupgrade), "tests", "bare_yaml")
    if not os.access(program, os.X_OK):
        print("libyaml alone: no %s" % program)
        return
    base = os.path.join(os.path.dirname(overlay), "base")
    files = [os.path.join(base, name + ".yaml") for name in ("deployments", "services", "configs")]
    files.append(os.path.join(overlay, "patches.yaml"))
    ours, _, alone, _ = compare([sgupgrade, "build", overlay], [program] + files, max(runs, 9))
    size = sum(os.path.getsize(name) for name in files)
    print("%-34s %8.1f ms   libyaml %8.1f ms (%.0f MB/s)   %.2f times   budget: 2 times" % (
        "parse, merge, emit, 3,000 objects", ours * 1000, alone * 1000, size / alone / 1e6,
        ours / alone), flush=True)


def project(folder, sgupgrade, real):
    """The real upstream as a repository, and a project that follows its first release with ten edits."""
    upstream, customer = os.path.join(folder, "upstream"), os.path.join(folder, "customer")
    subprocess.run(["bash", os.path.join(os.path.dirname(real), "make-upstream.sh"), upstream], check=True,
                   stdout=subprocess.DEVNULL)
    git = ["git", "-C", customer, "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    subprocess.run(["git", "init", "-q", "-b", "main", customer], check=True)
    subprocess.run([sgupgrade, "init", "--upstream", upstream, "--version", "3.10.4", "-q"], cwd=customer,
                   stdout=subprocess.DEVNULL,
                   check=True)
    shutil.rmtree(os.path.join(customer, "overlays", "default"))
    shutil.copytree(os.path.join(ROOT, "tests", "real", "overlay"), os.path.join(customer, "overlays", "default"))
    subprocess.run(git + ["add", "-A"], check=True)
    subprocess.run(git + ["commit", "-q", "-m", "Follow 3.10.4"], check=True)
    return upstream, customer


def commands(folder, sgupgrade, real, runs):
    """What a customer waits for, beside what `build` takes."""
    upstream, customer = project(folder, sgupgrade, real)

    def median(name, command, budget, want=0, before=None):
        times = []
        for _ in range(max(runs, 5)):
            if before:
                before()
            times.append(measure([sgupgrade] + command, customer, want)[0])
        print("%-34s %8.1f ms   budget: %s" % (name, statistics.median(times) * 1000, budget), flush=True)

    def reset():
        for command in (["reset", "-q", "--hard"], ["clean", "-fdq"]):
            subprocess.run(["git", "-C", customer] + command, check=True)

    median("diff --to next, a real release", ["diff", "--to", "next"], "25 ms", want=1)
    median("check, the same project", ["check"], "25 ms")
    median("apply --to next, disk included", ["apply", "--to", "next", "-q"], "25 ms and the disk", before=reset)
    reset()
    fork = os.path.join(folder, "fork")
    shutil.copytree(os.path.join(real, "v3.18.0", "kubernetes"), fork)
    for name in ("gitserver/gitserver.StatefulSet.yaml", "frontend/sourcegraph-frontend.Deployment.yaml"):
        path = os.path.join(fork, "base", name)
        with open(path, encoding="utf-8") as text:
            edited = text.read().replace("replicas: 1", "replicas: 3").replace("cpu: \"2\"", "cpu: \"6\"")
        with open(path, "w", encoding="utf-8") as out:
            out.write(edited)
    out = os.path.join(folder, "adopted")
    median("adopt, a real fork, disk included", ["adopt", fork, "--upstream", upstream, "--out", out],
           "100 ms and the disk", before=lambda: shutil.rmtree(out, ignore_errors=True))


def is_oracle(path):
    """$KUSTOMIZE is believed (tests/run.sh looked at it); a program on the PATH must say its version."""
    if path == os.environ.get("KUSTOMIZE"):
        return os.access(path, os.X_OK)
    try:
        return b"5.8.1" in subprocess.run([path, "version"], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False


def main():
    shared = os.environ.get("SG_SHARED", os.path.join(ROOT, "..", "shared"))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sgupgrade", default=os.path.join(ROOT, "build", "release", "sgupgrade"))
    parser.add_argument("--kustomize",
                        default=os.environ.get("KUSTOMIZE") or shutil.which("kustomize") or "")
    parser.add_argument("--real", default=os.path.join(shared, "real", "upstream"))
    parser.add_argument("--quick", action="store_true", help="two runs; kustomize against 1,000 objects, growth up to 3,000")
    options = parser.parse_args()
    runs = 2 if options.quick else options.runs
    kustomize = options.kustomize if options.kustomize and is_oracle(options.kustomize) else None
    if not kustomize:
        print("bench: kustomize 5.8.1 is not here: no ratios")
    with tempfile.TemporaryDirectory(prefix="sg-bench-") as folder:
        def build(overlay, count=runs, against=True, warmup=True):
            return compare([options.sgupgrade, "build", overlay],
                           [kustomize, "build", overlay] if kustomize and against else None, count,
                           warmup)

        real = real_overlay(folder, options.real)
        row("build, real overlay", build(real), "8 ms, 20 times faster")
        # kustomize needs about a minute for one run of 3,000, four seconds for 1,000
        many = 1000 if options.quick else 3000
        row("build, {:,} objects, patches".format(many),
            build(synthetic(os.path.join(folder, "many"), many), 1 if options.quick else 3, warmup=False),
            "of 3,000: 170 ms, 60 MB, 100 times faster")
        bare(options.sgupgrade, synthetic(os.path.join(folder, "merge"), 3000, False), runs)
        points = []
        for objects in (1000, 2000, 3000) if options.quick else (1000, 2000, 4000, 8000, 12000):
            overlay = synthetic(os.path.join(folder, "g%d" % objects), objects)
            points.append((objects, build(overlay, runs, against=False)[0]))
        xs = [math.log(n) for n, _ in points]
        ys = [math.log(t) for _, t in points]
        mx, my = statistics.mean(xs), statistics.mean(ys)
        slope = (sum((x - mx) * (y - my) for x, y in zip(xs, ys)) /
                 sum((x - mx) ** 2 for x in xs))
        print("growth %s   slope %.2f   budget: 1.10" % (
            ", ".join("%d: %.0f ms" % (n, t * 1000) for n, t in points), slope))
        if os.path.isdir(options.real):
            os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
            commands(folder, options.sgupgrade, options.real, runs)
        else:
            print("bench: no real releases: what a hop and a fork take is left out")


if __name__ == "__main__":
    main()
