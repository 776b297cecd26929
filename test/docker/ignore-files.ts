/** Ignore files as BuildKit reads them: what comes into a build is what model/ignore.ts says, and it stops where that has a fault. */
import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { parseDocument } from "../../server/src/core/model/document.ts";
import { ignoredBy, parseIgnoreFile } from "../../server/src/core/model/ignore.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { fixed } from "../rule-cases.ts";
import { type Machine, mustDocker } from "./machine.ts";

const TREE: readonly string[] = [
  "README.md",
  "a.log",
  "api/.env",
  "api/debug.log",
  "build/out/x.txt",
  "buildout",
  "dist/app.js",
  "dist/assets/logo.svg",
  "dist/keep/me.js",
  "docs/deep/README.md",
  "node_modules/a/index.js",
  "src/a.test.ts",
  "src/a.ts",
  "web/node_modules/b/index.js",
  "web/src/main.ts",
];

/** Those in which a pattern has no effect are compared again without it. */
const IGNORES: readonly string[] = [
  "node_modules\n",
  "**/node_modules\n*.log\n",
  "dist\n!dist/app.js\n",
  "dist\ndist/assets\n/node_modules/\nnode_modules\n",
  "dist\n!dist/keep\ndist\n",
  "dist\n!dist/keep\ndist\ndist/keep/me.js\n",
  "dist/keep\n!dist\n",
  "dist\n!dist/app.js\n*\n!src\n",
  "!src\n!package.json\n*\n",
  "*\n!src\nsrc/**/*.test.ts\n",
  "*\n!web/src\n!docs\n**/README.md\n",
  "dist\n!src\n!build\n*.md\n!README.md\n",
  "./dist/\n/build//out\n!/build/out/x.txt\n",
  "build\\.out\nbuild\\dut\n**/*.log\n",
  "dist # not a comment\n  # neither\n",
  "[a-b]*\n!a.log\n",
  "**\n!**/*.ts\n",
  "**/src\n!web/src/main.ts\n",
];

const PATTERNS: readonly string[] = [
  "[draft.md",
  "[]",
  "[^]",
  "[a-]",
  "[-a]",
  "name\\",
  "!",
  "[a]",
  "build\\out",
  "build\\dist",
  "web\\src",
  "x\\public",
  "x\\1",
  "x\\_a",
  "x\\Quote",
  "x\\Every",
  "x\\0",
  "x\\y",
  "]",
  "\\[draft",
  "[\\]]",
  "a[b",
  "!  ",
];

export function ignoreFileTests(machine: Pick<Machine, "docker" | "folder">): void {
  describe("ignore files", () => {
    for (const text of IGNORES)
      test(`what ${JSON.stringify(text)} lets in`, async () => {
        const folder = await treeOf(machine, text);
        await mustDocker(machine, "buildx", "build", "--output", `type=local,dest=${folder}-out`, folder);
        const file = parseIgnoreFile(text);
        assert.ok(file);
        const sent = (each: typeof file): readonly string[] => TREE.filter((path) => !ignoredBy(each, path));
        assert.deepEqual(await filesIn(`${folder}-out`), sent(file));
        const { text: after } = fixed(text, IGNORE_RULES, new Map(), ["safe"]);
        const now = parseIgnoreFile(after);
        assert.ok(now);
        assert.deepEqual(sent(now), sent(file), "safe fixes change nothing");
      });

    for (const pattern of PATTERNS)
      test(`whether a build begins with ${JSON.stringify(pattern)}`, async () => {
        const folder = await treeOf(machine, `${pattern}\n`);
        const { code, stderr } = await machine.docker.docker(["buildx", "build", "--output", "type=cacheonly", folder]);
        const document = parseDocument(`${pattern}\n`, "dockerignore");
        const fault = document.language === "dockerignore" ? document.lines[0]?.fault : undefined;
        assert.equal(code === 0, fault === undefined, stderr);
      });
  });
}

const IGNORE_RULES = rules.filter(({ language }) => language === "dockerignore");

async function treeOf(machine: Pick<Machine, "folder">, ignore: string): Promise<string> {
  const folder = await machine.folder("ignore");
  for (const path of TREE) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  await writeFile(join(folder, ".dockerignore"), ignore);
  return folder;
}

/** Of the tree's, what is there. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const there = new Set(
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(folder, join(parentPath, name))),
  );
  return TREE.filter((path) => there.has(path));
}
