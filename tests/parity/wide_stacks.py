"""The cases of random_stacks.py --wide: every field that a kustomization has, in random company.

Each case has a stack of two bases whose objects refer to each other across namespaces, and overlays that
draw from the features below. A feature returns lines of a kustomization and writes the files it needs;
most combinations are valid, so that bytes are compared and not only refusals.
"""
from random_stacks import Case

WIDGET_CONFIG = """nameReference:
- kind: ConfigMap
  version: v1
  fieldSpecs:
  - path: spec/configRef/name
    kind: Gadget
  - path: spec/refs/name
    kind: Gadget
- kind: Gadget
  fieldSpecs:
  - path: spec/peer
    kind: Gadget
"""
CONFIGS = [
    WIDGET_CONFIG,
    "commonLabels:\n- path: spec/matchThis\n  kind: Gadget\n  create: true\n",
    "commonAnnotations:\n- path: spec/notes\n  kind: Gadget\n  create: true\n",
    "images:\n- path: spec/runtime/image\n  kind: Gadget\n- path: spec/pods/image\n  kind: Gadget\n",
    "replicas:\n- path: spec/size\n  kind: Gadget\n  create: true\n",
    "namespace:\n- path: spec/targetNamespace\n  kind: Gadget\n  create: true\n",
    "namePrefix:\n- path: spec/title\n  kind: Gadget\n",
    "nameSuffix:\n- path: spec/title\n  kind: Gadget\n",
    "varReference:\n- path: spec/title\n  kind: Gadget\n- path: spec/list\n  kind: Gadget\n",
]
CRD = """{"example.com/v1.Gadget": {"Schema": {"description": "x",
 "x-kubernetes-%s": "",
 "properties": {
  "spec": {"$ref": "example.com/v1.GadgetSpec"},
  "kind": {"type": "string"}, "apiVersion": {"type": "string"},
  "metadata": {"$ref": "k8s.io/apimachinery/pkg/apis/meta/v1.ObjectMeta"}}}},
"example.com/v1.GadgetSpec": {"Schema": {"properties": {
  "configRef": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap",
   "$ref": "example.com/v1.NameRef"},
  "%s": {"type": "string", "x-kubernetes-object-ref-api-version": "v1",
   "x-kubernetes-object-ref-kind": "Secret"}}}},
"example.com/v1.NameRef": {"Schema": {"properties": {"name": {"type": "string"}}}}}
"""


class WideCase(Case):
    """A case that reaches every field."""

    # --- objects

    def gadget(self, name, namespace):
        text = "apiVersion: example.com/v1\nkind: Gadget\n" + self.metadata(name, namespace)
        text += "spec:\n  title: %s\n  size: 1\n  peer: %s\n  secretName: %s\n  secretRef: {name: %s}\n" % (
            self.pick(["$(VAR_A)", "plain", "'t-$(VAR_A)-$(VAR_B)'"]), self.name(), self.name(), self.name())
        text += "  configRef: {name: %s}\n  refs:\n  - {name: %s}\n  - name: %s\n" % (
            self.name(), self.name(), self.name())
        text += "  runtime: {image: 'nginx:1.0'}\n  pods: [{image: redis}, {image: 'app:1'}]\n"
        text += "  list: [a, '$(VAR_A)', %s]\n" % self.pick(["1", "yes", "'no'", "~"])
        if self.maybe(0.5):
            text += self.pick([
                "  text: |\n    {\"host\": \"old.example.com:80\", \"n\": 1, \"l\": [{\"name\": \"a\", \"v\": \"x\"}]}\n",
                "  text: |\n    host: old.example.com:80 # why\n    n: 1\n    l:\n    - name: a\n      v: x\n"])
        return text

    def anchored(self, name, namespace):
        text = "apiVersion: v1 # the core\n# of all\nkind: ConfigMap\n" + self.metadata(name, namespace)
        return text + self.pick([
            "data:\n  a: &x one\n  b: *x\n  # comment\n  c: 'two' # tail\n",
            "data: &d\n  a: x\n  k: '1'\nbinaryData:\n  z: AAEC\n",
            "x-common: &c\n  k: v\n  l: w\ndata:\n  <<: *c\n  l: own\n"])

    def keyed(self, name, namespace):
        """A Service or Deployment whose lists have two keys, missing keys and repeated ones."""
        ports = [(80, "TCP", "a"), (80, "UDP", "b"), (81, "", "c"), (81, "TCP", ""), (82, "", ""), (80, "TCP", "d")]
        if self.maybe(0.5):
            text = "apiVersion: v1\nkind: Service\n%sspec:\n  ports:\n" % self.metadata(name, namespace)
            for port, protocol, label in self.rng.sample(ports, self.rng.randint(1, 4)):
                text += "  - port: %d\n" % port
                text += "    protocol: %s\n" % protocol if protocol else ""
                text += "    name: %s\n" % label if label else ""
            return text
        text = "apiVersion: apps/v1\nkind: Deployment\n%sspec:\n  template:\n    spec:\n      containers:\n" \
               "      - name: main\n        image: nginx\n        ports:\n" % self.metadata(name, namespace)
        for port, protocol, label in self.rng.sample(ports, self.rng.randint(1, 4)):
            text += "        - containerPort: %d\n" % port
            text += "          protocol: %s\n" % protocol if protocol else ""
            text += "          name: %s\n" % label if label else ""
        return text + "      topologySpreadConstraints:\n      - {topologyKey: zone, maxSkew: 1, " \
                      "whenUnsatisfiable: DoNotSchedule}\n"

    def binding(self, name, namespace):
        kind = self.pick(["RoleBinding", "ClusterRoleBinding"])
        text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\n%s" % (
            kind, self.metadata(name, namespace if kind == "RoleBinding" else ""))
        text += "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: %s\n  name: %s\nsubjects:\n" % (
            self.pick(["Role", "ClusterRole"]), self.name())
        for _ in range(self.rng.randint(1, 3)):
            text += "- kind: %s\n  name: %s\n" % (self.pick(["ServiceAccount", "ServiceAccount", "Group"]),
                                                  self.pick(["default", self.name()]))
            if self.maybe(0.6):
                text += "  namespace: %s\n" % self.pick(["ns1", "ns2", "default"])
        return kind, "rbac.authorization.k8s.io/v1", text

    def resource(self, taken):
        if self.maybe(0.5):
            return super().resource(taken)
        name, namespace = self.name(), self.pick(["", "", "ns1", "ns2"])
        shape = self.rng.randint(0, 5)
        if shape <= 1:
            kind, api, text = "Gadget", "example.com/v1", self.gadget(name, namespace)
        elif shape == 2:
            kind, api, text = "ConfigMap", "v1", self.anchored(name, namespace)
        elif shape == 3:
            text = self.keyed(name, namespace)
            kind = "Service" if "kind: Service" in text else "Deployment"
            api = "v1" if kind == "Service" else "apps/v1"
        elif shape == 4:
            kind, api, text = self.binding(name, namespace)
            namespace = "" if kind.startswith("Cluster") else namespace
        else:
            kind, api, text = "ServiceAccount", "v1", "apiVersion: v1\nkind: ServiceAccount\n" + self.metadata(
                name, namespace)
        if (kind, name) in taken or (kind, name, namespace) in taken:
            return None
        taken.add((kind, name, namespace))
        if self.maybe(0.04):
            text = self.local_config(text)
        elif self.maybe(0.06):
            text = "apiVersion: v1\nkind: %s\nitems:\n- %s" % (
                self.pick(["List", kind + "List"]), text.replace("\n", "\n  ").rstrip() + "\n")
        self.objects.append((kind, api, name, namespace))
        return text

    def local_config(self, text):
        if "annotations:" in text:
            return text
        return text.replace("metadata:\n", "metadata:\n  annotations:\n    config.kubernetes.io/local-config: %s\n" %
                            self.pick(["'true'", "'false'", "'x'"]), 1)

    # --- patches

    def strategic(self, target):
        kind, api, name, namespace = target
        head = "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n" % (api, kind, name)
        if namespace:
            head += "  namespace: %s\n" % namespace
        if kind == "Gadget":
            return head + "spec:\n" + self.pick([
                "  refs:\n  - name: %s\n" % self.name(), "  configRef:\n    $patch: replace\n    name: x\n",
                "  pods: [{image: 'p:1'}]\n  size: null\n", "  title: %s\n" % self.scalar(),
                "  $patch: merge\n  extra: {a: [1, {b: ~}], c: ''}\n"])
        if kind == "Service" and self.maybe(0.6):
            text = head + "spec:\n  ports:\n"
            for _ in range(self.rng.randint(1, 3)):
                text += "  - port: %d\n" % self.pick([80, 81, 82, 83])
                text += self.pick(["", "    protocol: TCP\n", "    protocol: UDP\n"])
                text += self.pick(["", "    name: new\n", "    nodePort: 30001\n", "    $patch: delete\n"])
            return text + self.pick(["", "", "  - $patch: replace\n"])
        if kind == "Deployment" and self.maybe(0.4):
            text = head + "spec:\n  template:\n    spec:\n      containers:\n      - name: main\n        ports:\n"
            for _ in range(self.rng.randint(1, 3)):
                text += "        - containerPort: %d\n" % self.pick([80, 81, 82])
                text += self.pick(["", "          protocol: TCP\n", "          protocol: UDP\n"])
                text += self.pick(["", "          name: new\n", "          hostPort: 1\n"])
            return text + self.pick([
                "", "      $setElementOrder/containers:\n      - name: side\n      - name: main\n",
                "        $deleteFromPrimitiveList/args: [a]\n", "      $retainKeys: [containers]\n",
                "  strategy:\n    $retainKeys: [type]\n    type: Recreate\n"])
        return super().strategic(target)

    def old_patches(self, folder):
        text = ""
        if self.maybe(0.6):
            self.write(folder + "/old.yaml", self.strategic(self.pick(self.objects)))
            text += "patchesStrategicMerge:\n- old.yaml\n"
            if self.maybe(0.4):
                text += "- |-\n" + self.indent(self.strategic(self.pick(self.objects)), 2)
        if self.maybe(0.5):
            kind, api, name, namespace = self.pick(self.objects)
            group, _, version = api.rpartition("/")
            text += "patchesJson6902:\n- target:\n    version: %s\n    kind: %s\n    name: %s\n" % (version, kind, name)
            text += "    group: %s\n" % group if group else ""
            text += "    namespace: %s\n" % namespace if namespace else ""
            text += "  patch: |-\n" + self.indent(self.json_ops(), 4)
        return text

    def options(self, _folder):
        kind, api, name, _ = self.pick(self.objects)
        return "patches:\n- target:\n    kind: %s\n    name: %s\n  patch: |-\n    apiVersion: %s\n    kind: %s\n" \
               "    metadata:\n      name: %s\n    added: 1\n  options:\n    %s: true\n" % (
                   kind, name, api, self.pick([kind, kind, "Changed"]), self.pick([name, "other"]),
                   self.pick(["allowNameChange", "allowKindChange"]))

    # --- features of a kustomization

    def rich_replacements(self, folder):
        kind, _, name, _ = self.pick(self.objects)
        gadgets = [o for o in self.objects if o[0] == "Gadget"]
        if gadgets and self.maybe(0.7):
            kind, _, name, _ = self.pick(gadgets)
        text = "- source:\n    kind: %s\n    name: %s\n" % (kind, name)
        if kind == "Gadget":
            text += "    fieldPath: %s\n" % self.pick(["spec.title", "spec.size", "spec.runtime.image", "spec.list.0",
                                                       "spec.refs.0.name", "metadata.name",
                                                       "spec.configRef.name"])
        elif self.maybe(0.7):
            text += "    fieldPath: %s\n" % self.pick(["metadata.name", "kind", "apiVersion"])
        if self.maybe(0.3):
            text += "    options:\n      delimiter: '%s'\n      index: %d\n" % (self.pick([":", "-", "/"]),
                                                                             self.pick([0, 0, 0, 1, -1]))
        text += "  targets:\n"
        for _ in range(self.rng.randint(1, 2)):
            text += "  - select:\n      kind: %s\n" % self.pick(["Gadget", "Deployment|Gadget", ".*"])
            if self.maybe(0.3):
                text += "      name: %s\n" % self.pick([self.name(), "web.*", "a.*|d.*"])
            if self.maybe(0.3):
                text += "    reject:\n    - %s: %s\n" % self.pick([
                    ("kind", "Deployment"), ("name", self.name()), ("labelSelector", "app=web"),
                    ("kind", "Service|Secret")])
            text += "    fieldPaths:\n"
            risky = self.maybe(0.2)
            for _ in range(self.rng.randint(1, 2)):
                text += "    - %s\n" % self.pick([
                    "spec.list.1", "spec.pods.*.image", "metadata.annotations.[a.b/c]", "spec.list.-",
                    "spec.template.spec.containers.[name=main].image", "spec.fresh.0.name", "spec.list.[=a]",
                    "spec.template.spec.containers.*.env.[name=A].value", "spec.text.host", "spec.text.l.[name=a].v",
                    "spec.refs.[name=%s].extra" % self.name()] if risky else [
                        "metadata.annotations.new", "metadata.labels.new", "spec.added.deep", "spec.title",
                        "metadata.annotations.[a.b/c]", "spec.runtime.image", "'metadata.annotations.a\\.b'"])
            shape = self.rng.randint(0, 9)
            if shape <= 6:
                text += "    options:\n      create: true\n"
                if self.maybe(0.2):
                    text += "      delimiter: '%s'\n      index: %d\n" % (self.pick([":", "-"]), self.pick([0, 1, -1]))
            elif shape <= 8:
                text += "    options:\n      delimiter: '%s'\n      index: %d\n" % (
                    self.pick([":", "-", "/", "."]), self.pick([0, 1, -1, 9]))
        if self.maybe(0.3):
            self.write(folder + "/repl.yaml", text)
            return "replacements:\n- path: repl.yaml\n"
        return "replacements:\n" + text

    def vars(self, _folder):
        text = "vars:\n"
        for var in self.rng.sample(["VAR_A", "VAR_B"], self.rng.randint(1, 2)):
            kind, api, name, namespace = self.pick(self.objects)
            text += "- name: %s\n  objref:\n    apiVersion: %s\n    kind: %s\n    name: %s\n" % (var, api, kind, name)
            text += "    namespace: %s\n" % namespace if namespace else ""
            text += self.pick(["", "  fieldref:\n    fieldpath: kind\n", "  fieldref: {fieldPath: metadata.name}\n"])
        return text

    def configurations(self, folder):
        chosen = self.rng.sample(CONFIGS, self.rng.randint(1, 3))
        for n, config in enumerate(chosen):
            self.write("%s/config%d.yaml" % (folder, n), config)
        return "configurations:\n" + "".join("- config%d.yaml\n" % n for n in range(len(chosen)))

    def crds(self, folder):
        self.write(folder + "/crd.json", CRD % (self.pick(["x", "identity"]), self.pick(["secretRef"] * 9 + ["secretName"])))
        return "crds:\n- crd.json\n"

    def listed(self, folder, field, config):
        """`config` as an entry of generators:, transformers: or validators:, in one of its three forms."""
        shape = self.rng.randint(0, 2)
        if shape == 0:
            return "%s:\n- |-\n" % field + self.indent(config, 2)
        if shape == 1:
            self.write("%s/%s.yaml" % (folder, field), config)
            return "%s:\n- %s.yaml\n" % (field, field)
        self.write("%s/%s/kustomization.yaml" % (folder, field), "resources:\n- c.yaml\n" +
                   self.pick(["", "", "namePrefix: cfg-\n"]))
        self.write("%s/%s/c.yaml" % (folder, field), config)
        return "%s:\n- %s\n" % (field, field)

    def transformers(self, folder, field="transformers"):
        kind, api, name, namespace = self.pick(self.objects)
        head, tail = self.pick([
            ("PrefixTransformer", "prefix: t-\nfieldSpecs:\n- path: metadata/name\n"),
            ("SuffixTransformer", "suffix: -t\nfieldSpecs:\n- {path: metadata/name, kind: %s}\n" % kind),
            ("PrefixSuffixTransformer", "prefix: p-\nsuffix: -s\nfieldSpecs:\n- path: metadata/name\n"),
            ("LabelTransformer", "labels:\n  lt: '1'\nfieldSpecs:\n- path: metadata/labels\n  create: true\n"
                                 "- path: spec/extra\n  kind: Gadget\n  create: %s\n" % self.pick(["true", "false"])),
            ("AnnotationsTransformer", "annotations:\n  at: 'yes'\nfieldSpecs:\n- path: metadata/annotations\n"
                                       "  create: true\n"),
            ("NamespaceTransformer", "metadata:\n  name: n\n  namespace: moved\n%s%sfieldSpecs:\n"
                                     "- path: metadata/namespace\n  create: true\n" % (
                                         self.pick(["", "unsetOnly: true\n"]),
                                         self.pick(["", "setRoleBindingSubjects: allServiceAccounts\n",
                                                    "setRoleBindingSubjects: none\n",
                                                    "setRoleBindingSubjects: defaultOnly\n"]))),
            ("ImageTagTransformer", "imageTag:\n  name: nginx\n  %s\nfieldSpecs:\n- path: spec/runtime/image\n"
                                    "- path: spec/template/spec/containers/image\n" % self.pick(
                                        ["newTag: v9", "newName: other", "tagSuffix: -x", "digest: 'sha256:1'"])),
            ("ReplicaCountTransformer", "replica:\n  name: %s\n  count: 7\nfieldSpecs:\n- path: spec/replicas\n"
                                        "  create: true\n  kind: %s\n" % (name, kind)),
            ("PatchTransformer", "patch: |-\n%starget:\n  kind: %s\n" % (
                self.indent(self.json_ops(), 2), kind)),
            ("PatchStrategicMergeTransformer", "patches: |-\n" + self.indent(
                self.strategic((kind, api, name, namespace)), 2)),
            ("PatchJson6902Transformer", "target:\n  kind: %s\n  name: %s\n  version: %s\n%sjsonOp: |-\n%s" % (
                kind, name, api.rpartition("/")[2],
                "  group: %s\n" % api.rpartition("/")[0] if "/" in api else "", self.indent(self.json_ops(), 2))),
            ("ReplacementTransformer", self.rich_replacements(folder)),
            ("ValueAddTransformer", "value: added\ntargets:\n- selector: {kind: %s}\n  fieldPath: metadata/%s\n" % (
                kind, self.pick(["name", "namespace", "annotations/x"]))),
            ("HashTransformer", ""),
        ])
        config = "apiVersion: builtin\nkind: %s\n" % head
        if "metadata:\n  name: n\n" not in tail:
            config += "metadata:\n  name: %s\n" % self.pick(["n", "other"])
        if self.maybe(0.1):
            config = config.replace("metadata:\n", "metadata:\n  annotations: {x: 'y'}\n")
        return self.listed(folder, field, config + tail)

    def validators(self, folder):
        """One that changes what it looks at is an error; those that do not are silent."""
        if self.maybe(0.2):
            return self.transformers(folder, "validators")
        return self.listed(folder, "validators", "apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata:\n"
                           "  name: n\nannotations: {x: y}\nfieldSpecs:\n- {path: spec/nowhere/x, kind: None}\n")

    def listed_generators(self, folder):
        kind = self.pick(["ConfigMapGenerator", "SecretGenerator"])
        config = "apiVersion: builtin\nkind: %s\nmetadata:\n  name: %s\n" % (kind, self.name() + "-g")
        config += self.pick(["", "  namespace: ns1\n"])
        config += self.pick(["", "behavior: create\n" if self.maybe(0.5) else "", "options: {disableNameSuffixHash: true}\n"])
        config += "literals:\n- a=b\n- c='d e'\n"
        return self.listed(folder, "generators", config)

    def rich_generators(self, folder):
        kind = self.pick(["configMapGenerator", "secretGenerator"])
        text = kind + ":\n"
        for name in self.rng.sample(["app"] + ["new%d" % n for n in range(1, 7)], self.rng.randint(1, 2)):
            text += "- name: %s\n" % name
            text += self.pick(["", "", "  namespace: ns1\n"])
            text += "  behavior: %s\n" % self.pick(["create", "create", "merge", "replace"]) if self.maybe(0.15) else ""
            if kind == "secretGenerator":
                text += self.pick(["", "  type: Opaque\n", "  type: kubernetes.io/tls\n"])
            self.write(folder + "/bin.dat", "\x00\x01\ufffd")
            self.write(folder + "/a.properties", self.pick(["x=1\ny=2\n", "k: v\r\nl: w\r\n", "tail  \n", "mid\ufeffbom\n"]))
            self.write(folder + "/v.env", "\ufeff# first\nV1=a=b\n  V2= spaced \nV3=\"quoted\"\nV4=ünï\n")
            text += self.pick(["", "  files:\n  - a.properties\n  - other.key=a.properties\n",
                               "  files: [bin.dat]\n", "  files:\n  - k=a.properties\n"])
            text += self.pick(["", "  env: v.env\n", "  envs: [v.env]\n"])
            text += self.pick(["  literals: [q=v]\n", "  literals:\n  - 'q=a: b'\n  - m=\"x\"\n  - n=0x1F\n"])
            if self.maybe(0.5):
                text += "  options:\n"
                text += "    labels: {%s}\n" % self.pick(["a: b", "a: '1', z: 'yes'"])
                text += self.pick(["", "    annotations: {n: 'a: b'}\n"])
                text += self.pick(["", "    immutable: true\n"])
                text += self.pick(["", "    disableNameSuffixHash: true\n", "    disableNameSuffixHash: false\n"])
        if self.maybe(0.4):
            text += "generatorOptions:\n  %s\n" % self.pick(["disableNameSuffixHash: true", "immutable: true",
                                                             "labels: {go: x}", "annotations: {go: 'true'}"])
        return text

    def rich_labels(self, _folder):
        text = "labels:\n"
        for n in range(self.rng.randint(1, 2)):
            text += "- pairs:\n    l%d: %s\n" % (n, self.pick(["x", "'1'", "\"yes\"", "''"]))
            text += self.pick(["", "  includeSelectors: true\n", "  includeTemplates: true\n",
                               "  includeSelectors: false\n  includeTemplates: true\n"])
            if self.maybe(0.5):
                text += "  fields:\n  - path: %s\n    kind: %s\n    create: %s\n" % (
                    self.pick(["spec/selectThis", "spec/a/b", "metadata/labels", "spec/refs/labels"]),
                    self.pick(["Gadget", "Deployment"]), self.pick(["true", "false"]))
        return text

    def rich_images(self, _folder):
        text = "images:\n"
        for name in self.rng.sample(["nginx", "redis", "app", "ng.*", "reg.example.com:5000/team/nginx"], 2):
            text += "- name: %s\n" % name
            for key, value in (("newName", "r:5/x"), ("newTag", "'1.0'"), ("digest", "sha256:" + "d" * 64),
                               ("tagSuffix", "-s")):
                text += "  %s: %s\n" % (key, value) if self.maybe(0.35) else ""
        return text

    def sort(self, _folder):
        return "sortOptions:\n  order: legacy\n  legacySortOptions:\n    orderFirst: [%s]\n    orderLast: [%s]\n" % (
            self.pick(["Namespace, Gadget", "", "Service"]), self.pick(["Deployment", "", "ConfigMap, Secret"]))

    def metadata_notes(self, _folder):
        return "buildMetadata: [%s]\n" % ", ".join(self.rng.sample(
            ["originAnnotations", "managedByLabel", "transformerAnnotations"], self.rng.randint(1, 3)))

    def fields(self, folder, chance):
        """Some of random_stacks' fields, and some of these; a field stands once."""
        parts = super().fields(folder, chance * 0.6)
        used = {line.split(":")[0] for line in parts.split("\n") if line and line[0].isalpha()}
        for feature in (self.rich_replacements, self.vars, self.configurations, self.crds, self.transformers,
                        self.listed_generators, self.rich_generators, self.rich_labels, self.rich_images, self.sort,
                        self.metadata_notes, self.old_patches, self.options, self.validators):
            rare = 0.2 if feature in (self.vars, self.options, self.validators, self.sort) else 0.6
            if not self.objects or not self.maybe(chance * rare):
                continue
            text = feature(folder)
            names = {line.split(":")[0] for line in text.split("\n") if line and line[0].isalpha()}
            if not names & used:
                used |= names
                parts += text
        return parts

    def make(self):
        folder = super().make()
        if self.maybe(0.3):  # one more level, with its own prefix and suffix
            self.write("top/kustomization.yaml", "resources:\n- ../overlay\nnamePrefix: top-\n%s%s" % (
                self.pick(["", "nameSuffix: -end\n"]), self.pick(["", "namespace: topns\n"])))
            folder = "top"
        return folder
