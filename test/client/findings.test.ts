/** Findings on lines, in the tree, in SARIF, and the versions that repair them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bumpsIn, manifestsFor, versionToTake } from "../../client/src/scanners/bump.ts";
import { stepOf, quotedSecret } from "../../client/src/scanners/history.ts";
import { chainOf, type ImageLines, imageLines } from "../../client/src/scanners/layer-lines.ts";
import { placeOf, whyNoPlace } from "../../client/src/scanners/places.ts";
import { contentsText, type Finding, type Report, SEVERITIES } from "../../client/src/scanners/report.ts";
import { sarifOf } from "../../client/src/scanners/sarif.ts";
import {
  ICONS,
  matches,
  noFilter,
  type TreeInput,
  type TreeNode,
  treeOf,
} from "../../client/src/views/findings/tree.ts";

const id = (digit: number): string => `sha256:${String(digit).repeat(64)}`;

const finding = (more: Partial<Finding>): Finding => ({
  kind: "vulnerability",
  id: "CVE-1",
  aliases: [],
  severity: "high",
  title: "title",
  fixed: [],
  ...more,
});

describe("layers and lines", () => {
  const facts = {
    stages: [
      { name: "base", base: "debian:12", line: 0 },
      { name: "build", base: "base", line: 3 },
      { base: "BASE", line: 5 },
    ],
    instructions: [
      { stage: 0, keyword: "FROM", text: "debian:12 AS base", line: 0 },
      { stage: 0, keyword: "RUN", text: "apt-get update && apt-get install -y curl", line: 1 },
      { stage: 0, keyword: "ENV", text: "LC_ALL=C", line: 2 },
      { stage: 1, keyword: "RUN", text: "make", line: 4 },
      { stage: 2, keyword: "COPY", text: "--from=build --chown=1 /out/app /app/", line: 6 },
      { stage: 2, keyword: "RUN", text: 'echo "v=$VERSION" > /version', line: 7 },
      { stage: 2, keyword: "CMD", text: '["/app"]', line: 8 },
    ],
  };
  const layersOf = (history: readonly (readonly [string, boolean])[], target?: string): unknown => {
    const chain = chainOf(facts, target);
    assert.ok(chain);
    const diffIds = history.filter(([, empty]) => !empty).map((_, at) => id(at));
    const image = { diffIds, history: history.map(([createdBy, empty]) => ({ createdBy, empty })) };
    return Object.fromEntries(
      [...imageLines(image, chain).layers].map(([key, { line, base }]) => [
        diffIds.indexOf(key),
        base ? `base ${line}` : line,
      ]),
    );
  };

  test("as BuildKit writes it", () => {
    const history = [
      ["RUN /bin/sh -c unpack # buildkit", false],
      ["RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit", false],
      ["ENV LC_ALL=C", true],
      ["COPY --chown=1 /out/app /app/ # buildkit", false],
      [`RUN |1 VERSION=1 /bin/sh -c echo "v=$VERSION" > /version # buildkit`, false],
      ['CMD ["/app"]', true],
    ] as const;
    assert.deepEqual(layersOf(history), { 0: "base 1", 1: 2, 2: 7, 3: 8 });
  });

  test("as the classic builder writes it", () => {
    const history = [
      [`/bin/sh -c #(nop) ADD file:${"a".repeat(64)} in / `, false],
      ["/bin/sh -c apt-get update && apt-get install -y curl", false],
      ["/bin/sh -c #(nop)  ENV LC_ALL=C", true],
      [`/bin/sh -c #(nop) COPY file:${"b".repeat(64)} in /app/ `, false],
      [`|1 VERSION=1 /bin/sh -c echo "v=$VERSION" > /version`, false],
      ['/bin/sh -c #(nop)  CMD ["/app"]', true],
    ] as const;
    assert.deepEqual(layersOf(history), { 0: "base 1", 1: 2, 2: 7, 3: 8 });
  });

  test("a target that is not the last stage; one that there is not", () => {
    const history = [
      ["RUN /bin/sh -c unpack # buildkit", false],
      ["RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit", false],
      ["RUN /bin/sh -c make # buildkit", false],
    ] as const;
    assert.deepEqual(layersOf(history, "Build"), { 0: "base 1", 1: 2, 2: 5 });
    assert.deepEqual(layersOf(history, "1"), { 0: "base 1", 1: 2, 2: 5 });
    assert.equal(chainOf(facts, "none"), undefined);
    assert.equal(chainOf({ stages: [], instructions: [] }), undefined);
  });

  test("somebody else's image and a squashed one have no lines", () => {
    assert.deepEqual(layersOf([["RUN /bin/sh -c something quite different # buildkit", false]]), {});
    const chain = chainOf(facts);
    assert.ok(chain);
    assert.equal(imageLines({ diffIds: [id(1)], history: [] }, chain).layers.size, 0);
  });

  test("FROM and nothing else: all of it is the base image's", () => {
    const chain = chainOf({ stages: [{ base: "debian", line: 3 }], instructions: [] });
    assert.ok(chain);
    const image = { diffIds: [id(1)], history: [{ createdBy: "unpack", empty: false }] };
    assert.deepEqual(imageLines(image, chain).layers.get(id(1)), { line: 4, base: true });
  });

  test("entries of the history that made no layer have lines too", () => {
    const chain = chainOf(facts);
    assert.ok(chain);
    const history = ["ENV A=base", "RUN /bin/sh -c apt-get update && apt-get install -y curl", "ENV LC_ALL=C"].map(
      (createdBy, at) => ({ createdBy, empty: at !== 1 }),
    );
    assert.deepEqual(imageLines({ diffIds: [id(1)], history }, chain).steps, [
      { line: 1, base: true },
      { line: 2, base: false },
      { line: 3, base: false },
    ]);
  });
});

const lodash = finding({
  id: "CVE-2021-23337",
  package: { name: "lodash", version: "4.17.20", type: "npm" },
  fixed: ["4.17.21"],
  path: "app/node_modules/lodash/package.json",
  layer: id(2),
  link: "https://advisory.example/1",
});
const zlib = finding({
  id: "CVE-2022-37434",
  severity: "critical",
  package: { name: "zlib1g", version: "1.2.11", type: "deb", source: "zlib", parts: ["zlib1g", "zlib1g-dev"] },
  layer: id(1),
});
const secret = finding({ kind: "secret", id: "github-pat", severity: "critical", path: "srv/token", line: 2 });
const noUser = finding({ kind: "misconfiguration", id: "DS-0002", path: "Dockerfile" });

const report: Report = {
  scanner: "trivy",
  scannerVersion: "0.68.1",
  target: { kind: "image", image: "app:1" },
  findings: [lodash, zlib, secret],
  suppressed: 0,
  scannedAt: 0,
  warnings: [],
  dockerfile: { uri: "file:///w/Dockerfile" },
  image: {
    digests: [],
    diffIds: [id(1), id(2)],
    history: [
      { createdBy: "ADD / # base", empty: false },
      { createdBy: "COPY lodash", empty: false },
    ],
  },
};
const lines: ImageLines = {
  layers: new Map([
    [id(1), { line: 1, base: true }],
    [id(2), { line: 4, base: false }],
  ]),
  steps: [undefined, undefined, { line: 9, base: false }],
};
const address = (folder: string, path: string): string => `file://${folder}/${path}`;
const inputOf = (of: Report, more: Partial<TreeInput> = {}): TreeInput => ({
  report: of,
  title: "Trivy",
  placeOf: (each) => placeOf(of, each, lines, address),
  lineText: ({ line }) => `text of ${line}`,
  own: [],
  ...more,
});

const outline = (nodes: readonly TreeNode[], depth = 0): string =>
  nodes
    .map(
      ({ label, description, children }) =>
        `${"  ".repeat(depth)}${label} | ${description}\n${outline(children, depth + 1)}`,
    )
    .join("");

describe("the tree", () => {
  test("severity, package, vulnerability; secrets in front", () => {
    assert.equal(
      outline(treeOf([inputOf(report)], "severity", noFilter)),
      `app:1 | 1 critical, 1 high, 1 secret
  Secrets | 1 finding
    github-pat | srv/token:2 · no line · title
  Critical | 1 finding
    zlib 1.2.11 | 1 critical
      CVE-2022-37434 | no fix yet · title
  High | 1 finding
    lodash 4.17.20 | 1 high
      CVE-2021-23337 | fixed in 4.17.21 · title
`,
    );
  });

  test("by layer: the base image first, then instruction after instruction", () => {
    const withoutLine = inputOf({
      ...report,
      findings: [lodash, zlib, finding({ package: { name: "x", version: "1", type: "" } })],
    });
    const [root] = treeOf([withoutLine], "layer", noFilter);
    assert.deepEqual(
      root?.children.map(({ label, description }) => [label, description]),
      [
        ["Line 1: text of 1", "base image, 1 critical"],
        ["Line 4: text of 4", "1 high"],
        ["No layer is known", "1 high"],
      ],
    );
    const { dockerfile: _, ...foreign } = report;
    const [other] = treeOf([inputOf(foreign)], "layer", noFilter);
    assert.deepEqual(
      other?.children.slice(1).map(({ label }) => label),
      ["ADD / # base", "COPY lodash"],
    );
  });

  test("by package; filters; why there is nothing to see", () => {
    const labels = (filter: Partial<typeof noFilter>): unknown =>
      treeOf([inputOf(report)], "package", { ...noFilter, ...filter })[0]?.children.map(({ label }) => label);
    assert.deepEqual(labels({}), ["Secrets", "zlib 1.2.11", "lodash 4.17.20"]);
    assert.deepEqual(labels({ fixableOnly: true }), ["Secrets", "lodash 4.17.20"]);
    assert.deepEqual(labels({ least: "critical" }), ["Secrets", "zlib 1.2.11"]);
    assert.deepEqual(labels({ text: "NODE_modules" }), ["lodash 4.17.20"]);
    assert.deepEqual(labels({ text: "nowhere" }), ["3 findings hidden"]);
    const empty = (more: Partial<Report>): unknown =>
      treeOf([inputOf({ ...report, findings: [], ...more })], "severity", noFilter)[0]?.children.map(
        ({ label }) => label,
      );
    assert.deepEqual(empty({}), ["Nothing found"]);
    assert.deepEqual(empty({ suppressed: 2 }), ["Nothing found"]);
    assert.deepEqual(empty({ warnings: ["Old: what follows"] }), ["Old", "Nothing found"]);
    assert.equal(matches(secret, { ...noFilter, fixableOnly: true }), true, "a secret can always be removed");
  });

  test("the numbers of a report are those of its groups, also when a filter hides some", () => {
    const all = inputOf({
      ...report,
      findings: [lodash, zlib, secret, { ...noUser, step: 2 }, finding({ id: "CVE-9" })],
    });
    for (const filter of [noFilter, { ...noFilter, fixableOnly: true }, { ...noFilter, least: "critical" as const }]) {
      const [root] = treeOf([all], "severity", filter);
      const groups = root?.children.map(({ label, description }) => `${Number.parseInt(description, 10)} ${label}`);
      const told = root?.description.split(", ").toSorted();
      const counted = (groups ?? []).map((each) => each.toLowerCase().replace(/^(1 .*?)s$/, "$1"));
      assert.deepEqual(told, counted.toSorted());
    }
    assert.equal(contentsText([]), "nothing");
    assert.equal(contentsText([secret, noUser, noUser]), "1 secret, 2 misconfigurations");
  });

  test("each severity has a shape and a colour of its own", () => {
    for (const at of [0, 1]) assert.equal(new Set(SEVERITIES.map((each) => ICONS[each][at])).size, SEVERITIES.length);
  });

  test("what is in no layer has the line of its instruction, or a reason why there is none", () => {
    const rootUser = finding({ kind: "misconfiguration", id: "DS-0002", step: 2 });
    const [root] = treeOf([inputOf({ ...report, findings: [rootUser] })], "severity", noFilter);
    const [node] = root?.children[0]?.children ?? [];
    assert.deepEqual([node?.description, node?.place?.line], ["line 9 · title", 9]);
    const { dockerfile: _, ...foreign } = report;
    const reasons: readonly (readonly [Report, Finding, RegExp])[] = [
      [foreign, secret, /which Dockerfile made this image is not known/],
      [report, noUser, /nothing in the image causes it/],
      [report, secret, /does not say which layer/],
      [report, { ...secret, layer: id(7) }, /no instruction of the Dockerfile as it is now/],
      [{ ...report, target: { kind: "folder", folder: "/w" } }, secret, /names no file/],
    ];
    for (const [of, what, reason] of reasons) assert.match(whyNoPlace(of, what), reason);
  });

  test("labels begin with what tells them apart; a kept report says of when it is", () => {
    const labelled = (target: Report["target"]): unknown => {
      const [root] = treeOf([inputOf({ ...report, target })], "severity", noFilter);
      return [root?.label, root?.description];
    };
    const counts = "1 critical, 1 high, 1 secret";
    assert.deepEqual(labelled({ kind: "image", image: "registry.example:5000/team/app:1" }), [
      "app:1",
      `${counts} · registry.example:5000/team`,
    ]);
    assert.deepEqual(labelled({ kind: "image", image: `a/b@${id(1)}` }), ["b@sha256:111111111111", `${counts} · a`]);
    assert.deepEqual(labelled({ kind: "folder", folder: "/projects/shop" }), ["shop", counts]);
    const [kept] = treeOf([{ ...inputOf(report), restored: true }], "severity", noFilter);
    const [from] = kept?.children ?? [];
    assert.match(from?.label ?? "", /^From \S/);
    assert.deepEqual([from?.kind, kept?.description], ["note", counts]);
    assert.ok(kept?.spoken.endsWith(from?.label.replace("From", ", from") ?? "none"), kept?.spoken);
  });

  test("our own findings stand first, and what says the same is not said twice", () => {
    const folder: Report = { ...report, target: { kind: "folder", folder: "/w" }, findings: [noUser, secret] };
    const place = { uri: "file:///w/Dockerfile", line: 3, base: false };
    const own = [{ rule: "user-missing", message: "runs as root", place, same: ["DS-0002"] }];
    assert.equal(
      outline(treeOf([inputOf(folder, { own })], "severity", noFilter)),
      `w | 1 secret, 1 of Dockwright
  Secrets | 1 finding
    github-pat | srv/token:2 · title
  Dockwright | 1 finding
    user-missing | runs as root
`,
    );
    assert.ok(outline(treeOf([inputOf(folder)], "severity", noFilter)).includes("DS-0002"));
  });

  test("ids stay what they are from scan to scan and are different from each other; everything can be spoken", () => {
    const all: TreeNode[] = [];
    const visit = (node: TreeNode): void => {
      all.push(node);
      for (const child of node.children) visit(child);
    };
    for (const root of treeOf([inputOf(report)], "severity", noFilter)) visit(root);
    assert.equal(new Set(all.map((node) => node.id)).size, all.length);
    for (const { spoken } of all) assert.match(spoken, /\S/);
    assert.ok(
      all.some(({ spoken }) => spoken === "high: CVE-2021-23337 in lodash 4.17.20, fixed in 4.17.21 · title, line 4"),
    );
    assert.ok(all.some(({ spoken }) => spoken.endsWith("from the base image (line 1)")));
  });
});

describe("what scanners quote of an image's history", () => {
  const history = [
    "USER root",
    "/bin/sh -c #(nop)  USER root",
    "RUN /bin/sh -c apt-get update # buildkit",
    "|1 A=b /bin/sh -c make",
    `RUN /bin/sh -c printf 'token = ${"s3cret".repeat(4)}\\n' > /srv # buildkit`,
    `ENV API_TOKEN=${"t0ken".repeat(4)}`,
  ];
  test("instructions, as each builder writes them; the last of those that say the same", () => {
    const cases: readonly (readonly [quoted: string, step: number | undefined])[] = [
      ["USER root", 1],
      ["RUN apt-get update", 2],
      ["RUN apt-get \\\n  update", 2],
      ["RUN make", 3],
      ["RUN make install", undefined],
      ["", undefined],
    ];
    for (const [quoted, step] of cases) assert.equal(stepOf(history, quoted), step, quoted);
  });

  test("secrets, with stars in their place and the escapes of JSON around them", () => {
    const inRun = quotedSecret(history, `sh -c printf 'token = ${"*".repeat(24)}\\\\n' \\u003e /srv`);
    assert.equal(inRun.step, 4);
    assert.ok(!inRun.hide(history[4] ?? "").includes("s3cret"));
    assert.match(inRun.hide(history[4] ?? ""), /token = \*{24}/);
    const inEnv = quotedSecret(history, `"API_TOKEN=${"*".repeat(20)}",`);
    assert.equal(inEnv.step, 5);
    assert.equal(inEnv.hide(history[5] ?? ""), `ENV API_TOKEN=${"*".repeat(20)}`);
    for (const match of ["", "*".repeat(20), "no stars at all", `other = ${"*".repeat(20)}`])
      assert.equal(quotedSecret(history, match).step, undefined, match);
  });
});

test("SARIF: the instruction's line, paths escaped, every rule once", () => {
  const log = JSON.parse(
    sarifOf(
      [
        {
          report: { ...report, findings: [lodash, lodash, zlib, secret] },
          title: "Trivy",
          page: "https://p.example",
          placeOf: inputOf(report).placeOf,
        },
      ],
      () => "a b/Dockerfile",
    ),
  );
  const [run] = log.runs;
  assert.equal(run.tool.driver.rules.length, 3);
  const [first, , base, lost] = run.results;
  assert.deepEqual(first.locations[0].physicalLocation, {
    artifactLocation: { uri: "a%20b/Dockerfile", uriBaseId: "%SRCROOT%" },
    region: { startLine: 4 },
  });
  assert.equal(first.message.text, "CVE-2021-23337 in lodash 4.17.20, fixed in 4.17.21: title");
  assert.deepEqual([base.level, base.locations[0].physicalLocation.region.startLine], ["error", 1]);
  assert.deepEqual(lost.locations[0].logicalLocations, [{ fullyQualifiedName: "app:1:/srv/token" }]);
});

describe("versions that repair", () => {
  const of = (type: string, name: string, version: string, fixed: readonly string[]): Finding =>
    finding({ package: { name, version, type }, fixed });
  const bumped = (file: string, text: string, what: Finding): string => {
    let out = text;
    for (const { start, end, to } of bumpsIn(file, text, what).toReversed())
      out = out.slice(0, start) + to + out.slice(end);
    return out;
  };

  test("the fix of the same major version, else the nearest", () => {
    assert.equal(versionToTake("0.0.8", ["1.2.6", "0.2.4"]), "0.2.4");
    assert.equal(versionToTake("1.0.0", ["1.2.6", "0.2.4"]), "1.2.6");
    assert.equal(versionToTake("2.0.0", ["4.1", "3.0"]), "3.0");
    assert.equal(versionToTake("1:1.2.11.dfsg-4", ["1:1.2.13.dfsg-2"]), "1:1.2.13.dfsg-2");
    assert.equal(versionToTake("1.10", ["1.9"]), undefined);
    assert.equal(versionToTake("1", []), undefined);
  });

  const cases: readonly (readonly [what: string, file: string, text: string, finding: Finding, expected: string])[] = [
    [
      "apt",
      "Dockerfile",
      "RUN apt-get install -y libcurl=7.1 curl=7.1 \\\n  curl-dev=7.1\n",
      of("deb", "curl", "7.1", ["7.2"]),
      "RUN apt-get install -y libcurl=7.1 curl=7.2 \\\n  curl-dev=7.1\n",
    ],
    [
      "apk",
      "Dockerfile",
      "RUN apk add busybox=1.36.1-r0 a~=1\n",
      of("apk", "busybox", "1.36.1-r0", ["1.36.1-r16"]),
      "RUN apk add busybox=1.36.1-r16 a~=1\n",
    ],
    [
      "pip",
      "Dockerfile",
      "RUN pip install 'Jinja2[i18n]==2.9' x\n",
      of("pypi", "jinja2", "2.9", ["2.10.1"]),
      "RUN pip install 'Jinja2[i18n]==2.10.1' x\n",
    ],
    [
      "npm",
      "Dockerfile",
      "RUN npm i -g lodash@4.17.20 @a/lodash@4.17.20\n",
      lodash,
      "RUN npm i -g lodash@4.17.21 @a/lodash@4.17.20\n",
    ],
    [
      "a version in a variable stays",
      "Dockerfile",
      "RUN npm i lodash@$V curl=7.*\n",
      lodash,
      "RUN npm i lodash@$V curl=7.*\n",
    ],
    ["one that is past it stays", "Dockerfile", "RUN npm i lodash@4.17.22\n", lodash, "RUN npm i lodash@4.17.22\n"],
    [
      "package.json",
      "package.json",
      '{ "lodash": "^4.17.20", "lodash-es": "4.17.20" }',
      lodash,
      '{ "lodash": "^4.17.21", "lodash-es": "4.17.20" }',
    ],
    [
      "requirements.txt",
      "a/requirements-dev.txt",
      "requests == 2.19.0 # why\r\nrequests-x==2.19.0\r\n",
      of("pypi", "requests", "2.19.0", ["2.20.0"]),
      "requests == 2.20.0 # why\r\nrequests-x==2.19.0\r\n",
    ],
    [
      "pyproject.toml",
      "pyproject.toml",
      'dependencies = ["my_lib>=1.0"]\nmy-lib = "^1.0"\n',
      of("pypi", "my.lib", "1.0", ["1.5"]),
      'dependencies = ["my_lib>=1.5"]\nmy-lib = "^1.5"\n',
    ],
    [
      "Cargo.toml",
      "Cargo.toml",
      'time = { features = ["a"], version = "0.1" }\n',
      of("cargo", "time", "0.1", ["0.2"]),
      'time = { features = ["a"], version = "0.2" }\n',
    ],
    [
      "go.mod",
      "go.mod",
      "require (\n\tgolang.org/x/net v0.1.0\n)\n",
      of("golang", "golang.org/x/net", "v0.1.0", ["0.7.0"]),
      "require (\n\tgolang.org/x/net v0.7.0\n)\n",
    ],
    ["Gemfile", "Gemfile", "gem 'rack', '~> 2.0'\n", of("gem", "rack", "2.0", ["2.2.8"]), "gem 'rack', '~> 2.2.8'\n"],
    [
      "pom.xml",
      "pom.xml",
      "<artifactId>log4j-core</artifactId>\n<version>2.14.0</version>",
      of("maven", "org.apache.logging.log4j:log4j-core", "2.14.0", ["2.15.0"]),
      "<artifactId>log4j-core</artifactId>\n<version>2.15.0</version>",
    ],
  ];
  for (const [what, file, text, finding, expected] of cases)
    test(what, () => assert.equal(bumped(file, text, finding), expected));

  test("a package of the same source in RUN", () => {
    const source = finding({
      package: { name: "zlib1g", version: "1.2.11", type: "deb", source: "zlib", parts: ["zlib1g", "zlib1g-dev"] },
      fixed: ["1.2.13"],
    });
    assert.equal(
      bumped("Dockerfile", "RUN apt-get install zlib1g-dev=1.2.11\n", source),
      "RUN apt-get install zlib1g-dev=1.2.13\n",
    );
  });

  test("the manifest behind a lock file, never a package's own", () => {
    assert.deepEqual(
      manifestsFor(finding({ package: { name: "a", version: "1", type: "npm" }, path: "web/package-lock.json" })),
      ["web/package.json", "package.json"],
    );
    assert.deepEqual(manifestsFor(lodash), ["package.json"]);
    assert.deepEqual(manifestsFor(finding({ package: { name: "a", version: "1", type: "deb" } })), []);
    assert.deepEqual(manifestsFor(secret), []);
  });
});
