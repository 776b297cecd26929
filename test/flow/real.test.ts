/** The tables against the programs themselves: whatever a command changes is among what it is said to write. */
import assert from "node:assert/strict";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import { matches } from "../../server/src/core/model/dockerfile/flow/place.ts";
import { effectsOf } from "../../server/src/core/model/dockerfile/flow/walk.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { finalStage } from "../../server/src/core/model/dockerfile/stages.ts";

const SETUP = [
  "mkdir -p src/sub d out",
  "echo a > a; echo b > b; echo x > x.log",
  "echo x > src/one.txt; echo y > src/sub/two.txt",
  "tar czf a.tgz src; tar cf a.tar src; gzip -c a > g.gz; ln -s a link",
].join("\n");

/** GNU's programs and a shell, which every Linux has. */
const COMMANDS: readonly string[] = [
  "cp a c",
  "cp a d",
  "cp a b d",
  "cp -r src out",
  "cp -r src copy",
  "cp -r src/. out",
  "cp -t d a b",
  "cp -rT src out",
  "cp src/*.txt d/",
  "cp a ./d/../e",
  "mv a c",
  "mv a b d/",
  "mv src out/",
  "mv src/one.txt src/sub",
  "rm -rf src",
  "rm -rf src/*",
  "rmdir src/sub || rmdir out",
  "unlink a",
  "mkdir -p n/m o",
  "ln -s a l2",
  "ln -s ../a d/l3",
  "ln -s src/one.txt",
  "ln -sf a d",
  "ln a hard",
  "install -d n1 n2/n3",
  "install -Dm644 a e/f/g",
  "install -t d a b",
  "touch t1 d/t2",
  "chmod 600 a",
  "chmod -R 700 src",
  "truncate -s 3 tr",
  "tar xzf a.tgz -C out",
  "tar -C out -xzf a.tgz",
  "tar xf a.tar --strip-components=1 -C out",
  "mkdir z && tar xzf a.tgz -C z src/one.txt",
  "tar -czf o.tgz src",
  "tar cf o.tar src a",
  "tar --create --file=o2.tar a",
  "gzip a",
  "gzip -k a",
  "gunzip g.gz",
  "gzip -dc g.gz > gg",
  "sed -i s/a/z/ a b",
  "sed -i.bak s/a/z/ a",
  "sed -e s/a/z/ a > s1",
  "sort a -o sorted",
  "split -l 1 src/one.txt",
  "dd if=a of=copied",
  "mktemp -p d",
  "mktemp d/x.XXXXXX",
  "head -n 1 a > h",
  "echo hi >> x.log",
  "printf x | tee t3 d/t4",
  "tee -a t5 < a",
  "{ echo 1; echo 2; } > both",
  "(cd d && touch in) && touch after",
  "cd d && touch w && cd .. && touch w2",
  "cd src/sub; touch ../up; cd - > /dev/null; touch back",
  "for i in 1 2; do echo $i > f$i; done",
  "if [ -f a ]; then cp a cond; fi",
  "X=d; touch $X/v",
  "export Y=out && touch $Y/v",
  'f() { touch "$1"; }; f by-function',
  "sh -c 'cd d && touch inside'",
  "env A=b touch e",
  "find src -name '*.txt' -delete",
  "find src -type f -exec chmod 600 {} +",
  "find . -name '*.log' -exec rm {} \\;",
  "echo a b | xargs rm",
  'touch "$(echo dynamic)"',
];

/** What is where in a folder, as far as a command may change it. */
function contents(folder: string, below = "", found = new Map<string, string>()): ReadonlyMap<string, string> {
  for (const name of readdirSync(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stat = lstatSync(join(folder, path));
    if (stat.isSymbolicLink()) found.set(path, `link ${readlinkSync(join(folder, path))}`);
    else if (stat.isFile()) found.set(path, `${stat.mode} ${readFileSync(join(folder, path), "latin1")}`);
    else {
      found.set(path, `folder ${stat.mode}`);
      contents(folder, path, found);
    }
  }
  return found;
}

/** The patterns a command is said to write; undefined when it may write anything. */
function said(folder: string, command: string): readonly string[] | undefined {
  const dockerfile = parseDockerfile(`FROM debian:12\nWORKDIR ${folder}\nRUN ${command}\n`);
  const stage = finalStage(dockerfile);
  assert.ok(stage);
  const written = effectsOf(dockerfile, stage).filter(({ instruction }) => instruction.name === "RUN");
  return written.some(({ writes }) => writes === "anything")
    ? undefined
    : written.flatMap(({ writes }) =>
        writes === "anything" ? [] : writes.flatMap((place) => (place.kind === "files" ? [place.pattern] : [])),
      );
}

/** These are known by nobody, and rightly so: what they work on a command decides. */
const UNKNOWN: ReadonlySet<string> = new Set(['touch "$(echo dynamic)"']);

// Others have programs of their own, with other options.
if (process.platform === "linux")
  for (const command of COMMANDS)
    test(command, async () => {
      const folder = mkdtempSync(join(tmpdir(), "dockwright-flow-"));
      try {
        await mustRun("sh", ["-ec", SETUP], { cwd: folder });
        const before = contents(folder);
        await mustRun("bash", ["-ec", command], { cwd: folder });
        const after = contents(folder);
        const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
          (path) => before.get(path) !== after.get(path),
        );
        assert.notEqual(changed.length, 0, "the command does something");
        const patterns = said(folder, command);
        assert.equal(patterns === undefined, UNKNOWN.has(command));
        // A folder above what is written comes along.
        const isSaid = (path: string): boolean =>
          patterns?.some((pattern) => matches(pattern, path) || pattern.startsWith(`${path}/`)) ?? true;
        assert.deepEqual(
          changed.filter((path) => !isSaid(`${folder}/${path}`)),
          [],
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
