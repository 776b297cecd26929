/** What `dockwright check` prints: text, JSON, SARIF and GitHub. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { codeFrame } from "../../server/src/cli/reporters/code-frame.ts";
import { locator } from "../../server/src/cli/locate.ts";
import { jsonArray } from "../../server/src/cli/reporters/json.ts";
import schema from "../vendor/sarif-schema-2.1.0.json" with { type: "json" };
import { linesOf } from "../../server/src/core/text/lines.ts";
import { cli, folderWith, rules } from "./harness.ts";

const FILES = {
  Dockerfile: "FROM scratch\n\nLABEL a=bad \\\n  b=grave\n",
  "sub/web.dockerfile": "FROM scratch\nLABEL stuck=trifle\n",
  "clean.dockerfile": "FROM scratch\n",
};

test("text: a frame per finding, then a summary", async (t) => {
  const cwd = folderWith(t, FILES);
  const { stdout } = await cli(["check"], { cwd });
  assert.equal(
    stdout,
    `Dockerfile:3:9 warning Word is bad [bad-word]
  3 | LABEL a=bad \\
    |         ^^^
    = fix: Replace bad with good

Dockerfile:4:5 error Word is grave [grave-word]
  4 |   b=grave
    |     ^^^^^
    = unsafe fix: Replace grave with light

sub/web.dockerfile:2:7 info Word is stuck [stuck-word]
  2 | LABEL stuck=trifle
    |       ^^^^^
    = no fix: nobody knows a better word

sub/web.dockerfile:2:13 hint Word is a trifle [trifle-word]
  2 | LABEL stuck=trifle
    |             ^^^^^^

4 problems in 2 files (1 fixable, 1 more with --unsafe)
`,
  );
});

test("text: what a registry would have to be asked", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM node:22\n" });
  const { stdout } = await cli(["check", "--profile", "strict"], { cwd });
  assert.equal(
    stdout,
    `Dockerfile:1:6 info node:22 has no digest [base-digest-unpinned]
  1 | FROM node:22
    |      ^^^^^^^
    = fix after asking the registry: Pin node:22

1 problem in 1 file (0 fixable)
`,
  );
});

test("text: nothing found", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\n", "a.dockerfile": "FROM scratch\n" });
  const { stdout } = await cli(["check"], { cwd });
  assert.equal(stdout, "No problems in 2 files\n");
});

const colorCases: readonly {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly colored: boolean;
}[] = [
  { colored: false },
  { isTTY: true, colored: true },
  { isTTY: true, env: { NO_COLOR: "1" }, colored: false },
  { isTTY: true, env: { NO_COLOR: "" }, colored: true },
  { isTTY: true, env: { TERM: "dumb" }, colored: false },
  { env: { FORCE_COLOR: "1" }, colored: true },
  { isTTY: true, env: { FORCE_COLOR: "0" }, colored: false },
  { env: { FORCE_COLOR: "1", NO_COLOR: "1" }, colored: false },
  { args: ["--color=always"], env: { NO_COLOR: "1" }, colored: true },
  { args: ["--color", "never"], isTTY: true, colored: false },
  { args: ["--color", "auto"], isTTY: true, colored: true },
];

for (const { args = [], env = {}, isTTY = false, colored } of colorCases) {
  const name = `${args.join(" ")} ${JSON.stringify(env)} ${isTTY ? "on a terminal" : "elsewhere"}`;
  test(`colours are ${colored ? "on" : "off"} with ${name}`, async (t) => {
    const cwd = folderWith(t, FILES);
    const { stdout } = await cli(["check", ...args], { cwd, env, isTTY });
    assert.equal(stdout.includes("\u001b["), colored);
  });
}

test("control sequences of a file do not reach the terminal", async (t) => {
  const cwd = folderWith(t, { "evil\u001b[2J.dockerfile": "LABEL a=bad\u001b]0;owned\u0007 \u202egnol\u009b31m\n" });
  const { stdout, stderr } = await cli(["check", "missing\u001b[31m", "."], { cwd });
  assert.doesNotMatch(stdout + stderr, /(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  assert.match(stdout, /LABEL a=bad\ufffd\]0;owned\ufffd \ufffdgnol\ufffd31m/);
});

test("a message that quotes a word of megabytes is cut in its middle", async (t) => {
  const [first] = rules;
  assert.ok(first);
  const quoting = {
    ...first,
    check: ({ report }: Parameters<typeof first.check>[0]) =>
      report({ start: 0, end: 4 }, { message: `${"x".repeat(1 << 20)} is no word` }),
  };
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\n" });
  const { stdout } = await cli(["check"], { cwd, parts: { rules: [quoting] } });
  assert.match(stdout, /^Dockerfile:1:1 warning x{300}…x{89} is no word \[bad-word\]$/m);
});

const frames: readonly {
  readonly name: string;
  readonly text: string;
  readonly word: string;
  readonly frame: readonly [string, string];
}[] = [
  { name: "a word", text: "RUN one two\n", word: "one", frame: ["RUN one two", "    ^^^"] },
  { name: "tabs", text: "\tRUN\tone", word: "one", frame: ["\tRUN\tone", "\t   \t^^^"] },
  { name: "wide characters", text: "RUN 日本 one", word: "one", frame: ["RUN 日本 one", "         ^^^"] },
  { name: "an emoji", text: "RUN 🐳 one", word: "🐳", frame: ["RUN 🐳 one", "    ^^"] },
  { name: "a combining mark", text: "RUN e\u0301 one", word: "one", frame: ["RUN e\u0301 one", "      ^^^"] },
  { name: "a byte order mark", text: "\ufeffRUN one", word: "one", frame: ["RUN one", "    ^^^"] },
  { name: "several lines", text: "RUN one \\\n two\n", word: "one \\\n two", frame: ["RUN one \\", "    ^^^^^"] },
  { name: "CRLF", text: "RUN one\r\ntwo", word: "one\r\ntwo", frame: ["RUN one", "    ^^^"] },
  { name: "no width", text: "RUN one", word: "", frame: ["RUN one", "^"] },
  {
    name: "a long line",
    text: `RUN ${"a".repeat(500)} one ${"b".repeat(500)}`,
    word: "one",
    frame: [`…${"a".repeat(67)} one ${"b".repeat(68)}…`, `${" ".repeat(69)}^^^`],
  },
  {
    name: "a long word",
    text: `RUN ${"a".repeat(500)}`,
    word: "a".repeat(500),
    frame: [`…${"a".repeat(140)}…`, ` ${"^".repeat(140)}`],
  },
];

for (const { name, text, word, frame } of frames) {
  test(`code frame: ${name}`, () => {
    const start = text.indexOf(word);
    const { source, carets } = codeFrame(linesOf(text), { start, end: start + word.length });
    assert.deepEqual([source, carets], frame);
  });
}

test("text: a span of several lines says where it ends", async (t) => {
  const [first] = rules;
  assert.ok(first?.language === "dockerfile");
  const whole = {
    ...first,
    check: ({ dockerfile, report }: Parameters<typeof first.check>[0]) =>
      report({ start: 0, end: dockerfile.text.length - 1 }, { message: "All of it" }),
  };
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\nLABEL a=b\n" });
  const { stdout } = await cli(["check"], { cwd, parts: { rules: [whole] } });
  assert.match(stdout, / {2}1 \| FROM scratch\n {4}\| \^{12} through line 2\n/);
});

const regions: readonly { readonly text: string; readonly word: string; readonly region: readonly number[] }[] = [
  { text: "one two", word: "two", region: [1, 5, 1, 8] },
  { text: "a\r\nb two", word: "two", region: [2, 3, 2, 6] },
  { text: "\ufefftwo", word: "two", region: [1, 1, 1, 4] },
  { text: "\ufeffa\ntwo", word: "two", region: [2, 1, 2, 4] },
  { text: "🐳 two", word: "two", region: [1, 4, 1, 7] },
  { text: "a two\nb", word: "two\nb", region: [1, 3, 2, 2] },
];

for (const { text, word, region } of regions) {
  test(`place of ${JSON.stringify(word)} in ${JSON.stringify(text)}`, () => {
    const start = text.indexOf(word);
    const { line, column, endLine, endColumn } = locator(text)({ start, end: start + word.length });
    assert.deepEqual([line, column, endLine, endColumn], region);
  });
}

test("json: one array of findings over all files", async (t) => {
  const cwd = folderWith(t, {
    Dockerfile: "FROM scratch\nLABEL a=bad\n",
    "b.dockerfile": "FROM scratch\nLABEL a=grave\n",
  });
  const { stdout } = await cli(["check", "--format", "json"], { cwd });
  assert.deepEqual(JSON.parse(stdout), [
    {
      file: "Dockerfile",
      rule: "bad-word",
      sameAs: ["hadolint:DL9001", "buildkit:BadWord"],
      severity: "warning",
      line: 2,
      column: 9,
      endLine: 2,
      endColumn: 12,
      message: "Word is bad",
      fixes: [{ title: "Replace bad with good", safety: "safe" }],
    },
    {
      file: "b.dockerfile",
      rule: "grave-word",
      sameAs: ["hadolint:DL9002", "trivy:DS-9002"],
      severity: "error",
      line: 2,
      column: 9,
      endLine: 2,
      endColumn: 14,
      message: "Word is grave",
      fixes: [{ title: "Replace grave with light", safety: "unsafe" }],
    },
  ]);
});

test("json: pieces are written as soon as they are long enough, and make one array", () => {
  const pieces: string[] = [];
  const array = jsonArray({ write: (piece) => pieces.push(piece) }, 10);
  for (const part of ["", '{"a":1}', "", '{"b":2}', '{"c":3}', ""]) array.add(part);
  assert.deepEqual(pieces, ['[\n{"a":1},\n{"b":2}']);
  array.end();
  assert.deepEqual(pieces.slice(1), [',\n{"c":3}\n]\n']);
  assert.deepEqual(JSON.parse(pieces.join("")), [{ a: 1 }, { b: 2 }, { c: 3 }]);
});

test("json: nothing found is an empty array", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\n" });
  const { stdout, code } = await cli(["check", "-f", "json"], { cwd });
  assert.equal(stdout, "[]\n");
  assert.equal(code, 0);
});

test("github: a workflow command per finding", async (t) => {
  const cwd = folderWith(t, { ...FILES, "50%,a:b.dockerfile": "FROM scratch\nLABEL a=bad\n" });
  const { stdout } = await cli(["check", "--format", "github"], { cwd });
  assert.equal(
    stdout,
    `::warning file=50%25%2Ca%3Ab.dockerfile,line=2,endLine=2,col=9,endColumn=12,title=bad-word::Word is bad
::warning file=Dockerfile,line=3,endLine=3,col=9,endColumn=12,title=bad-word::Word is bad
::error file=Dockerfile,line=4,endLine=4,col=5,endColumn=10,title=grave-word::Word is grave
::notice file=sub/web.dockerfile,line=2,endLine=2,col=7,endColumn=12,title=stuck-word::Word is stuck
::notice file=sub/web.dockerfile,line=2,endLine=2,col=13,endColumn=19,title=trifle-word::Word is a trifle
`,
  );
});

test("github: messages are escaped, and columns left out across lines", async (t) => {
  const [first] = rules;
  assert.ok(first);
  const odd = {
    ...first,
    check: ({ report }: Parameters<typeof first.check>[0]) =>
      report({ start: 0, end: 14 }, { message: "100 %: a,b\r\n::error::" }),
  };
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\nLABEL a=b\n" });
  const { stdout } = await cli(["check", "--format", "github"], { cwd, parts: { rules: [odd] } });
  assert.equal(stdout, "::warning file=Dockerfile,line=1,endLine=2,title=bad-word::100 %25: a,b%0D%0A::error::\n");
});

/** The schema is draft 4: of what it uses, only the name of `$id` differs from draft 7. */
function sarifValidator(): (log: unknown) => string {
  const { id: _id, $schema: _draft, ...draft7 } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(draft7);
  return (log) => (validate(log) ? "" : ajv.errorsText(validate.errors, { separator: "\n" }));
}

test("the SARIF schema refuses what is not SARIF", () => {
  assert.match(sarifValidator()({ version: "2.1.0", runs: [{ results: [{}] }] }), /must have required property 'tool'/);
});

const sarifCases: readonly { readonly name: string; readonly args: readonly string[]; readonly stdin?: string }[] = [
  { name: "findings", args: ["."] },
  { name: "all rules", args: ["--profile", "all", "."] },
  { name: "nothing found", args: ["clean.dockerfile"] },
  { name: "an unreadable file", args: ["missing one", "Dockerfile"] },
  { name: "a syntax error", args: ["-"], stdin: "FROM a\nRUN <<EOF\n" },
  { name: "an empty text", args: ["-"], stdin: "" },
];

for (const { name, args, stdin = "" } of sarifCases) {
  test(`sarif: valid for ${name}`, async (t) => {
    const cwd = folderWith(t, FILES);
    const { stdout } = await cli(["check", "--format", "sarif", ...args], { cwd, stdin });
    assert.equal(sarifValidator()(JSON.parse(stdout)), "");
  });
}

test("sarif: valid for every rule there is", async (t) => {
  const { rules } = await import("../../server/src/core/rules/index.ts");
  const text = "from node as A\nMAINTAINER x\nENV a b\nADD . .\nRUN cd /x && apt install y\nCMD a b\nCMD c\n";
  const cwd = folderWith(t, { Dockerfile: text });
  const { stdout } = await cli(["check", "--format", "sarif", "--profile", "all"], { cwd, parts: { rules } });
  const log = JSON.parse(stdout) as { runs: [{ tool: { driver: { rules: unknown[] } }; results: unknown[] }] };
  assert.equal(sarifValidator()(log), "");
  assert.equal(log.runs[0].tool.driver.rules.length, rules.length);
  assert.ok(log.runs[0].results.length > 0);
});

test("sarif: results carry region, rule, fingerprint and the safe fix", async (t) => {
  const cwd = folderWith(t, { "a b/Dockerfile": "\ufeffLABEL a=bad b=bad\nLABEL c=grave\n" });
  const { stdout } = await cli(["check", "--format", "sarif"], { cwd });
  const [run] = (JSON.parse(stdout) as { runs: [Record<string, never>] }).runs;
  const { results, originalUriBaseIds, columnKind, tool, invocations } = run as Record<string, unknown> as {
    results: Record<string, unknown>[];
    originalUriBaseIds: unknown;
    columnKind: string;
    tool: { driver: { rules: Record<string, unknown>[] } };
    invocations: unknown;
  };
  assert.deepEqual(originalUriBaseIds, { "%SRCROOT%": { uri: pathToFileURL(join(cwd, "/")).href } });
  assert.equal(columnKind, "utf16CodeUnits");
  assert.deepEqual(invocations, [{ executionSuccessful: true, toolExecutionNotifications: [] }]);

  const artifactLocation = { uri: "a%20b/Dockerfile", uriBaseId: "%SRCROOT%" };
  const region = { startLine: 1, startColumn: 9, endLine: 1, endColumn: 12 };
  const { partialFingerprints, ...first } = results[0] ?? {};
  assert.deepEqual(first, {
    ruleId: "bad-word",
    ruleIndex: 0,
    level: "warning",
    message: { text: "Word is bad." },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    fixes: [
      {
        description: { text: "Replace bad with good." },
        artifactChanges: [
          { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: "good" } }] },
        ],
      },
    ],
  });
  const fingerprints = results.map((result) => JSON.stringify(result["partialFingerprints"]));
  assert.match(JSON.stringify(partialFingerprints), /^\{"dockwrightFinding\/v1":"[0-9a-f]{32}"\}$/);
  assert.equal(new Set(fingerprints).size, 3, "three findings, three fingerprints");
  assert.equal(results[2]?.["fixes"], undefined, "an unsafe fix is not offered");

  const [rule] = tool.driver.rules;
  assert.deepEqual(rule?.["defaultConfiguration"], { level: "warning" });
  assert.match(String(rule?.["helpUri"]), /^https:\/\/.+\/docs\/rules\/bad-word\.md$/);
  assert.deepEqual(rule?.["properties"], {
    tags: ["dockerfile", "recommended", "hadolint:DL9001", "buildkit:BadWord"],
  });
});

test("sarif: a fingerprint stays when lines are added above", async (t) => {
  const prints = async (text: string): Promise<unknown> => {
    const cwd = folderWith(t, { Dockerfile: text });
    const { stdout } = await cli(["check", "--format", "sarif"], { cwd });
    const log = JSON.parse(stdout) as { runs: [{ results: { partialFingerprints: unknown }[] }] };
    return log.runs[0].results.map(({ partialFingerprints }) => partialFingerprints);
  };
  const before = await prints("FROM scratch\nLABEL a=bad\n");
  assert.deepEqual(await prints("# more\n\nFROM scratch\nLABEL a=bad\n"), before);
  assert.notDeepEqual(await prints("FROM scratch\nLABEL b=bad\n"), before);
});

test("sarif: a file that could not be read makes the run unsuccessful", async (t) => {
  const cwd = folderWith(t, {});
  const { stdout, code } = await cli(["check", "--format", "sarif", "missing"], { cwd });
  assert.match(stdout, /"executionSuccessful": false/);
  assert.match(stdout, /missing does not exist; check the path/);
  assert.equal(code, 2);
});

const NASTY = "a<b>&\"'\u0001😀.dockerfile";

/** Elements and attributes of an XML text that is well formed; throws where it is not. */
function xmlOf(
  text: string,
): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const unescape = (value: string): string => {
    assert.doesNotMatch(value, /[<\n\r\t]|&(?!(?:amp|lt|gt|quot|apos|#\d+);)/);
    const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
    return value.replace(/&(#?\w+);/g, (_, name: string) =>
      name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : (named[name] ?? ""),
    );
  };
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  assert.doesNotMatch(text, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  assert.notEqual(body, text);
  const rest = body.replace(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"]*")*)(\/?)>([^<]*)/g,
    (_, closes, name, inside, ends, after) => {
      unescape(after.trim());
      if (closes) assert.equal(open.pop(), name);
      else {
        const attributes = [...inside.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key, unescape(value)]);
        elements.push({ name, attributes: Object.fromEntries(attributes) });
        if (!ends) open.push(name);
      }
      return "";
    },
  );
  assert.deepEqual([rest, open], ["", []]);
  return elements;
}

test("checkstyle is well formed whatever files are called", async (t) => {
  const cwd = folderWith(t, { [NASTY]: "FROM scratch\nLABEL a=bad b=trifle\n", Dockerfile: "FROM scratch\n" });
  const { stdout, code } = await cli(["check", "-f", "checkstyle"], { cwd });
  const [root, ...rest] = xmlOf(stdout);
  assert.equal(root?.name, "checkstyle");
  assert.deepEqual(
    rest.map(({ name, attributes }) => [name, attributes["name"] ?? attributes["source"], attributes["severity"]]),
    [
      ["file", "Dockerfile", undefined],
      ["file", NASTY.replace("\u0001", "\ufffd"), undefined],
      ["error", "dockwright.bad-word", "warning"],
      ["error", "dockwright.trifle-word", "info"],
    ],
  );
  assert.deepEqual([rest[2]?.attributes["line"], rest[2]?.attributes["column"]], ["2", "9"]);
  assert.equal(code, 1);
});

test("junit counts, and a file without findings has a case that passed", async (t) => {
  const cwd = folderWith(t, { [NASTY]: "FROM scratch\nLABEL a=bad b=bad\n", Dockerfile: "FROM scratch\n" });
  const elements = xmlOf((await cli(["check", "-f", "junit"], { cwd })).stdout);
  assert.deepEqual(elements[0]?.attributes, { name: "dockwright", tests: "3", failures: "2", errors: "0" });
  assert.equal(elements.filter(({ name }) => name === "testcase").length, 3);
  assert.equal(elements.filter(({ name }) => name === "failure").length, 2);
  assert.deepEqual(
    elements.filter(({ name }) => name === "testsuite").map(({ attributes }) => attributes["failures"]),
    ["0", "2"],
  );
});

test("gitlab has the fields of a Code Quality report, and fingerprints that stay and are each its own", async (t) => {
  const report = async (text: string) => {
    const cwd = folderWith(t, { "a/Dockerfile": text });
    return JSON.parse((await cli(["check", "-f", "gitlab"], { cwd })).stdout) as readonly {
      readonly description: string;
      readonly check_name: string;
      readonly fingerprint: string;
      readonly severity: string;
      readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
    }[];
  };
  const before = await report("FROM scratch\nLABEL a=bad b=bad\nLABEL c=grave\n");
  const after = await report("# more\n\nFROM scratch\nLABEL a=bad b=bad\nLABEL new=bad\nLABEL c=grave\n");
  for (const one of before) {
    assert.deepEqual(Object.keys(one).toSorted(), ["check_name", "description", "fingerprint", "location", "severity"]);
    assert.ok(["info", "minor", "major", "critical", "blocker"].includes(one.severity));
    assert.equal(one.location.path, "a/Dockerfile");
  }
  assert.deepEqual(
    before.map(({ location }) => location.lines.begin),
    [2, 2, 3],
  );
  const prints = before.map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(prints).size, 3);
  const later = after.map(({ fingerprint }) => fingerprint);
  assert.deepEqual([later[0], later[1], later[3]], prints);
  assert.equal(new Set(later).size, 4);
});
