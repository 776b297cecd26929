/** Wrong usage, help, and the commands that only tell: rules, explain, lsp. */
import assert from "node:assert/strict";
import { test } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { commands } from "../../server/src/cli/commands/index.ts";
import { nearest } from "../../server/src/core/text/nearest.ts";
import { cli, folderWith, rules } from "./harness.ts";

const mistakes: readonly { readonly argv: readonly string[]; readonly message: string }[] = [
  { argv: ["chekc"], message: "unknown command chekc; did you mean check?" },
  {
    argv: ["Dockerfile"],
    message:
      "unknown command Dockerfile; commands are check, fix, fmt, pin, refactor, rules, explain, image, compare, config, init, lsp, as in: dockwright check Dockerfile",
  },
  { argv: ["--format", "json"], message: "the command comes first: dockwright check --format …" },
  { argv: ["help", "chekc"], message: "unknown command chekc; did you mean check?" },
  { argv: ["check", "--fromat", "json"], message: "unknown option --fromat; did you mean --format?" },
  {
    argv: ["lsp", "--zzzzzzzz"],
    message: "unknown option --zzzzzzzz; there are --stdio, --help",
  },
  { argv: ["explain", "-x"], message: "unknown option -x; there are --help" },
  {
    argv: ["pin", "--unsafe"],
    message:
      "unknown option --unsafe; there are --check, --update, --diff, --config, --no-config, --stdin-filename, --offline, --no-cache, --mirror, --insecure-registry, --help",
  },
  { argv: ["check", "--format"], message: "--format needs a value: --format FORMAT" },
  { argv: ["check", "--select="], message: "--select needs a value: --select RULES" },
  {
    argv: ["pin", "--mirror=mirror.example"],
    message: "--mirror cannot be mirror.example; it is as in --mirror docker.io=https://mirror.example",
  },
  { argv: ["check", "--offline=no"], message: "--offline takes no value; write just --offline" },
  {
    argv: ["check", "-f", "sarfi"],
    message:
      "-f cannot be sarfi; did you mean sarif? It is one of text, json, sarif, github, checkstyle, gitlab, junit",
  },
  {
    argv: ["check", "--profile", "everything"],
    message: "--profile cannot be everything; it is one of recommended, strict, all",
  },
  {
    argv: ["check", "--fail-level", "warn"],
    message: "--fail-level cannot be warn; it is one of error, warning, info, hint, none",
  },
  { argv: ["check", "--color", "yes"], message: "--color cannot be yes; it is one of auto, always, never" },
  { argv: ["check", "--select", "bad-wrod"], message: "unknown rule bad-wrod; did you mean bad-word?" },
  { argv: ["check", "--ignore", "bad-word,DL9003"], message: "unknown rule DL9003; did you mean DL9001?" },
  {
    argv: ["check", "--select", "nothing-like-it"],
    message: 'unknown rule nothing-like-it; "dockwright rules" lists them',
  },
  ...[
    ["--select", ","],
    ["--select", "bad-word", "--ignore", "bad-word"],
  ].map((choice) => ({
    argv: ["check", ...choice],
    message: 'no rule is left to run; name one that "dockwright rules" lists',
  })),
  {
    argv: ["check", "-", "Dockerfile"],
    message: "standard input and files cannot be read in one run; leave one of them out",
  },
  {
    argv: ["fix", "--stdin-filename", "a", "b"],
    message: "standard input and files cannot be read in one run; leave one of them out",
  },
  { argv: ["rules", "bad-word"], message: 'rules takes no argument; try "dockwright explain bad-word"' },
  { argv: ["explain"], message: 'name a rule to explain; "dockwright rules" lists them' },
  { argv: ["explain", "bad-wodr"], message: "unknown rule bad-wodr; did you mean bad-word?" },
  { argv: ["config"], message: "name one file: dockwright config Dockerfile" },
  { argv: ["init", "there"], message: "init takes no argument; it writes into the current folder" },
  { argv: ["check", "--write-baseline"], message: "name the file with --baseline FILE" },
  {
    argv: ["check", "--config", "a.yaml", "--no-config"],
    message: "--config and --no-config exclude each other; leave one of them out",
  },
  { argv: ["check", "--config", "none.yaml"], message: "none.yaml does not exist; check the path" },
  {
    argv: ["check", "--baseline", "none.json"],
    message: "none.json does not exist; check the path; --write-baseline writes it",
  },
  { argv: ["lsp"], message: "the server speaks on standard input and output only: dockwright lsp --stdio" },
  { argv: ["lsp", "--stdoi"], message: "unknown option --stdoi; did you mean --stdio?" },
];

for (const { argv, message } of mistakes) {
  test(`dockwright ${argv.join(" ")} ends with 2 and says what to do`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: "FROM scratch\n" });
    assert.deepEqual(await cli(argv, { cwd }), { code: 2, stdout: "", stderr: `dockwright: ${message}\n` });
  });
}

test("without a command the help goes to stderr, with 2", async (t) => {
  const cwd = folderWith(t, {});
  const { code, stdout, stderr } = await cli([], { cwd });
  assert.equal(stdout, "");
  assert.match(stderr, /^Usage: dockwright <command>/m);
  assert.equal(code, 2);
});

for (const argv of [["--help"], ["-h"], ["help"]]) {
  test(`dockwright ${argv.join(" ")} names every command`, async (t) => {
    const { code, stdout, stderr } = await cli(argv, { cwd: folderWith(t, {}) });
    for (const { name, summary } of commands) assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, "m"));
    assert.equal(stderr, "");
    assert.equal(code, 0);
  });
}

for (const command of commands) {
  test(`dockwright ${command.name} --help names every option`, async (t) => {
    const cwd = folderWith(t, {});
    const { code, stdout, stderr } = await cli([command.name, "--help"], { cwd });
    assert.ok(stdout.includes(`Usage: dockwright ${command.name} `));
    for (const { name, help } of command.options)
      assert.match(stdout, new RegExp(`^ .*--${name}\\b.* {2}\\S`, "m"), help);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.deepEqual(await cli(["help", command.name], { cwd }), { code, stdout, stderr });
  });
}

for (const argv of [["--version"], ["-V"]]) {
  test(`dockwright ${argv.join(" ")}`, async (t) => {
    const outcome = await cli(argv, { cwd: folderWith(t, {}) });
    assert.deepEqual(outcome, { code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });
}

test("a path behind -- may begin with a dash", async (t) => {
  const cwd = folderWith(t, { "-x": "FROM scratch\nLABEL a=bad\n" });
  const { code, stdout } = await cli(["check", "-f", "json", "--", "-x"], { cwd });
  assert.match(stdout, /"file":"-x"/);
  assert.equal(code, 1);
});

test("rules: a table of all, or of the chosen", async (t) => {
  const cwd = folderWith(t, {});
  const { code, stdout } = await cli(["rules"], { cwd });
  assert.equal(
    stdout,
    `RULE                  SEVERITY  PROFILE      FIX        FINDS
bad-word              warning   recommended  sometimes  the word bad
base-digest-unpinned  info      strict       sometimes  image without digest
grave-word            error     recommended  sometimes  the word grave
missing-file          warning   strict       sometimes  the file needed.txt is not there
stuck-word            info      recommended  sometimes  the word stuck
trifle-word           hint      recommended  sometimes  the word trifle
`,
  );
  assert.equal(code, 0);
  const chosen = await cli(["rules", "--profile", "recommended", "--ignore", "DL9001"], { cwd });
  assert.deepEqual(chosen.stdout.match(/^[a-z-]+/gm), ["grave-word", "trifle-word"]);
});

test("rules --format json: all metadata", async (t) => {
  const { stdout } = await cli(["rules", "--format", "json"], { cwd: folderWith(t, {}) });
  const listed = JSON.parse(stdout) as Record<string, unknown>[];
  assert.equal(listed.length, rules.length);
  const [first] = rules;
  assert.ok(first);
  const { check: _check, ...metadata } = first;
  const { url, ...rest } = listed[0] ?? {};
  assert.deepEqual(rest, metadata);
  assert.match(String(url), /^https:\/\/.*bad-word\.md$/);
});

for (const [argv, named] of [
  [["bad-word"], ["bad-word"]],
  [["DL9001"], ["bad-word", "stuck-word"]],
  [
    ["trivy:DS-9002", "grave-word", "bad-word"],
    ["grave-word", "bad-word"],
  ],
] as const) {
  test(`explain ${argv.join(" ")}`, async (t) => {
    const { code, stdout } = await cli(["explain", ...argv], { cwd: folderWith(t, {}) });
    assert.deepEqual(
      Array.from(stdout.matchAll(/^# (.+)$/gm), ([, id]) => id).filter((id) => id?.endsWith("-word")),
      named,
    );
    assert.match(stdout, /It is here to be found/);
    assert.match(stdout, /It changes nothing that is built/);
    assert.equal(code, 0);
  });
}

test("lsp --stdio starts the server", async (t) => {
  let started = 0;
  const serve = async (): Promise<void> => {
    started++;
  };
  const outcome = await cli(["lsp", "--stdio"], { cwd: folderWith(t, {}), parts: { serve } });
  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  assert.equal(started, 1);
});

test("what should not happen is said with its trace, and ends with 2", async (t) => {
  const serve = (): never => {
    throw new Error("a bug");
  };
  const { code, stderr } = await cli(["lsp", "--stdio"], { cwd: folderWith(t, {}), parts: { serve } });
  assert.match(
    stderr,
    /^dockwright: this should not have happened; please report it at https:\S+\nError: a bug\n {4}at /,
  );
  assert.equal(code, 2);
});

const words: readonly (readonly [string, string | undefined])[] = [
  ["formta", "format"],
  ["frmat", "format"],
  ["FORMAT", "format"],
  ["form", undefined],
  ["x", undefined],
  ["slect", "select"],
];

for (const [word, expected] of words) {
  test(`nearest to ${word} is ${expected}`, () => {
    assert.equal(nearest(word, ["format", "select", "ignore"]), expected);
  });
}
