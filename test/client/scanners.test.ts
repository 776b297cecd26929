/** What scanners are called with, and what their reports and complaints are read as. Small texts in the shape of the real ones. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Outcome } from "../../client/src/process.ts";
import { choicesOf } from "../../client/src/scanners/base-choices.ts";
import { type Daemon, daemonQuestion, engineCall, readDaemon } from "../../client/src/scanners/daemon.ts";
import { findScanner, type Found, type Run, SCANNERS, whyNone } from "../../client/src/scanners/find.ts";
import { grype } from "../../client/src/scanners/grype.ts";
import { hasDigest, tagOf, withTag } from "../../client/src/scanners/image-name.ts";
import { objectIn, oneLine } from "../../client/src/scanners/json.ts";
import { type Finding, keyOf, type Report } from "../../client/src/scanners/report.ts";
import { scan } from "../../client/src/scanners/scan.ts";
import {
  compromised,
  databaseWarning,
  failureOf,
  type Scanner,
  type ScanOptions,
  whyNoImage,
} from "../../client/src/scanners/scanner.ts";
import { scout } from "../../client/src/scanners/scout.ts";
import { exceeded, gateOf, thresholdsOf } from "../../client/src/scanners/thresholds.ts";
import { checkId, trivy } from "../../client/src/scanners/trivy.ts";

const LAYER = `sha256:${"1".repeat(64)}`;
const options: ScanOptions = { offline: false, source: "docker", output: "/tmp/report" };

const trivyReport = {
  SchemaVersion: 2,
  ArtifactName: "app:1",
  ArtifactType: "container_image",
  Metadata: {
    ImageID: `sha256:${"2".repeat(64)}`,
    DiffIDs: [LAYER],
    RepoDigests: [`app@sha256:${"3".repeat(64)}`],
    ImageConfig: { history: [{ created_by: "COPY a / # buildkit" }, { created_by: "ENV A=b", empty_layer: true }] },
  },
  Results: [
    {
      Target: "app:1 (debian 12.5)",
      Class: "os-pkgs",
      Packages: [
        { ID: "libc6@2.36", SrcName: "glibc" },
        { ID: "libc-bin@2.36", SrcName: "glibc" },
      ],
      Vulnerabilities: ["libc6", "libc-bin"].map((name) => ({
        VulnerabilityID: "CVE-2099-0001",
        PkgID: `${name}@2.36`,
        PkgName: name,
        PkgIdentifier: { PURL: `pkg:deb/debian/${name}@2.36?arch=amd64` },
        InstalledVersion: "2.36",
        Status: "will_not_fix",
        Severity: "LOW",
        Layer: { DiffID: LAYER },
        PrimaryURL: "http://advisory.example/plain",
      })),
    },
    {
      Target: "Node.js",
      Class: "lang-pkgs",
      Vulnerabilities: [
        {
          VulnerabilityID: "CVE-2021-44906",
          VendorIDs: ["GHSA-xvch-5gv4-984h"],
          PkgName: "minimist",
          PkgPath: "srv/node_modules/minimist/package.json",
          PkgIdentifier: { PURL: "pkg:npm/minimist@0.0.8" },
          InstalledVersion: "0.0.8",
          FixedVersion: "1.2.6, 0.2.4",
          Severity: "CRITICAL",
          Title: "prototype\n\u202Epollution",
          PrimaryURL: "https://advisory.example/1",
        },
        { VulnerabilityID: 5, PkgName: "half" },
        "not an object",
      ],
    },
    {
      Target: "/srv/token",
      Class: "secret",
      Secrets: [
        {
          RuleID: "github-pat",
          Severity: "CRITICAL",
          Title: "GitHub Personal Access Token",
          StartLine: 3,
          Match: "token = ****",
          Code: { Lines: [{ Content: "other = in-the-clear" }] },
        },
      ],
    },
    {
      Target: "app:1",
      Class: "config",
      Misconfigurations: [
        {
          ID: "DS002",
          AVDID: "AVD-DS-0002",
          Severity: "HIGH",
          Message: "no USER",
          Status: "FAIL",
          CauseMetadata: { StartLine: 7 },
        },
        { ID: "DS026", Severity: "LOW", Status: "PASS" },
      ],
      ExperimentalModifiedFindings: [{}, {}],
    },
  ],
};

describe("Trivy", () => {
  test("images, folders, archives", () => {
    const image = trivy.scan({ kind: "image", image: "app:1", platform: "linux/arm64" }, options);
    assert.deepEqual(image.args.slice(-6), ["--platform", "linux/arm64", "--image-src", "docker", "--", "app:1"]);
    const remote = trivy.scan({ kind: "image", image: "app:1" }, { ...options, source: "registry" });
    assert.deepEqual(remote.args.slice(-4), ["--image-src", "remote", "--", "app:1"]);
    assert.equal(image.env["TRIVY_DISABLE_TELEMETRY"], "true");
    assert.equal(image.env["TRIVY_SKIP_DB_UPDATE"], undefined);
    const folder = trivy.scan(
      { kind: "folder", folder: "/a b" },
      { ...options, offline: true, ignoreFile: "/a b/.trivyignore" },
    );
    assert.deepEqual(folder.args.slice(0, 1), ["fs"]);
    assert.deepEqual(folder.args.slice(-2), ["--", "/a b"]);
    assert.deepEqual(folder.args.slice(4, 6), ["--ignorefile", "/a b/.trivyignore"]);
    assert.equal(folder.env["TRIVY_SKIP_DB_UPDATE"], "true");
    const archive = trivy.scan({ kind: "image", image: "app:1" }, { ...options, archive: "/x/image.tar" });
    assert.deepEqual(archive.args.slice(-2), ["--input", "/x/image.tar"]);
  });

  test("a report: parts of one source are one, secrets are not shown, what is half is left out", () => {
    const parsed = trivy.parse(JSON.stringify(trivyReport));
    assert.ok(parsed);
    assert.deepEqual(
      parsed.findings.map(({ kind, id, severity, fixed, path, line, layer, wontFix }) => ({
        kind,
        id,
        severity,
        fixed,
        path,
        line,
        layer,
        wontFix,
      })),
      [
        {
          kind: "vulnerability",
          id: "CVE-2099-0001",
          severity: "low",
          fixed: [],
          path: undefined,
          line: undefined,
          layer: LAYER,
          wontFix: true,
        },
        {
          kind: "vulnerability",
          id: "CVE-2021-44906",
          severity: "critical",
          fixed: ["1.2.6", "0.2.4"],
          path: "srv/node_modules/minimist/package.json",
          line: undefined,
          layer: undefined,
          wontFix: undefined,
        },
        {
          kind: "secret",
          id: "github-pat",
          severity: "critical",
          fixed: [],
          path: "srv/token",
          line: 3,
          layer: undefined,
          wontFix: undefined,
        },
        {
          kind: "misconfiguration",
          id: "DS-0002",
          severity: "high",
          fixed: [],
          path: undefined,
          line: undefined,
          layer: undefined,
          wontFix: undefined,
        },
      ],
    );
    const [system, npm] = parsed.findings;
    assert.deepEqual(system?.package, {
      name: "libc6",
      version: "2.36",
      type: "deb",
      source: "glibc",
      parts: ["libc6", "libc-bin"],
    });
    assert.equal(system?.link, undefined, "only https is opened");
    assert.equal(npm?.title, "prototype pollution");
    assert.equal(npm?.link, "https://advisory.example/1");
    assert.deepEqual(parsed.findings.at(-1)?.aliases, ["AVD-DS-0002", "DS002"], "what this release calls it");
    assert.equal(parsed.suppressed, 2);
    assert.deepEqual(parsed.image?.diffIds, [LAYER]);
    assert.deepEqual(
      parsed.image?.history.map(({ empty }) => empty),
      [false, true],
    );
    assert.ok(!JSON.stringify(parsed).includes("in-the-clear"));
  });

  test("nothing found, progress around it, other JSON, no JSON", () => {
    assert.deepEqual(trivy.parse('{"SchemaVersion":2}')?.findings, []);
    assert.deepEqual(trivy.parse('\uFEFF2026 INFO {half}\n{"SchemaVersion":2,\n"Results":null}\nbye\n')?.findings, []);
    assert.equal(trivy.parse('{"version":"2.1.0","runs":[]}'), undefined);
    for (const text of ["", "[]", "null", "{", "Usage: trivy"]) assert.equal(trivy.parse(text), undefined, text);
  });

  test("ids of checks of all releases", () => {
    for (const id of ["DS002", "AVD-DS-0002", "DS-0002"]) assert.equal(checkId(id), "DS-0002");
    assert.equal(checkId("KSV-0117"), "KSV-0117");
    assert.equal(checkId("my-own"), "my-own");
  });

  test("versions", () => {
    const output = '{"Version":"0.68.1","VulnerabilityDB":{"Version":2,"UpdatedAt":"2026-11-20T06:00:00Z"}}';
    assert.deepEqual(trivy.versions([output]), {
      version: "0.68.1",
      database: { version: "2/2026-11-20T06:00:00Z", built: "2026-11-20T06:00:00Z" },
    });
    assert.deepEqual(trivy.versions(['{"Version":"dev"}']), { version: "dev" });
    assert.equal(trivy.versions(["trivy: no such command"]), undefined);
  });
});

const grypeReport = {
  matches: [
    {
      vulnerability: {
        id: "GHSA-35jh-r3h4-6jhm",
        dataSource: "https://advisory.example/ghsa",
        severity: "High",
        description: "Command injection",
        fix: { versions: ["4.17.21"], state: "fixed" },
      },
      relatedVulnerabilities: [{ id: "CVE-2021-23337" }],
      artifact: {
        name: "lodash",
        version: "4.17.20",
        type: "npm",
        purl: "pkg:npm/lodash@4.17.20",
        locations: [{ path: "/app/node_modules/lodash/package.json", layerID: LAYER }],
      },
    },
    {
      vulnerability: { id: "CVE-2023-45853", severity: "Negligible", fix: { versions: [], state: "wont-fix" } },
      artifact: { name: "zlib1g", version: "1:1.2.13", type: "deb", upstreams: [{ name: "zlib" }] },
    },
  ],
  ignoredMatches: [{}],
  source: {
    type: "image",
    target: {
      imageID: `sha256:${"4".repeat(64)}`,
      layers: [{ digest: LAYER }],
      config: Buffer.from(
        JSON.stringify({ rootfs: { diff_ids: [LAYER] }, history: [{ created_by: "COPY a /" }] }),
      ).toString("base64"),
    },
  },
  descriptor: { db: { status: { schemaVersion: "v6.0.2", built: "2026-11-19T00:00:00Z" } } },
};

describe("Grype", () => {
  test("a scheme in front, so that `registry:2` is an image", () => {
    const last = (source: ScanOptions["source"], image: string): unknown =>
      grype.scan({ kind: "image", image }, { ...options, source }).args.at(-1);
    assert.equal(last("registry", "registry:2"), "registry:registry:2");
    assert.equal(last("podman", "app"), "podman:app");
    assert.equal(grype.scan({ kind: "folder", folder: "/a b" }, options).args.at(-1), "dir:/a b");
    assert.equal(
      grype.scan({ kind: "image", image: "a" }, { ...options, archive: "/x.tar" }).args.at(-1),
      "docker-archive:/x.tar",
    );
    const offline = grype.scan(
      { kind: "image", image: "a" },
      { ...options, offline: true, ignoreFile: "/w/.grype.yaml" },
    );
    assert.equal(offline.env["GRYPE_DB_AUTO_UPDATE"], "false");
    assert.ok(offline.args.includes("/w/.grype.yaml"));
  });

  test("a report", () => {
    const parsed = grype.parse(JSON.stringify(grypeReport));
    const [lodash, zlib] = parsed?.findings ?? [];
    assert.deepEqual(
      { ...lodash },
      {
        kind: "vulnerability",
        id: "GHSA-35jh-r3h4-6jhm",
        aliases: ["CVE-2021-23337"],
        severity: "high",
        title: "Command injection",
        package: { name: "lodash", version: "4.17.20", type: "npm" },
        fixed: ["4.17.21"],
        path: "app/node_modules/lodash/package.json",
        layer: LAYER,
        link: "https://advisory.example/ghsa",
      },
    );
    assert.deepEqual([zlib?.severity, zlib?.wontFix, zlib?.package?.source], ["negligible", true, "zlib"]);
    assert.equal(lodash?.package?.source, undefined);
    assert.deepEqual(parsed?.database, { version: "v6.0.2/2026-11-19T00:00:00Z", built: "2026-11-19T00:00:00Z" });
    assert.equal(parsed?.suppressed, 1);
    assert.deepEqual(parsed?.image?.history, [{ createdBy: "COPY a /", empty: false }]);
  });

  test("the package that has its source's name belongs to its parts", () => {
    const match = (name: string, upstreams: readonly object[]): object => ({
      vulnerability: { id: "CVE-2099-0002", severity: "Low", fix: { state: "wont-fix" } },
      artifact: { name, version: "3.1", type: "rpm", purl: `pkg:rpm/x/${name}@3.1`, upstreams, locations: [] },
    });
    const parsed = grype.parse(
      JSON.stringify({ matches: [match("tool", []), match("tool-libs", [{ name: "tool", version: "3.1" }])] }),
    );
    assert.deepEqual(
      parsed?.findings.map(({ package: of }) => of?.parts),
      [["tool", "tool-libs"]],
    );
  });

  test("nothing found; an older database's place; no report", () => {
    assert.deepEqual(grype.parse('{"matches":null}')?.findings, []);
    const old = grype.parse('{"matches":[],"descriptor":{"db":{"built":"2023-09-01T00:00:00Z","schemaVersion":5}}}');
    assert.deepEqual(old?.database, { version: "5/2023-09-01T00:00:00Z", built: "2023-09-01T00:00:00Z" });
    assert.equal(grype.parse('{"artifacts":[]}'), undefined);
  });

  test("versions", () => {
    const database = '{"schemaVersion":"v6.0.2","built":"2026-11-19T00:00:00Z","valid":true}';
    assert.equal(
      grype.versions(['{"application":"grype","version":"0.116.0"}', database])?.database?.built,
      "2026-11-19T00:00:00Z",
    );
    assert.deepEqual(grype.versions(['{"version":"0.116.0"}', "no database"]), { version: "0.116.0" });
  });
});

describe("Docker Scout", () => {
  const rule = (id: string, properties: object): object => ({ id, helpUri: `https://scout.example/${id}`, properties });
  const report = {
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            rules: [
              rule("CVE-1", {
                purls: ["pkg:npm/%40scope/name@1.0.0"],
                cvssV3_severity: "HIGH",
                fixed_version: "1.0.1",
              }),
              rule("CVE-2", {
                purl: "pkg:deb/debian/zlib@1%3A1.2.13?os_name=debian",
                cvssV3_severity: "UNSPECIFIED",
                fixed_version: "not fixed",
              }),
              rule("CVE-3", {}),
              rule("CVE-4", { cvssV3_severity: "LOW" }),
              rule("CVE-5", { cvssV3_severity: "MEDIUM" }),
            ],
          },
        },
        results: [
          { ruleId: "CVE-4", message: { text: "\n  Severity : LOW\n  Package         : pkg:pypi/jinja2@2.9\n" } },
          { ruleId: "CVE-5", message: { text: "found" } },
          { ruleId: "CVE-1", locations: [{ physicalLocation: { artifactLocation: { uri: "/app/package.json" } } }] },
        ],
      },
    ],
  };

  test("a report goes into a file: progress is printed among it otherwise", () => {
    const { args } = scout.scan({ kind: "image", image: "app" }, { ...options, source: "registry" });
    assert.deepEqual(args, ["cves", "--format", "sarif", "--output", "/tmp/report", "--", "registry://app"]);
    assert.equal(scout.scan({ kind: "folder", folder: "/w" }, options).args.at(-1), "fs:///w");
    assert.equal(scout.scan({ kind: "image", image: "app" }, options).args.at(-1), "local://app");
  });

  test("package URLs become packages", () => {
    const findings = scout.parse(JSON.stringify(report))?.findings ?? [];
    assert.deepEqual(
      findings.map(({ id, severity, package: of, fixed, path }) => ({ id, severity, of, fixed, path })),
      [
        {
          id: "CVE-1",
          severity: "high",
          of: { name: "@scope/name", version: "1.0.0", type: "npm" },
          fixed: ["1.0.1"],
          path: "app/package.json",
        },
        {
          id: "CVE-2",
          severity: "unknown",
          of: { name: "zlib", version: "1:1.2.13", type: "deb" },
          fixed: [],
          path: undefined,
        },
        {
          id: "CVE-4",
          severity: "low",
          of: { name: "jinja2", version: "2.9", type: "pypi" },
          fixed: [],
          path: undefined,
        },
        { id: "CVE-5", severity: "medium", of: undefined, fixed: [], path: undefined },
      ],
    );
    assert.equal(scout.parse("{}"), undefined);
  });

  test("versions", () => {
    assert.deepEqual(scout.versions(["   Docker Scout\n\nversion: v1.20.4 (go1.25.0 - linux/amd64)\n"]), {
      version: "1.20.4",
    });
    assert.equal(scout.versions(["docker: 'scout' is not a docker command."]), undefined);
  });
});

describe("which scanner", () => {
  const outcome = (stdout: string, missing = false): Outcome => ({
    code: missing ? null : 0,
    stdout,
    stderr: "",
    truncated: false,
    missing,
  });
  const installed =
    (answers: Readonly<Record<string, string>>): Run =>
    async ({ command, args }) => {
      const name = command === "docker" && args[0] === "scout" ? "scout" : command;
      return outcome(answers[name] ?? "", !(name in answers));
    };
  const wanted = { scanner: "auto", containerImage: "", engine: "podman" };
  const signal = new AbortController().signal;

  test("the first that answers, the one that is set, or none and what to do", async () => {
    const run = installed({ grype: '{"version":"0.116.0"}', scout: "version: v1.2.3" });
    assert.equal((await findScanner(wanted, run, signal))?.scanner.name, "grype");
    assert.equal((await findScanner({ ...wanted, scanner: "scout" }, run, signal))?.scanner.name, "scout");
    assert.equal(await findScanner({ ...wanted, scanner: "trivy" }, run, signal), undefined);
    assert.match(whyNone(wanted).message, /neither Trivy nor Grype nor Docker Scout answers/);
    assert.match(whyNone({ ...wanted, scanner: "grype" }).message, /^Grype is not installed/);
    for (const { page } of SCANNERS) assert.match(page, /^https:/);
  });

  test("from a container image: no socket, what is mounted as one field of CSV each", async () => {
    const run = installed({ podman: '{"Version":"0.70.0"}' });
    const found = await findScanner({ ...wanted, containerImage: "aquasec/trivy:0.70.0" }, run, signal);
    assert.equal(found?.contained, true);
    const launch = found?.invoke({ args: ["fs", "--", "/scan"], env: { A: "b" } }, [
      { source: '/a "b",c', target: "/scan", readonly: true },
    ]);
    const args = launch?.invocation.args ?? [];
    assert.equal(launch?.invocation.command, "podman");
    assert.ok(args.includes('type=bind,"source=/a ""b"",c",target=/scan,readonly'));
    assert.ok(!args.some((arg) => arg.includes(".sock")));
    assert.deepEqual(args.slice(-6), ["--env", "A=b", "aquasec/trivy:0.70.0", "fs", "--", "/scan"]);
    assert.deepEqual(launch?.cleanup?.args, ["rm", "--force", args[args.indexOf("--name") + 1]]);
  });
});

describe("where the engine is", () => {
  const said = (stdout: string, code = 0): Outcome => ({ code, stdout, stderr: "", truncated: false, missing: false });
  const context = (docker: object, more: object = {}): string => JSON.stringify([{ Endpoints: { docker }, ...more }]);
  const tls = { TLSMaterial: { docker: ["ca.pem"] }, Storage: { TLSPath: "/p/.docker/contexts/tls/1" } };
  const socket = { engine: "docker", host: "unix:///run/docker.sock" } as const;
  const podman = (path: string, exists: boolean): string => JSON.stringify({ path, exists });

  test("is asked of its own program", () => {
    assert.deepEqual(daemonQuestion("docker", {})?.args, ["context", "inspect"]);
    assert.deepEqual(daemonQuestion("docker", { dockerContext: "-x" })?.args, ["context", "inspect", "--", "-x"]);
    assert.equal(daemonQuestion("podman", {})?.command, "podman");
    assert.equal(daemonQuestion("nerdctl", {}), undefined);
    assert.deepEqual(engineCall("docker", ["images"], { dockerContext: "far" }).args, ["--context=far", "images"]);
    assert.deepEqual(engineCall("podman", ["images"], { dockerContext: "far" }).args, ["images"]);
  });

  const answers: readonly (readonly [engine: string, Outcome, name: string | undefined, Daemon | undefined])[] = [
    ["docker", said(context({ Host: socket.host })), undefined, socket],
    ["docker", said(context({ Host: socket.host })), "near", { ...socket, context: "near" }],
    [
      "docker",
      said(context({ Host: "tcp://far:2376", SkipTLSVerify: true }, tls)),
      "far",
      {
        engine: "docker",
        host: "tcp://far:2376",
        context: "far",
        certificates: "/p/.docker/contexts/tls/1/docker",
        skipVerify: true,
      },
    ],
    ["docker", said(context({ Host: "ssh://me@far" })), "far", undefined],
    ["docker", said("", 1), "gone", undefined],
    ["docker", said("unknown command", 1), undefined, { engine: "docker" }],
    [
      "podman",
      said(podman("/run/user/1/podman.sock", true)),
      "far",
      { engine: "podman", host: "unix:///run/user/1/podman.sock" },
    ],
    ["podman", said(podman("unix:///run/p.sock", true)), undefined, { engine: "podman", host: "unix:///run/p.sock" }],
    ["podman", said(podman("/run/user/1/podman.sock", false)), undefined, undefined],
    ["podman", said("no JSON"), undefined, undefined],
    ["nerdctl", said(context({ Host: socket.host })), undefined, undefined],
  ];
  for (const [engine, outcome, dockerContext, daemon] of answers)
    test(`${engine} ${dockerContext ?? ""}: ${outcome.stdout.slice(0, 60)}`, () => {
      assert.deepEqual(readDaemon(engine, outcome, { dockerContext }), daemon);
    });

  const far: Daemon = { engine: "docker", host: "tcp://far:2376", context: "far", certificates: "/tls" };
  const user: Daemon = { engine: "podman", host: "unix:///run/p.sock" };
  const encrypted = { DOCKER_HOST: "tcp://far:2376", DOCKER_CERT_PATH: "/tls", DOCKER_TLS_VERIFY: "1" };
  const plain = { DOCKER_HOST: "tcp://a:2375", DOCKER_CERT_PATH: "", DOCKER_TLS_VERIFY: "" };
  const variables: readonly (readonly [Scanner, Daemon, object | undefined])[] = [
    [trivy, { engine: "docker" }, {}],
    [trivy, socket, { DOCKER_HOST: socket.host, TRIVY_DOCKER_HOST: socket.host }],
    [trivy, far, { ...encrypted, TRIVY_DOCKER_HOST: "tcp://far:2376" }],
    [trivy, user, { TRIVY_PODMAN_HOST: "/run/p.sock" }],
    [grype, { engine: "docker" }, {}],
    [grype, socket, { DOCKER_HOST: socket.host }],
    [grype, far, encrypted],
    [grype, { ...far, skipVerify: true }, { ...encrypted, DOCKER_TLS_VERIFY: "" }],
    [grype, { engine: "docker", host: "tcp://a:2375", context: "a" }, plain],
    [grype, user, undefined],
    [scout, socket, {}],
    [scout, far, { DOCKER_CONTEXT: "far" }],
    [scout, user, undefined],
  ];
  for (const [scanner, daemon, expected] of variables)
    test(`${scanner.title} gets to ${daemon.host ?? "where docker is"}${daemon.skipVerify === true ? ", unverified" : ""}`, () => {
      assert.deepEqual(scanner.reach(daemon), expected);
    });
});

describe("what goes wrong", () => {
  const failed = (stderr: string, more: Partial<Outcome> = {}): Outcome => ({
    code: 1,
    stdout: "",
    stderr,
    truncated: false,
    missing: false,
    ...more,
  });
  const cases: readonly (readonly [Scanner, Outcome, RegExp])[] = [
    [trivy, failed("", { missing: true, code: null }), /^Trivy is not installed$/],
    [trivy, failed("", { truncated: true }), /printed more about app than can be read/],
    [trivy, failed("", { code: null }), /was ended from outside while it scanned app; too little memory/],
    [
      trivy,
      failed("\ntrivy did not end within 900 s", { code: null }),
      /gave no report for app: trivy did not end within 900 s/,
    ],
    [
      trivy,
      failed("ERROR [vulndb] The first run cannot skip downloading DB"),
      /no vulnerability database yet, and downloads are off/,
    ],
    [trivy, failed("FATAL failed to download vulnerability DB: TOOMANYREQUESTS"), /database could not be downloaded/],
    [trivy, failed("unable to find the specified image"), /build or pull it and scan again/],
    [trivy, failed("write /tmp/x: no space left on device"), /the disk is full/],
    [trivy, failed("dial unix /var/run/docker.sock: connect: permission denied"), /may not use the engine's socket/],
    [trivy, failed("GET https://r/v2/: UNAUTHORIZED: authentication required"), /run `docker login`/],
    [trivy, failed("x509: certificate signed by unknown authority"), /a certificate is not trusted/],
    [
      trivy,
      failed("\u001b[34mINFO\u001b[0m fine\nFATAL\tsomething new\n"),
      /ended with 1 for app: FATAL\tsomething new/,
    ],
    [
      trivy,
      failed(
        "2026-11-21T19:18:29Z\tINFO\t[misconfig] on\n2026-11-21T19:18:29Z\tERROR\t[misconfig] Falling back to embedded checks",
      ),
      /ended with 1 for app: it gave no reason; the last it said is: ERROR\t\[misconfig\] Falling back/,
    ],
    [trivy, failed("INFO only\n"), /ended with 1 for app: it gave no reason; the last it said is: INFO only/],
    [
      trivy,
      failed("\n", { stdout: "Scan a container image\n\nUsage:\n  trivy image [flags] IMAGE_NAME\n" }),
      /does not know an option it was given/,
    ],
    [trivy, failed("", { stdout: "\uFFFD\uFFFD" }), /neither UTF-8 text nor a report/],
    [
      grype,
      failed("the vulnerability database was built 2 weeks ago (max allowed age is 5 days)"),
      /too old\. Run `grype db update`/,
    ],
    [grype, failed("failed to load vulnerability db: database does not exist"), /it has no vulnerability database/],
    [scout, failed("Please log in with your Docker ID"), /needs a login/],
    [scout, failed("docker: 'scout' is not a docker command."), /this docker has no Scout/],
  ];
  for (const [scanner, outcome, message] of cases)
    test(`${scanner.title}: ${outcome.stderr.trim().slice(0, 40) || JSON.stringify(message.source)}`, () => {
      assert.match(failureOf(scanner, outcome, "app"), message);
    });

  test("releases that attackers published", () => {
    assert.match(
      compromised(trivy, "v0.69.4") ?? "",
      /^Tampered release: Trivy 0\.69\.4 was published by attackers \(CVE-2026-33634\)/,
    );
    assert.equal(compromised(trivy, "0.69.3"), undefined);
    assert.equal(compromised(grype, "0.69.4"), undefined);
  });

  test("a database that was updated by the scan is not called old, and the report is kept under it", async () => {
    const now = Date.parse("2026-11-21T00:00:00Z");
    const old = { version: "2/old", built: "2026-10-01T00:00:00Z" };
    const fresh = { version: "2/new", built: "2026-11-20T00:00:00Z" };
    const kept: string[] = [];
    const scanWith = async (offline: boolean, database = old): Promise<Report> => {
      const found: Found = {
        scanner: trivy,
        versions: { version: "0.68.1", database },
        contained: false,
        invoke: ({ args }) => ({ invocation: { command: "trivy", args } }),
        askAgain: async () => ({ version: "0.68.1", database: fresh }),
      };
      const run: Run = async ({ command }) =>
        failed("", { code: 0, stdout: command === "trivy" ? '{"SchemaVersion":2}' : `sha256:${"5".repeat(64)}\n` });
      return scan(
        found,
        {
          target: { kind: "image", image: "app" },
          offline,
          engines: ["docker"],
          where: {},
          digest: async () => undefined,
        },
        {
          run,
          cache: { read: async () => undefined, write: async (key) => void kept.push(key) },
          log: () => {},
          now: () => now,
        },
        new AbortController().signal,
      );
    };
    const updated = await scanWith(false);
    assert.deepEqual([updated.warnings, updated.database], [[], fresh]);
    const offline = await scanWith(true);
    assert.match(offline.warnings.join(), /^Old database \(51 days\)/);
    assert.deepEqual(offline.database, old);
    await scanWith(false, fresh);
    assert.equal(kept[0], kept[2], "the next scan finds it");
    assert.notEqual(kept[0], kept[1]);
  });

  test("the age of a database", () => {
    const now = Date.parse("2026-11-21T00:00:00Z");
    const age = (built: string | undefined): string | undefined =>
      databaseWarning(trivy, { version: "2", ...(built !== undefined && { built }) }, now);
    assert.equal(age("2026-11-20T00:00:00Z"), undefined);
    assert.match(age("2026-11-01T00:00:00Z") ?? "", /^Old database \(20 days\): Trivy/);
    for (const built of [undefined, "nonsense", "0001-01-01T00:00:00Z"]) assert.equal(age(built), undefined);
  });

  test("names that are no image's", () => {
    for (const image of ["-rm", "--help", "", "a b", "a\nb", "a\u0000b"])
      assert.ok(whyNoImage(image), JSON.stringify(image));
    for (const image of ["a", "r.example:5000/a/b:1@sha256:0", "a;b", "$(x)"])
      assert.equal(whyNoImage(image), undefined, image);
  });
});

const finding = (more: Partial<Finding>): Finding => ({
  kind: "vulnerability",
  id: "CVE-1",
  aliases: [],
  severity: "high",
  title: "t",
  fixed: [],
  ...more,
});

test("thresholds: what is over, and only what can be fixed where that is wanted", () => {
  const findings = [
    finding({ severity: "critical" }),
    finding({ severity: "critical", fixed: ["2"] }),
    finding({ kind: "secret", severity: "high" }),
  ];
  assert.equal(exceeded(findings, thresholdsOf({ critical: 1, high: 1 })), "2 critical (at most 1)");
  assert.equal(exceeded(findings, thresholdsOf({ critical: 1, fixableOnly: true })), undefined);
  assert.equal(
    exceeded(findings, thresholdsOf({ high: 0, fixableOnly: true })),
    "1 high (with secrets and misconfigurations; at most 0)",
    "a secret needs no version",
  );
  for (const none of [undefined, {}, { critical: "0" }, { critical: -1 }, []])
    assert.equal(exceeded(findings, thresholdsOf(none)), undefined);
});

test("the gate that thresholds make", () => {
  const cases: readonly (readonly [setting: object, gate: string | undefined])[] = [
    [{}, undefined],
    [{ critical: 0 }, "critical"],
    [{ critical: 0, high: 5 }, "critical"],
    [{ critical: 3, high: 0 }, "high"],
    [{ critical: 1, high: 2 }, undefined],
    [{ critical: 0, negligible: 0 }, "negligible"],
  ];
  for (const [setting, gate] of cases) assert.equal(gateOf(thresholdsOf(setting)), gate, JSON.stringify(setting));
});

test("choices of a base image: the one that removes most first, what could not be scanned last", () => {
  const at = (...ids: readonly string[]): { findings: Finding[] } => ({ findings: ids.map((id) => finding({ id })) });
  const choices = choicesOf(["22.1", "23", "24"], [at("a", "b", "c"), at("a", "b"), { failure: "no" }, at("d")]);
  assert.deepEqual(choices, [
    { tag: "24", description: "removes 3, adds 1", detail: "1 high" },
    { tag: "22.1", description: "removes 1", detail: "2 high" },
    { tag: "23", description: "not scanned", detail: "no" },
  ]);
  assert.deepEqual(choicesOf(["2"], []), [{ tag: "2", description: "not scanned", detail: "" }]);
});

test("another tag: registry ports and digests", () => {
  assert.equal(withTag("node", "24"), "node:24");
  assert.equal(withTag("127.0.0.1:5000/a/node:22@sha256:0", "24"), "127.0.0.1:5000/a/node:24");
  assert.equal(withTag("127.0.0.1:5000/node", "24"), "127.0.0.1:5000/node:24");
  assert.equal(tagOf("127.0.0.1:5000/node:22@sha256:0"), "22");
  assert.equal(tagOf("127.0.0.1:5000/node"), undefined);
  assert.deepEqual([hasDigest("a@sha256:0"), hasDigest("a:1")], [true, false]);
});

test("findings are told apart by what they are, packages of one source are not", () => {
  const of = (name: string, source?: string): Finding =>
    finding({ package: { name, version: "1", type: "deb", ...(source !== undefined && { source }) } });
  assert.equal(keyOf(of("libc6", "glibc")), keyOf(of("libc-bin", "glibc")));
  assert.notEqual(keyOf(of("a")), keyOf(of("b")));
});

test("JSON among other lines, and labels without control characters", () => {
  assert.deepEqual(objectIn('pulling {1}\n{"a":1}\n'), { a: 1 });
  assert.equal(objectIn("{".repeat(10_000)), undefined);
  assert.equal(oneLine("a\u0007\u202E b\r\nc"), "a b c");
  assert.equal(oneLine("x".repeat(400)).length, 300);
});
