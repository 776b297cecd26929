/** Entries in the ignore files of scanners: what is there stays, what is written can be read. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { acceptFinding, type Accepted, type IgnoreFile } from "../server/src/core/features/scan/ignore-file.ts";
import { parseYaml, type YamlNode } from "../server/src/core/text/yaml.ts";

const cve: Accepted = { kind: "vulnerability", id: "CVE-2021-23337", reason: "not reachable: only in tests" };

const text = (file: IgnoreFile, before: string, accepted: Accepted = cve): string => {
  const result = acceptFinding(file, before, accepted);
  assert.ok("text" in result, JSON.stringify(result));
  return result.text;
};

const ENTRY = `  - id: CVE-2021-23337
    statement: "not reachable: only in tests"
`;

describe(".trivyignore.yaml", () => {
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    "a new file": ["", `vulnerabilities:\n${ENTRY}`],
    "only comments": ["# ours\n", `# ours\nvulnerabilities:\n${ENTRY}`],
    "another list": ["secrets:\n  - id: x # why\n", `secrets:\n  - id: x # why\nvulnerabilities:\n${ENTRY}`],
    "behind the last entry, with its comment": [
      "vulnerabilities:\n  - id: CVE-1 # first\n\n  # second\n  - id: CVE-2\n    paths:\n      - a # there\nsecrets:\n  - id: x\n",
      `vulnerabilities:\n  - id: CVE-1 # first\n\n  # second\n  - id: CVE-2\n    paths:\n      - a # there\n${ENTRY}secrets:\n  - id: x\n`,
    ],
    "dashes at the margin": [
      "vulnerabilities:\n- id: CVE-1\n",
      `vulnerabilities:\n- id: CVE-1\n${ENTRY.replaceAll(/^ {2}/gm, "")}`,
    ],
    "no line break at the end": ["vulnerabilities:\n  - id: CVE-1", `vulnerabilities:\n  - id: CVE-1\n${ENTRY}`],
    "a key without a list": [
      "vulnerabilities:\nsecrets:\n  - id: x\n",
      `vulnerabilities:\n${ENTRY}secrets:\n  - id: x\n`,
    ],
    "an empty list": ["vulnerabilities: [] # none\n", `vulnerabilities:\n${ENTRY.trimEnd()} # none\n`],
    "a list on one line": [
      "vulnerabilities: [{ id: CVE-1 }]\n",
      'vulnerabilities: [{ id: CVE-1 }, { id: CVE-2021-23337, statement: "not reachable: only in tests" }]\n',
    ],
    CRLF: [
      "vulnerabilities:\r\n  - id: CVE-1\r\n",
      `vulnerabilities:\r\n  - id: CVE-1\r\n${ENTRY.replaceAll("\n", "\r\n")}`,
    ],
  };
  for (const [what, [before, after]] of Object.entries(cases))
    test(what, () => assert.equal(text("trivy-yaml", before), after));

  test("a place, a day, another kind", () => {
    const accepted: Accepted = {
      kind: "secret",
      id: "github-pat",
      reason: "a sample",
      path: "test/token",
      until: "2027-06-30",
    };
    assert.equal(
      text("trivy-yaml", "", accepted),
      `secrets:\n  - id: github-pat\n    paths:\n      - test/token\n    statement: a sample\n    expired_at: 2027-06-30\n`,
    );
  });

  test("what is there already, and what cannot be read, is left alone", () => {
    const there = text("trivy-yaml", "");
    assert.deepEqual(acceptFinding("trivy-yaml", there, { ...cve, reason: "another" }), {
      refusal: "CVE-2021-23337 is in the file already",
    });
    assert.ok(
      "text" in acceptFinding("trivy-yaml", there, { ...cve, path: "only/here" }),
      "under other conditions it is another",
    );
    assert.match(JSON.stringify(acceptFinding("trivy-yaml", "a: [", cve)), /cannot be read as YAML/);
    assert.match(JSON.stringify(acceptFinding("trivy-yaml", "- a\n", cve)), /no YAML mapping/);
    assert.match(JSON.stringify(acceptFinding("trivy-yaml", "vulnerabilities: 5\n", cve)), /is no list/);
    assert.match(
      JSON.stringify(acceptFinding("trivy-yaml", "x: &x\n  - id: a\nvulnerabilities: *x\n", cve)),
      /from elsewhere/,
    );
  });
});

test(".grype.yaml: other settings stay; it has no day, so the reason says it", () => {
  const before = "# how we scan\nfail-on-severity: high\nignore:\n  - vulnerability: CVE-1\n";
  assert.equal(
    text("grype-yaml", before, { ...cve, path: "app/package.json", package: "lodash", until: "2027-06-30" }),
    `${before}  - vulnerability: CVE-2021-23337
    reason: "not reachable: only in tests (until 2027-06-30)"
    package:
      name: lodash
      location: "/app/package.json"
`,
  );
});

test(".trivyignore: the reason as a comment", () => {
  assert.equal(text("trivy-list", "# a\nCVE-1"), "# a\nCVE-1\n# not reachable: only in tests\nCVE-2021-23337\n");
  assert.equal(
    text("trivy-list", "", { ...cve, reason: "two\nlines", until: "2027-06-30" }),
    "# two lines\nCVE-2021-23337 exp:2027-06-30\n",
  );
  assert.ok("refusal" in acceptFinding("trivy-list", "CVE-2021-23337 exp:2026-01-01\n", cve));
});

test("whatever the reason and whatever was there, both can be read afterwards", () => {
  const entries = fc.array(
    fc.record({
      id: fc.string({ minLength: 1 }),
      reason: fc.string({ minLength: 1 }),
      path: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(entries, fc.constantFrom<IgnoreFile>("trivy-yaml", "grype-yaml"), (list, file) => {
      let out = "";
      const written: string[] = [];
      for (const { id, reason, path } of list) {
        const result = acceptFinding(file, out, {
          kind: "vulnerability",
          id,
          reason,
          ...(path !== undefined && { path }),
        });
        if ("refusal" in result) continue;
        out = result.text;
        written.push(id, reason);
      }
      const { root, problems } = parseYaml(out);
      assert.deepEqual(problems, []);
      const values = root ? scalars(root) : [];
      for (const value of written) assert.ok(values.includes(value), JSON.stringify({ value, out }));
    }),
    { numRuns: 300 },
  );
});

const scalars = (node: YamlNode): readonly unknown[] => {
  if (node.kind === "scalar") return [node.value];
  return node.kind === "list" ? node.items.flatMap(scalars) : node.entries.flatMap(({ value }) => scalars(value));
};
