# Functions for `setup` and `cmd` of the cases; sourced. Each fixture is made once a run and copied.

# The reference stack as a git upstream with its three releases, at ../upstream.
upstream() {
  if [ ! -d "$FIXTURES/upstream" ]; then
    mkdir -p "$FIXTURES"
    bash "$ROOT/examples/upstream/make.sh" "$FIXTURES/upstream.new"
    mv "$FIXTURES/upstream.new" "$FIXTURES/upstream"
  fi
  cp -R "$FIXTURES/upstream" ../upstream
}

# A customer's committed project on release 3.0.0 in the work folder, following ../upstream.
project() { # [VERSION]
  local version=${1:-3.0.0}
  upstream
  if [ ! -d "$FIXTURES/project-$version" ]; then
    git init -q -b main .
    sgupgrade init --upstream ../upstream --version "$version"
    rm -rf overlays/default
    cp -R "$ROOT/examples/quickstart/overlay" overlays/default
    git add --all
    git commit -q -m "Follow upstream $version"
    cp -R . "$FIXTURES/project-$version"
  else
    cp -R "$FIXTURES/project-$version/." .
  fi
}

# A kustomization in the work folder that renders one ConfigMap.
kustomization() {
  printf 'resources:\n- settings.yaml\n' >kustomization.yaml
  printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n' >settings.yaml
}

# A second overlay, `lab`, with a step of nearly every kind, in the project of the work folder.
lab() {
  mkdir -p overlays/lab
  cat >overlays/lab/kustomization.yaml <<'END'
resources:
- ../../base
- token.yaml
namePrefix: lab-
labels:
- pairs: {env: lab}
patches:
- patch: |-
    $patch: delete
    apiVersion: v1
    kind: Service
    metadata:
      name: searcher
- target:
    kind: StatefulSet
    name: gitserver
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/resources/limits/memory
      value: 1Gi
    - op: add
      path: /spec/template/spec/containers/0/env
      value:
      - name: LEVEL
        value: debug
images:
- name: registry.example.com/harbour/gitserver
  newTag: edge
replicas:
- name: gitserver
  count: 0
configMapGenerator:
- name: lab
  literals:
  - host=lab.example.com
replacements:
- source:
    kind: ConfigMap
    name: lab
    fieldPath: data.host
  targets:
  - select:
      kind: StatefulSet
      name: gitserver
    fieldPaths:
    - metadata.annotations.lab\.host
    options:
      create: true
- source:
    kind: Secret
    name: token
    fieldPath: stringData.key
  targets:
  - select:
      kind: StatefulSet
      name: gitserver
    fieldPaths:
    - metadata.annotations.token
    options:
      create: true
END
  cat >overlays/lab/token.yaml <<'END'
apiVersion: v1
kind: Secret
metadata:
  name: token
stringData:
  key: hunter2
END
}

# Two projects in one committed repository: environments/staging on 3.1.0, environments/production on
# 3.0.0, each with the quick start's overlay; what is no project lies beside them.
projects() {
  upstream
  git init -q -b main .
  local name version
  for name in staging:3.1.0 production:3.0.0; do
    version=${name#*:} name=${name%:*}
    mkdir -p "environments/$name"
    (
      cd "environments/$name"
      sgupgrade init --upstream ../../../upstream --version "$version"
      rm -rf overlays/default
      cp -R "$ROOT/examples/quickstart/overlay" overlays/default
      ! [ "$version" = 3.1.0 ] || sed -i 's/name: web/name: frontend/' overlays/default/*.yaml
    )
  done
  mkdir -p node_modules/x .cache/x
  touch node_modules/x/sgupgrade.yaml .cache/x/sgupgrade.yaml environments/staging/base/sgupgrade.yaml.txt
  rm environments/staging/base/sgupgrade.yaml.txt
  git add --all
  git commit -q -m "Two environments"
}

# An overlay with parts that we cannot render: inputs that are not in git, a chart, programs to run.
opaque() {
  project
  cat >>overlays/default/kustomization.yaml <<'END'
secretGenerator:
- name: login
  envs: [login.env]
configMapGenerator:
- name: motd
  files: [motd.txt]
helmCharts:
- name: minio
  repo: https://charts.example
  version: 1.0.0
transformers:
- exec.yaml
- container.yaml
END
  cat >overlays/default/exec.yaml <<'END'
apiVersion: example.com/v1
kind: Stamp
metadata:
  name: stamp
  annotations:
    config.kubernetes.io/function: |
      exec: {path: ./stamp}
END
  sed -e 's/: stamp/: seal/' -e 's#exec: .*#container: {image: example/seal:1}#' -e 's/Stamp/Seal/' \
    overlays/default/exec.yaml >overlays/default/container.yaml
  mkdir -p overlays/plain rendered/default
  cp base/searcher/searcher.Service.yaml overlays/plain/
  printf 'resources: [searcher.Service.yaml]\n' >overlays/plain/kustomization.yaml
  echo 'from: the pipeline' >rendered/default/all.yaml
  sed -i '/^# rendered:/d; /^rendered:/d' sgupgrade.yaml
  echo 'rendered: rendered' >>sgupgrade.yaml
  git add --all
  git commit -q -m "Parts that are not rendered here"
}

# For cases about permissions, which root does not have to mind: the box becomes nobody's, and
# `as_nobody` runs sgupgrade as nobody. Who is not root runs it as themselves.
nobodys() {
  [ "$(id -u)" = 0 ] || return 0
  chmod a+x "$HOME/.."
  cp "$(readlink -f "$(command -v sgupgrade)")" ../sgupgrade
  mkdir ../cache
  chown -R 65534:65534 ..
}
as_nobody() { # ARGS…
  if [ "$(id -u)" = 0 ]; then
    HOME=$PWD/.. XDG_CACHE_HOME=$PWD/../cache \
      setpriv --reuid=65534 --regid=65534 --clear-groups ../sgupgrade "$@"
  else
    sgupgrade "$@"
  fi
}
