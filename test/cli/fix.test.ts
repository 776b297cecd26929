/** `dockwright fix`: what is written, what is left and said, and the diff. */
import assert from "node:assert/strict";
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { mustRun, which } from "../../scripts/process.ts";
import { replaceText } from "../../server/src/effects/files/write.ts";
import { rules as allRules } from "../../server/src/core/rules/index.ts";
import { answersFrom, cli, folderWith } from "./harness.ts";

const MIXED = "FROM scratch\nLABEL a=bad b=grave c=stuck d=trifle\n";
const textOf = (cwd: string, name = "Dockerfile"): string => readFileSync(join(cwd, name), "utf8");

test("fix applies the safe fixes and says what was left and why", async (t) => {
  const cwd = folderWith(t, { Dockerfile: MIXED });
  const { code, stdout, stderr } = await cli(["fix", "Dockerfile"], { cwd });
  assert.equal(textOf(cwd), MIXED.replace("bad", "good"));
  assert.equal(
    stdout,
    `Dockerfile: applied 1 fix, 3 problems left
  fixed  Replace bad with good [bad-word]
  left   2:16 Word is grave [grave-word]: --unsafe would: Replace grave with light
  left   2:24 Word is stuck [stuck-word]: nobody knows a better word
  left   2:32 Word is a trifle [trifle-word]: has no automatic fix
`,
  );
  assert.equal(stderr, "");
  assert.equal(code, 1);
});

const kept: readonly { readonly name: string; readonly before: string; readonly after: string }[] = [
  {
    name: "CRLF",
    before: "FROM scratch\r\nLABEL a=bad\r\nLABEL b=bad\r\n",
    after: "FROM scratch\r\nLABEL a=good\r\nLABEL b=good\r\n",
  },
  {
    name: "a byte order mark",
    before: "\ufeffFROM scratch\nLABEL a=bad\n",
    after: "\ufeffFROM scratch\nLABEL a=good\n",
  },
  { name: "a missing last line end", before: "FROM scratch\nLABEL a=bad", after: "FROM scratch\nLABEL a=good" },
  {
    name: "mixed line ends",
    before: "FROM scratch\r\nLABEL a=bad\nLABEL b=c\r\n",
    after: "FROM scratch\r\nLABEL a=good\nLABEL b=c\r\n",
  },
];

for (const { name, before, after } of kept) {
  test(`fix keeps ${name}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: before });
    const { code } = await cli(["fix"], { cwd });
    assert.equal(textOf(cwd), after);
    assert.equal(code, 0);
  });
}

test("fix keeps the mode and the link, and leaves nothing else behind", async (t) => {
  const cwd = folderWith(t, { "real/Dockerfile": MIXED });
  chmodSync(join(cwd, "real/Dockerfile"), 0o640);
  symlinkSync("real/Dockerfile", join(cwd, "Dockerfile"));
  await cli(["fix", "Dockerfile"], { cwd });
  assert.ok(lstatSync(join(cwd, "Dockerfile")).isSymbolicLink());
  assert.equal(textOf(cwd, "real/Dockerfile"), MIXED.replace("bad", "good"));
  assert.equal(statSync(join(cwd, "real/Dockerfile")).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(join(cwd, "real")), ["Dockerfile"]);
});

test("who reads a file while it is fixed reads the old text to its end", async (t) => {
  const cwd = folderWith(t, { Dockerfile: MIXED });
  const reader = openSync(join(cwd, "Dockerfile"), "r");
  t.after(() => closeSync(reader));
  await cli(["fix"], { cwd });
  assert.notEqual(textOf(cwd), MIXED);
  assert.equal(readFileSync(reader, "utf8"), MIXED);
});

test("a file without anything to fix is not written", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\n" });
  const before = statSync(join(cwd, "Dockerfile"));
  const { code, stdout } = await cli(["fix"], { cwd });
  const after = statSync(join(cwd, "Dockerfile"));
  assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
  assert.equal(stdout, "Dockerfile: applied 0 fixes, 0 problems left\n");
  assert.equal(code, 0);
});

const exits: readonly { readonly args: readonly string[]; readonly text: string; readonly code: number }[] = [
  { args: [], text: "FROM scratch\nLABEL a=bad\n", code: 0 },
  { args: [], text: MIXED, code: 1 },
  { args: ["--unsafe", "--ignore", "stuck-word,trifle-word"], text: MIXED, code: 0 },
  { args: ["--fail-level", "error"], text: "FROM scratch\nLABEL a=stuck\n", code: 0 },
  { args: ["--select", "bad-word"], text: MIXED, code: 0 },
  { args: ["--diff"], text: MIXED, code: 1 },
  { args: ["--diff"], text: "FROM scratch\nLABEL a=stuck\n", code: 0 },
];

for (const { args, text, code } of exits) {
  test(`fix ${args.join(" ")} ends with ${code} for ${JSON.stringify(text.slice(13))}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: text });
    const outcome = await cli(["fix", ...args], { cwd });
    assert.equal(outcome.code, code, outcome.stdout + outcome.stderr);
  });
}

test("fix goes on after a file that cannot be read, and ends with 2", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\nLABEL a=bad b=stuck\n" });
  const { code, stderr } = await cli(["fix", "missing", "Dockerfile"], { cwd });
  assert.equal(textOf(cwd), "FROM scratch\nLABEL a=good b=stuck\n");
  assert.equal(stderr, "dockwright: missing does not exist; check the path\n");
  assert.equal(code, 2);
});

test("fix writes repaired standard input to standard output and tells the rest on stderr", async (t) => {
  const cwd = folderWith(t, {});
  const { code, stdout, stderr } = await cli(["fix", "-"], { cwd, stdin: "\ufeffFROM scratch\r\nLABEL a=bad\r\n" });
  assert.equal(stdout, "\ufeffFROM scratch\r\nLABEL a=good\r\n");
  assert.equal(stderr, "Dockerfile: applied 1 fix, 0 problems left\n  fixed  Replace bad with good [bad-word]\n");
  assert.equal(code, 0);
});

test("fix --unsafe asks registries, fix and --offline do not", async (t) => {
  const image = "node:22";
  const digest = `sha256:${"a".repeat(64)}`;
  const parts = { answers: async () => answersFrom({ [image]: digest }) };
  const pinned = `FROM ${image}@${digest}\n`;
  const runs: readonly (readonly [readonly string[], string])[] = [
    [["--unsafe"], pinned],
    [[], `FROM ${image}\n`],
    [["--unsafe", "--offline"], `FROM ${image}\n`],
  ];
  for (const [args, after] of runs) {
    const cwd = folderWith(t, { Dockerfile: `FROM ${image}\n` });
    await cli(["fix", "--profile", "strict", ...args], { cwd, parts });
    assert.equal(textOf(cwd), after, args.join(" "));
  }
});

test("fix --unsafe says which registry gave no answer", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM node:22\n" });
  const { code, stderr } = await cli(["fix", "--profile", "strict", "--unsafe"], { cwd });
  assert.equal(stderr, "dockwright: Dockerfile: node:22: no such image\n");
  assert.equal(code, 1);
});

test("a file that changed in between is left alone", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "newer\n" });
  const failure = await replaceText(join(cwd, "Dockerfile"), "older\n", "fixed\n");
  assert.match(failure?.message ?? "", /^changed while it was being fixed/);
  assert.equal(textOf(cwd), "newer\n");
  assert.deepEqual(readdirSync(cwd), ["Dockerfile"]);
});

test("a file that is gone is not made anew", async (t) => {
  const cwd = folderWith(t, {});
  const path = join(cwd, "Dockerfile");
  const failure = await replaceText(path, "older\n", "fixed\n");
  assert.deepEqual(failure, {
    path,
    message: "was not changed, the file or its folder does not exist; check the path",
  });
  assert.ok(!existsSync(path));
});

test("a write-protected file is left as it is", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\nLABEL a=bad\n" });
  chmodSync(join(cwd, "Dockerfile"), 0o444);
  const { code, stderr } = await cli(["fix"], { cwd });
  if (process.getuid?.() === 0) {
    // root may write whatever the mode says
    assert.equal(textOf(cwd), "FROM scratch\nLABEL a=good\n");
    assert.equal(code, 0);
    return;
  }
  assert.equal(
    stderr,
    "dockwright: Dockerfile was not changed, the file or its folder may not be accessed; check its owner and permissions\n",
  );
  assert.equal(textOf(cwd), "FROM scratch\nLABEL a=bad\n");
  assert.equal(code, 2);
});

const HUNK = `--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,2 @@
 FROM scratch
-LABEL a=bad b=grave c=stuck d=trifle
+LABEL a=good b=grave c=stuck d=trifle
`;

test("fix --diff prints a diff, writes nothing, and tells the rest on stderr", async (t) => {
  const cwd = folderWith(t, { Dockerfile: MIXED });
  const { code, stdout, stderr } = await cli(["fix", "--diff"], { cwd });
  assert.equal(stdout, HUNK);
  assert.match(stderr, /^Dockerfile: would apply 1 fix, 3 problems left\n/);
  assert.equal(textOf(cwd), MIXED);
  assert.equal(code, 1);
});

const filler = (count: number, end = "\n"): string =>
  Array.from({ length: count }, (_, index) => `# line ${index}${end}`).join("");

const patched: readonly { readonly name: string; readonly files: Readonly<Record<string, string>> }[] = [
  { name: "one line", files: { Dockerfile: "bad" } },
  { name: "first and last line", files: { Dockerfile: `# bad\n${filler(20)}# bad\n` } },
  {
    name: "lines near each other",
    files: { Dockerfile: `${filler(5)}# bad\n${filler(6)}# bad\n${filler(7)}# bad\n${filler(9)}` },
  },
  { name: "two in a line, and the next", files: { Dockerfile: `${filler(9)}# bad bad\n# bad\n${filler(9)}` } },
  { name: "no last line end", files: { Dockerfile: `${filler(9)}# bad` } },
  { name: "CRLF", files: { Dockerfile: `${filler(9, "\r\n")}# bad\r\n${filler(2, "\r\n")}` } },
  { name: "a byte order mark", files: { Dockerfile: `\ufeff# bad\n${filler(3)}` } },
  {
    name: "several files",
    files: {
      Dockerfile: "# bad\n",
      "a b/Dockerfile": "# bad\n",
      'q"\\u/Dockerfile': "# bad\n",
      "ü/Dockerfile": "# bad\n",
    },
  },
];

for (const { name, files } of patched) {
  test(`git apply and patch take the diff of ${name}`, async (t) => {
    const tools = [
      { tool: "git", args: ["apply", "--whitespace=nowarn", "-"] },
      { tool: "patch", args: ["--binary", "--posix", "-p1"] },
    ];
    const there = tools.filter(({ tool }) => which(tool));
    assert.ok(there.length > 0 || !process.env["CI"], "neither git nor patch is installed");
    for (const { tool, args } of there) {
      // POSIX patch does not read quoted names
      const taken = Object.entries(files).filter(([path]) => tool === "git" || !/["\\ ]/.test(path));
      const cwd = realpathSync(folderWith(t, Object.fromEntries(taken)));
      const { stdout } = await cli(["fix", "--diff", "."], { cwd });
      await mustRun(tool, args, { cwd, input: stdout, env: { GIT_CEILING_DIRECTORIES: join(cwd, "..") } });
      for (const [path, text] of taken)
        assert.equal(textOf(cwd, path), text.replaceAll("bad", "good"), `${tool} ${path}`);
    }
  });
}

test("the diff of standard input names the file it stands for", async (t) => {
  const cwd = folderWith(t, {});
  const { stdout } = await cli(["fix", "--diff", "--stdin-filename", "Dockerfile"], { cwd, stdin: MIXED });
  assert.equal(stdout, HUNK);
});

test("what fix left is not touched by a second run", async (t) => {
  const cwd = folderWith(t, { Dockerfile: MIXED });
  await cli(["fix", "--unsafe"], { cwd });
  const once = textOf(cwd);
  await cli(["fix", "--unsafe"], { cwd });
  assert.equal(textOf(cwd), once);
});

const COPIES_ALL = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
const LEAKS = ["dockerignore-missing", "secret-file-copied"];
const leakParts = { rules: allRules.filter(({ id }) => LEAKS.includes(id)) };

test("--unsafe writes the ignore file once for all Dockerfiles of a folder, and a second run changes nothing", async (t) => {
  const files = {
    Dockerfile: COPIES_ALL,
    "Dockerfile.dev": COPIES_ALL,
    "package.json": "{}",
    ".env": "DB_PASSWORD=Tr0ub4dor\n",
  };
  const cwd = folderWith(t, { ...files, "node_modules/a/index.js": "" });
  const safe = await cli(["fix", "."], { cwd, parts: leakParts });
  assert.match(safe.stdout, /--unsafe would: Write \.dockerignore \(\d+ patterns\)/);
  assert.ok(!existsSync(join(cwd, ".dockerignore")));
  const { code, stdout, stderr } = await cli(["fix", "--unsafe", "."], { cwd, parts: leakParts });
  assert.match(stdout, /^Dockerfile: applied 1 fix, 0 problems left\n {2}fixed {2}Write \.dockerignore/m);
  assert.match(stdout, /^Dockerfile\.dev: applied 0 fixes, 0 problems left$/m);
  assert.deepEqual([code, stderr], [0, ""]);
  const written = textOf(cwd, ".dockerignore");
  for (const line of [".git", ".env", "**/node_modules"]) assert.ok(written.split("\n").includes(line), line);
  assert.equal(textOf(cwd), COPIES_ALL);
  const again = await cli(["fix", "--unsafe", "."], { cwd, parts: leakParts });
  assert.equal(textOf(cwd, ".dockerignore"), written);
  assert.equal(again.code, 0);
});

for (const before of [undefined, "dist\r\n"])
  test(`the diff of ${before === undefined ? "a new" : "an extended"} ignore file is one that git takes`, async (t) => {
    const cwd = folderWith(t, {
      Dockerfile: COPIES_ALL,
      "package.json": "{}",
      "node_modules/a/index.js": "",
      ...(before !== undefined && { ".dockerignore": before }),
    });
    const { code, stdout } = await cli(["fix", "--unsafe", "--diff", "Dockerfile"], { cwd, parts: leakParts });
    assert.equal(code, 1);
    assert.equal(existsSync(join(cwd, ".dockerignore")), before !== undefined);
    await mustRun("git", ["apply", "--whitespace=nowarn", "-"], { cwd, input: stdout });
    const now = textOf(cwd, ".dockerignore");
    if (before === undefined) assert.ok(now.split("\n").includes("**/node_modules"));
    else assert.equal(now, "dist\r\n**/node_modules\r\n");
  });

test("standard input has no folder to write an ignore file to", async (t) => {
  const cwd = folderWith(t, { "package.json": "{}", "node_modules/a/index.js": "" });
  const { stdout, stderr } = await cli(["fix", "--unsafe", "-"], { cwd, stdin: COPIES_ALL, parts: leakParts });
  assert.equal(stdout, COPIES_ALL);
  assert.match(stderr, /standard input has no folder for: Write \.dockerignore/);
  assert.ok(!existsSync(join(cwd, ".dockerignore")));
});
