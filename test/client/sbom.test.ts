/** SBOMs: what is asked of the programs, reading what they write, finding, comparing, and the rows of the tree. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { attestedSbom } from "../../client/src/sbom/buildkit.ts";
import { compareSboms, comparisonText } from "../../client/src/sbom/compare.ts";
import { findPackage } from "../../client/src/sbom/find.ts";
import { layerNames, type LayerNames } from "../../client/src/sbom/layers.ts";
import { type Component, purlParts, type Sbom } from "../../client/src/sbom/model.ts";
import { type ReadSbom, readSboms } from "../../client/src/sbom/read.ts";
import { syftSbom } from "../../client/src/sbom/syft.ts";
import { sbomText } from "../../client/src/sbom/tools.ts";
import { trivySbom } from "../../client/src/sbom/trivy.ts";
import { shortImage } from "../../client/src/short-image.ts";
import {
  describe as describeComponent,
  details,
  filtered,
  groupsOf,
  summary,
} from "../../client/src/views/sbom/tree.ts";

const LAYER = `sha256:${"1".repeat(64)}`;

/** As Trivy writes it. */
const TRIVY_CYCLONEDX = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: {
    timestamp: "2026-01-01T00:00:00+00:00",
    tools: { components: [{ type: "application", name: "trivy", version: "0.68.1" }] },
    component: { type: "container", name: "team/app:1", properties: [] },
  },
  components: [
    { type: "operating-system", name: "debian", version: "12.15" },
    {
      type: "library",
      name: "zlib1g",
      version: "1:1.2.13",
      purl: "pkg:deb/debian/zlib1g@1.2.13?arch=amd64&epoch=1",
      licenses: [{ license: { id: "Zlib" } }, { license: { name: "custom" } }],
      properties: [
        { name: "aquasecurity:trivy:LayerDiffID", value: LAYER },
        { name: "aquasecurity:trivy:PkgType", value: "debian" },
      ],
    },
    { type: "application", name: "app/package-lock.json", properties: [] },
    { type: "library", group: "@types", name: "node", version: "22.1.0", purl: "pkg:npm/%40types/node@22.1.0" },
    { type: "file", name: "/etc/os-release" },
  ],
};

/** As Syft writes it: a list of tools, expressions, the layer by location. */
const SYFT_CYCLONEDX = {
  bomFormat: "CycloneDX",
  specVersion: "1.4",
  metadata: { tools: [{ vendor: "anchore", name: "syft", version: "1.51.0" }], component: { name: "team/app" } },
  components: [
    {
      type: "library",
      name: "openssl",
      version: "3.0.17",
      licenses: [{ expression: "Apache-2.0 OR MIT" }],
      properties: [
        { name: "syft:package:type", value: "deb" },
        { name: "syft:location:0:layerID", value: LAYER },
        { name: "syft:location:0:path", value: "/var/lib/dpkg/status" },
      ],
    },
  ],
};

/** As Syft writes it, which is what BuildKit's scanner runs: the layer stands at the file that gives a package away. */
const SYFT_SPDX = {
  spdxVersion: "SPDX-2.3",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "team/app",
  creationInfo: { creators: ["Organization: Anchore, Inc", "Tool: syft-1.51.0"], created: "2026-01-01T00:00:00Z" },
  packages: [
    {
      name: "openssl",
      SPDXID: "SPDXRef-openssl",
      versionInfo: "3.0.17",
      licenseConcluded: "NOASSERTION",
      licenseDeclared: "LicenseRef-x AND MIT",
      sourceInfo: "acquired package info from DPKG DB: /var/lib/dpkg/status",
      externalRefs: [
        { referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: "cpe:2.3:a:b:c" },
        { referenceType: "purl", referenceLocator: "pkg:deb/debian/openssl@3.0.17?arch=amd64" },
      ],
    },
    { name: "team/app", SPDXID: "SPDXRef-root", versionInfo: "sha256:1", primaryPackagePurpose: "CONTAINER" },
  ],
  files: [{ fileName: "/var/lib/dpkg/status", SPDXID: "SPDXRef-file", comment: `layerID: ${LAYER}` }],
  hasExtractedLicensingInfos: [{ licenseId: "LicenseRef-x", name: "X licence" }],
  relationships: [
    {
      spdxElementId: "SPDXRef-openssl",
      relatedSpdxElement: "SPDXRef-file",
      relationshipType: "OTHER",
      comment: "evident-by: indicates the package's existence is evident by the given file",
    },
    { spdxElementId: "SPDXRef-DOCUMENT", relatedSpdxElement: "SPDXRef-root", relationshipType: "DESCRIBES" },
  ],
};

/** As Trivy writes it: annotations. */
const TRIVY_SPDX = {
  spdxVersion: "SPDX-2.3",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "team/app:1",
  creationInfo: { creators: ["Tool: trivy-0.68.1"] },
  packages: [
    {
      name: "apt",
      SPDXID: "SPDXRef-apt",
      versionInfo: "2.6.1",
      licenseConcluded: "GPL-2.0-or-later",
      annotations: [{ comment: "PkgID: apt@2.6.1" }, { comment: `LayerDiffID: ${LAYER}` }],
      primaryPackagePurpose: "LIBRARY",
    },
    { name: "app/package-lock.json", SPDXID: "SPDXRef-lock", primaryPackagePurpose: "APPLICATION" },
    { name: "debian", SPDXID: "SPDXRef-os", versionInfo: "12.15", primaryPackagePurpose: "OPERATING-SYSTEM" },
  ],
};

function only(document: unknown): Sbom {
  const read = readSboms(JSON.stringify(document));
  assert.ok(typeof read !== "string", JSON.stringify(read));
  assert.equal(read.length, 1);
  return (read[0] as ReadSbom).sbom;
}

describe("reading", () => {
  test("CycloneDX of Trivy", () => {
    const sbom = only(TRIVY_CYCLONEDX);
    assert.deepEqual([sbom.subject, sbom.tool, sbom.specVersion], ["team/app:1", "trivy 0.68.1", "1.6"]);
    assert.equal(sbom.system, "debian 12.15");
    assert.deepEqual(
      sbom.components.map(({ name, version, ecosystem, licences, layer }) => [
        name,
        version,
        ecosystem,
        licences,
        layer,
      ]),
      [
        ["@types/node", "22.1.0", "npm", [], undefined],
        ["zlib1g", "1:1.2.13", "deb", ["Zlib", "custom"], LAYER],
      ],
    );
  });

  test("CycloneDX of Syft", () => {
    const sbom = only(SYFT_CYCLONEDX);
    assert.equal(sbom.tool, "syft 1.51.0");
    assert.deepEqual(sbom.components, [
      {
        ...{ name: "openssl", version: "3.0.17", ecosystem: "deb", licences: ["Apache-2.0 OR MIT"], layer: LAYER },
        path: "/var/lib/dpkg/status",
      },
    ]);
  });

  test("SPDX of Syft", () => {
    const sbom = only(SYFT_SPDX);
    assert.deepEqual([sbom.subject, sbom.tool], ["team/app", "syft-1.51.0"]);
    assert.deepEqual(sbom.components, [
      {
        ...{ name: "openssl", version: "3.0.17", purl: "pkg:deb/debian/openssl@3.0.17?arch=amd64", ecosystem: "deb" },
        ...{ licences: ["X licence AND MIT"], layer: LAYER, path: "/var/lib/dpkg/status" },
      },
    ]);
  });

  test("SPDX of Trivy", () => {
    assert.deepEqual(
      only(TRIVY_SPDX).components.map(({ name, licences, layer }) => [name, licences, layer]),
      [["apt", ["GPL-2.0-or-later"], LAYER]],
    );
    assert.equal(only(TRIVY_SPDX).system, "debian 12.15");
  });

  test("the system is no package; one that Trivy does not know is none", () => {
    const nameless = { type: "operating-system", name: "none" };
    const unknown = only({ bomFormat: "CycloneDX", specVersion: "1.6", components: [nameless] });
    assert.deepEqual([unknown.system, unknown.components], [undefined, []]);
    const system = { name: "none", SPDXID: "x", primaryPackagePurpose: "OPERATING-SYSTEM" };
    const spdx = only({ spdxVersion: "SPDX-2.3", packages: [system] });
    assert.deepEqual([spdx.system, spdx.components], [undefined, []]);
  });

  test("what is wrapped: a statement, its envelope, what buildx prints for one platform and for several", () => {
    const statement = { _type: "https://in-toto.io/Statement/v1", predicateType: "x", predicate: TRIVY_SPDX };
    assert.equal(only(statement).components.length, 1);
    const payload = Buffer.from(JSON.stringify(statement)).toString("base64");
    assert.equal(only({ payloadType: "application/vnd.in-toto+json", payload, signatures: [] }).components.length, 1);
    assert.equal(only({ SPDX: SYFT_SPDX }).subject, "team/app");
    const many = readSboms(
      JSON.stringify({ "linux/amd64": { SPDX: SYFT_SPDX }, "linux/arm/v7": { SPDX: TRIVY_SPDX } }),
    );
    assert.ok(typeof many !== "string");
    assert.deepEqual(
      many.map(({ sbom }) => sbom.platform),
      ["linux/amd64", "linux/arm/v7"],
    );
    assert.deepEqual(JSON.parse(many[1]?.text ?? ""), TRIVY_SPDX, "the SBOM alone, as it is attached to an image");
  });

  test("what is none is said to be none", () => {
    for (const [text, why] of [
      ["", /no JSON/],
      ["{", /no JSON/],
      ["{}", /neither/],
      ["[]", /neither/],
      ["null", /neither/],
      ['{"payload":"%%%"}', /neither/],
      ["<?xml version='1.0'?><bom/>", /XML/],
    ] as const)
      assert.match(JSON.stringify(readSboms(text)), why, text);
    assert.equal(typeof readSboms(`\uFEFF${JSON.stringify(TRIVY_SPDX)}`), "object");
  });

  test("nothing throws, whatever stands where", () => {
    const keys = fc.constantFrom(
      ...["bomFormat", "specVersion", "components", "metadata", "tools", "licenses", "properties", "purl", "name"],
      ...["spdxVersion", "SPDXID", "packages", "relationships", "files", "externalRefs", "annotations", "predicate"],
      ...["SPDX", "payload", "hasExtractedLicensingInfos", "documentDescribes", "creationInfo", "creators", "version"],
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom("CycloneDX", "SPDX-2.3", "SPDXRef-DOCUMENT", "pkg:npm/%zz@", null, 0, true, ""),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(keys, tie("any"), { maxKeys: 5 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (document) => {
        const read = readSboms(JSON.stringify(document));
        if (typeof read !== "string")
          for (const { sbom } of read) sbom.components.forEach((component) => details(component));
      }),
      { numRuns: 500 },
    );
  });

  test("components nest without end in hostile input", () => {
    let component: unknown = { name: "deep", version: "1" };
    for (let depth = 0; depth < 2000; depth += 1) component = { name: "x", version: "1", components: [component] };
    assert.ok(only({ bomFormat: "CycloneDX", specVersion: "1.5", components: [component] }).components.length < 100);
  });

  test("package URLs", () => {
    assert.deepEqual(purlParts("pkg:deb/debian/apt@2.6.1?arch=amd64"), { type: "deb", name: "debian/apt" });
    assert.deepEqual(purlParts("pkg:npm/%40types/node@22"), { type: "npm", name: "@types/node" });
    assert.deepEqual(purlParts("pkg:golang/example.com/x"), { type: "golang", name: "example.com/x" });
    assert.equal(purlParts("a-purl"), undefined);
  });
});

describe("asking the programs", () => {
  const request = { image: "ghcr.io/team/app:1", source: "docker", format: "cyclonedx" } as const;
  const CASES = [
    ["Syft", syftSbom(request), ["scan", "--quiet", "--output", "cyclonedx-json", "docker:ghcr.io/team/app:1"]],
    [
      "Syft, SPDX of what is in the registry",
      syftSbom({ ...request, source: "registry", format: "spdx" }),
      ["scan", "--quiet", "--output", "spdx-json", "registry:ghcr.io/team/app:1"],
    ],
    [
      "Trivy",
      trivySbom(request),
      ["image", "--quiet", "--format", "cyclonedx", "--image-src", "docker", "--", "ghcr.io/team/app:1"],
    ],
    [
      "Trivy, SPDX of what is in the registry",
      trivySbom({ ...request, source: "registry", format: "spdx" }),
      ["image", "--quiet", "--format", "spdx-json", "--image-src", "remote", "--", "ghcr.io/team/app:1"],
    ],
    [
      "BuildKit",
      attestedSbom(request),
      ["buildx", "imagetools", "inspect", "--format", "{{json .SBOM}}", "--", "ghcr.io/team/app:1"],
    ],
  ] as const;
  for (const [name, { args }, wanted] of CASES) test(name, () => assert.deepEqual(args, wanted));

  test("a name that is an option, or several words, is refused", () => {
    for (const image of ["--output=/etc/passwd", "-f", "", " ", "a b", "a\nb"])
      for (const make of [syftSbom, trivySbom, attestedSbom])
        assert.throws(() => make({ ...request, image }), Error, JSON.stringify(image));
  });

  const outcome = { code: 0, stdout: "", stderr: "", truncated: false, missing: false };
  test("an SBOM on stdout is success whatever the exit code; all else is said", () => {
    const stdout = JSON.stringify(TRIVY_SPDX);
    assert.deepEqual(sbomText({ ...outcome, code: 1, stdout }, "Trivy"), { text: stdout });
    assert.deepEqual(sbomText({ ...outcome, code: null, missing: true }, "Syft"), { failed: "Syft is not installed" });
    assert.deepEqual(sbomText({ ...outcome, code: 1, stderr: "\u001b[31mFATAL\u001b[0m no image\n\n" }, "Trivy"), {
      failed: "Trivy: FATAL no image",
    });
    const own = JSON.stringify({ artifacts: [], descriptor: { name: "syft", version: "1.51.0" } });
    assert.deepEqual(sbomText({ ...outcome, stdout: own }, "Syft"), {
      failed: "Syft printed no SBOM: it is Syft's own JSON; ask it for cyclonedx-json or spdx-json",
    });
    assert.deepEqual(sbomText({ ...outcome, stdout: "{}" }, "docker"), {
      failed: "docker printed no SBOM: it is neither CycloneDX nor SPDX 2 JSON",
    });
    assert.deepEqual(sbomText({ ...outcome, code: null }, "Syft"), { failed: "Syft ended with null and said nothing" });
  });
});

const sbomOf = (...components: readonly Partial<Component>[]): Sbom => ({
  format: "spdx",
  specVersion: "2.3",
  subject: "x",
  components: components.map((each) => ({ name: "x", version: "1", ecosystem: "deb", licences: [], ...each })),
});

describe("comparing", () => {
  test("added, removed, changed versions and licences; formats of two tools compare", () => {
    const before = sbomOf(
      { name: "same", purl: "pkg:deb/debian/same@1" },
      { name: "gone" },
      { name: "newer", version: "1" },
      { name: "licence", licences: ["MIT"] },
      { name: "unknown licence", licences: ["MIT"] },
      { name: "twice", version: "1" },
      { name: "twice", version: "2" },
    );
    const after = sbomOf(
      { name: "same", purl: "pkg:deb/debian/same@1?arch=amd64", ecosystem: "debian" },
      { name: "come" },
      { name: "newer", version: "2" },
      { name: "licence", licences: ["GPL-3.0-only"] },
      { name: "unknown licence" },
      { name: "twice", version: "2" },
    );
    const comparison = compareSboms(before, after);
    assert.deepEqual(
      [comparison.added, comparison.removed, comparison.changed].map((list) => list.map(({ name }) => name)),
      [["come"], ["gone"], ["newer", "licence", "twice"]],
    );
    assert.equal(comparison.unchanged, 2);
    assert.equal(
      comparisonText(comparison, "app:1", "app:2"),
      `--- app:1
+++ app:2

1 added, 1 removed, 3 changed, 2 the same

@@ Changed @@
- newer 1 (deb)
+ newer 2 (deb)
- licence 1 (deb, MIT)
+ licence 1 (deb, GPL-3.0-only)
- twice 1, 2 (deb)
+ twice 2 (deb)

@@ Added @@
+ come 1 (deb)

@@ Removed @@
- gone 1 (deb)
`,
    );
  });

  test("another system", () => {
    const comparison = compareSboms({ ...sbomOf(), system: "debian 12.5" }, { ...sbomOf(), system: "debian 13.1" });
    assert.match(comparisonText(comparison, "a", "b"), /@@ System @@\n- debian 12\.5\n\+ debian 13\.1\n/);
    const same = compareSboms({ ...sbomOf(), system: "debian 13" }, { ...sbomOf(), system: "debian 13" });
    assert.doesNotMatch(comparisonText(same, "a", "b"), /System/);
  });

  test("an SBOM is the same as itself, and what is added one way is removed the other way", () => {
    const component = fc.record({ name: fc.constantFrom("a", "b", "c"), version: fc.constantFrom("1", "2", "") });
    const sbom = fc.array(component, { maxLength: 6 }).map((list) => sbomOf(...list));
    fc.assert(
      fc.property(sbom, sbom, (a, b) => {
        const { added, removed, changed } = compareSboms(a, a);
        assert.equal(added.length + removed.length + changed.length, 0);
        assert.deepEqual(compareSboms(a, b).added, compareSboms(b, a).removed);
      }),
    );
  });
});

describe("finding a package", () => {
  const all = [
    {
      image: "one",
      sbom: sbomOf({ name: "openssl", version: "3.0.17" }, { name: "libopenssl-dev", version: "3.0.17" }),
    },
    {
      image: "two",
      sbom: sbomOf({ name: "openssl", version: "1.1.1w" }, { name: "@types/node", purl: "pkg:npm/%40types/node@1" }),
    },
  ];
  const CASES: readonly (readonly [string, readonly string[]])[] = [
    ["openssl", ["two openssl 1.1.1w", "one openssl 3.0.17", "one libopenssl-dev 3.0.17"]],
    ["OpenSSL@3.0", ["one openssl 3.0.17", "one libopenssl-dev 3.0.17"]],
    ["open*", ["two openssl 1.1.1w", "one openssl 3.0.17"]],
    ["@types/node", ["two @types/node 1"]],
    ["pkg:npm/", ["two @types/node 1"]],
    ["open.*", []],
    ["(", []],
    ["  ", []],
  ];
  for (const [query, wanted] of CASES)
    test(JSON.stringify(query), () =>
      assert.deepEqual(
        findPackage(all, query).map(({ of, component }) => `${of.image} ${component.name} ${component.version}`),
        wanted,
      ),
    );
});

const [OTHER, THIRD] = [`sha256:${"2".repeat(64)}`, `sha256:${"3".repeat(64)}`] as const;
const PLACE = { uri: "file:///app/Dockerfile", base: false };
const NAMES: LayerNames = new Map([
  [OTHER, { text: "FROM team/base:1", place: { ...PLACE, line: 1, base: true } }],
  [LAYER, { text: "COPY node_modules /app/node_modules", place: { ...PLACE, line: 2 } }],
  [THIRD, { text: "RUN apt-get install -y curl" }],
]);

describe("names of layers", () => {
  const history = [
    { createdBy: "/bin/sh -c #(nop) ADD file:abc in / ", empty: false },
    { createdBy: "COPY node_modules /app/node_modules # buildkit", empty: false },
    { createdBy: "ENV A=1", empty: true },
    { createdBy: "RUN |1 V=2 /bin/sh -c apt-get install   -y curl # buildkit", empty: false },
  ];
  const image = { history, diffIds: [OTHER, LAYER, THIRD] };

  test("from the history alone: the instructions without the builder's words", () => {
    assert.deepEqual(
      [...layerNames(image)],
      [
        [OTHER, { text: "ADD file:abc in /" }],
        [LAYER, { text: "COPY node_modules /app/node_modules" }],
        [THIRD, { text: "RUN apt-get install -y curl" }],
      ],
    );
    assert.deepEqual(
      [...layerNames({ history: [{ createdBy: "/bin/sh -c make", empty: false }], diffIds: [LAYER] }).values()],
      [{ text: "RUN make" }],
    );
    assert.equal(layerNames({ history: [{ createdBy: "", empty: false }], diffIds: [LAYER] }).size, 0);
  });

  test("with the Dockerfile: its lines where they fit; what is below is the base image's", () => {
    const instructions = [{ keyword: "COPY", text: "node_modules /app/node_modules", line: 2 }];
    const from = { uri: PLACE.uri, base: "team/base:1", chain: { baseLine: 1, instructions } };
    assert.deepEqual([...layerNames(image, from)], [...NAMES]);
  });

  test("a history that does not tell its layers apart names none", () => {
    assert.equal(layerNames({ history, diffIds: [LAYER] }).size, 0);
  });
});

describe("the tree", () => {
  const sbom = sbomOf(
    { name: "apt", version: "2.6.1", licences: ["GPL-2.0-or-later"], layer: LAYER },
    { name: "bash", licences: ["GPL-3.0-or-later", "MIT"] },
    { name: "left-pad", ecosystem: "npm", licences: ["MIT"] },
  );

  test("every word of the filter must be somewhere", () => {
    const names = (filter: string): readonly string[] => filtered(sbom, filter).map(({ name }) => name);
    assert.deepEqual(names(""), ["apt", "bash", "left-pad"]);
    assert.deepEqual(names("mit  BASH"), ["bash"]);
    assert.deepEqual(names("sha256:111"), ["apt"]);
    assert.deepEqual(names("nothing"), []);
  });

  test("groups", () => {
    const labels = (by: "ecosystem" | "licence" | "layer"): readonly string[] =>
      groupsOf(sbom.components, by).map(({ label, components }) => `${label} ${components.length}`);
    assert.deepEqual(labels("ecosystem"), ["deb 2", "npm 1"]);
    assert.deepEqual(labels("licence"), ["MIT 2", "GPL-2.0-or-later 1", "GPL-3.0-or-later 1"]);
    assert.deepEqual(labels("layer"), ["No layer named 2", "sha256:111111111111… 1"]);
  });

  test("layers that are known have their instruction and its line, in their order", () => {
    const components = [
      { name: "libc6", layer: OTHER },
      { name: "zlib1g", layer: OTHER },
      { name: "express", layer: LAYER },
      { name: "curl", layer: THIRD },
      { name: "unknown", layer: `sha256:${"9".repeat(64)}` },
      { name: "none" },
    ];
    const { components: packages } = sbomOf(...components);
    assert.deepEqual(
      groupsOf(packages, "layer", NAMES).map(({ label, components: { length }, place }) => [
        label,
        length,
        place?.line,
      ]),
      [
        ["Line 1: base image", 2, 1],
        ["Line 2: COPY node_modules /app/node_modules", 1, 2],
        ["RUN apt-get install -y curl", 1, undefined],
        ["No layer named", 1, undefined],
        ["sha256:999999999999…", 1, undefined],
      ],
    );
    assert.deepEqual(
      packages.map((each) => describeComponent(each, NAMES)),
      [
        "1 · base image",
        "1 · base image",
        "1 · line 2",
        "1 · RUN apt-get install -y curl",
        "1 · sha256:999999999999…",
        "1",
      ],
    );
    assert.match(details(packages[2] as Component, NAMES), /\nMade by line 2: COPY node_modules/);
    assert.match(details(packages[0] as Component, NAMES), /\nMade by line 1: FROM team\/base:1\n/);
    assert.equal(describeComponent({ ...packages[2], licences: ["MIT"] } as Component, NAMES, "layer"), "1 · MIT");
    assert.equal(describeComponent({ ...packages[2], licences: ["MIT"] } as Component, NAMES, "licence"), "1 · line 2");
    const found = filtered(sbomOf(...components), "node_modules", NAMES);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["express"],
    );
  });

  test("an SBOM says how many packages, of which system, where the image is", () => {
    const one: Sbom = { ...sbomOf({}), system: "debian 12.5", tool: "trivy 0.68" };
    assert.equal(summary(one, 1, "ghcr.io/team"), "1 package · debian 12.5 · ghcr.io/team · trivy 0.68");
    assert.equal(summary(sbomOf({}, {}), 1), "1 of 2 packages");
  });

  test("an image by what tells it apart, then where it is", () => {
    const digest = `sha256:0123456789ab${"0".repeat(52)}`;
    for (const [image, wanted] of [
      ["app", ["app", ""]],
      ["ghcr.io/team/app:1", ["app:1", "ghcr.io/team"]],
      [`127.0.0.1:5000/team/app@${digest}`, ["app@sha256:0123456789ab", "127.0.0.1:5000/team"]],
    ] as const)
      assert.deepEqual(shortImage(image), wanted);
  });

  test("a row says version, licence and layer", () => {
    assert.equal(describeComponent(sbom.components[0] as Component), "2.6.1 · GPL-2.0-or-later · sha256:111111111111…");
  });
});
