/** Sources of JavaScript and TypeScript: what they load, what they start, whether they write. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { packageOf, readNodeSource } from "../../server/src/core/model/project/node-source.ts";

const LOADS: readonly (readonly [source: string, modules: readonly string[], dynamic?: true])[] = [
  ['import a from "a"; import "b/c"; export * from "./d";', ["a", "b/c", "./d"]],
  ['import type { T } from "types"; import { type U, v } from "mixed"; import type from "named";', ["mixed", "named"]],
  ['export type { T } from "types";', []],
  ['const a = require("a"), { b } = require(`b`);', ["a", "b"]],
  ["const a = require(name);", [], true],
  ['const a = await import("a"); await import(`./pages/${name}.js`);', ["a"], true],
  ['// require("no")\nconst text = \'require("no")\';', []],
  ['loader.require("no");', []],
  ['import fs = require("node:fs");', ["node:fs"]],
];

for (const [source, modules, dynamic = false] of LOADS)
  test(`${source} loads ${modules.join(" ")}`, () => {
    const read = readNodeSource(source);
    assert.deepEqual(read.modules, modules);
    assert.equal(read.loadsDynamically, dynamic);
  });

const STARTS: readonly (readonly [source: string, programs: readonly string[], unknown: boolean])[] = [
  ['import { exec } from "node:child_process"; exec("git log -1");', ["git"], false],
  ['const cp = require("child_process"); cp.spawn("ffmpeg", []);', ["ffmpeg"], false],
  ['import { spawn } from "child_process"; spawn(program, []);', [], true],
  ['import { execa } from "execa"; await execa("/usr/bin/convert", []);', ["/usr/bin/convert"], false],
  // A regular expression and a database have an exec as well.
  ['import { fork } from "child_process"; /a/.exec("b"); db.exec("CREATE TABLE a (b)");', [], false],
  ['exec("git log");', [], false],
];

for (const [source, programs, unknown] of STARTS)
  test(`${source} starts ${programs.join(" ")}`, () => {
    const read = readNodeSource(source);
    assert.deepEqual(read.starts, programs);
    assert.equal(read.startsUnknown, unknown);
  });

const WRITES: readonly (readonly [source: string, writes: boolean])[] = [
  ['fs.writeFileSync("state.json", "{}");', true],
  ["await mkdir(folder, { recursive: true });", true],
  ['import multer from "multer";', true],
  ['import Database from "better-sqlite3";', true],
  ['fs.readFileSync("state.json");', false],
  ["response.write(text);", false],
];

for (const [source, writes] of WRITES)
  test(`${source} ${writes ? "writes" : "does not write"} files`, () =>
    assert.equal(readNodeSource(source).writesFiles, writes));

test("what ends when it is asked to", () => {
  assert.ok(readNodeSource('process.on("SIGTERM", () => server.close());').handlesTermination);
  assert.ok(readNodeSource("app.enableShutdownHooks();").handlesTermination);
  assert.ok(readNodeSource('import closeWithGrace from "close-with-grace";').handlesTermination);
  assert.ok(!readNodeSource("app.listen(3000);").handlesTermination);
});

test("what npm says of the script that runs", () => {
  assert.ok(readNodeSource("process.env.npm_package_version").readsNpmVariables);
  assert.ok(!readNodeSource("process.env.NODE_ENV").readsNpmVariables);
});

const PACKAGES: readonly (readonly [module: string, name: string | undefined])[] = [
  ["express", "express"],
  ["lodash/get", "lodash"],
  ["@nestjs/core", "@nestjs/core"],
  ["@nestjs/core/router", "@nestjs/core"],
  ["./local", undefined],
  ["../up", undefined],
  ["node:fs", undefined],
  ["@/alias", undefined],
  ["~/alias", undefined],
  ["#internal", undefined],
];

for (const [module, name] of PACKAGES) test(`${module} is of ${name}`, () => assert.equal(packageOf(module), name));
