/** Renames in Dockerfiles, and why there is none; with what compose files that build one say of its names. `$0` is the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { renameInCompose } from "../../server/src/core/features/dockerfile/rename-compose.ts";
import { renameableAt, renameAt } from "../../server/src/core/features/dockerfile/rename.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { edited, filesFrom } from "../compose/project-files.ts";

function at(marked: string, to: string) {
  const offset = marked.indexOf("$0");
  assert.notEqual(offset, -1, "there is a $0 in the text");
  const text = marked.replace("$0", "");
  const dockerfile = parseDockerfile(text);
  return {
    text,
    dockerfile,
    offset,
    prepared: renameableAt(dockerfile, offset),
    renamed: renameAt(dockerfile, offset, to),
  };
}

const refusalOf = (found: object | undefined): string =>
  found && "refusal" in found ? String(found.refusal) : "nothing is there";

const RENAMES: readonly (readonly [title: string, marked: string, to: string, expected: string])[] = [
  [
    "a stage, wherever it is named, but not by its number",
    'FROM a AS $0b\nFROM B\nCOPY --from=b x y\nCOPY --from="b" x y\nCOPY --from=0 x y\nRUN --mount=type=bind,from=b,target=/x z\n',
    "new",
    'FROM a AS new\nFROM new\nCOPY --from=new x y\nCOPY --from="new" x y\nCOPY --from=0 x y\nRUN --mount=type=bind,from=new,target=/x z\n',
  ],
  [
    "a stage from a use of it",
    "FROM a AS b\nFROM c\nCOPY --from=b$0 x y\n",
    "d",
    "FROM a AS d\nFROM c\nCOPY --from=d x y\n",
  ],
  ["one of two of a name", "FROM a AS x\nFROM x AS y\nFROM b AS $0x\n", "z", "FROM a AS x\nFROM x AS y\nFROM b AS z\n"],
  [
    "an ARG with all that stand for it",
    "ARG V=1\nFROM a:$0$V\nARG V\nENV V=$V W=${V:-$V}\nRUN x $V\n",
    "N",
    "ARG N=1\nFROM a:$N\nARG N\nENV V=$N W=${N:-$N}\nRUN x $V\n",
  ],
  [
    "an ENV and not the ARG below it",
    "FROM a\nARG V=1\nENV V=$V\nRUN x $0$V \"${V}\" '$V'\n",
    "N",
    "FROM a\nARG V=1\nENV N=$V\nRUN x $N \"${N}\" '$V'\n",
  ],
  [
    "in shells, heredocs and files",
    'FROM a\nENV $0V=1\nRUN V=2 x $V && V=$V:3 && echo $V\nRUN <<EOF\ny $((V+1))\nEOF\nCOPY <<EOF /z\n$V\nEOF\nCMD ["sh", "-c", "w $V"]\n',
    "N",
    'FROM a\nENV N=1\nRUN V=2 x $N && V=$N:3 && echo $V\nRUN <<EOF\ny $((N+1))\nEOF\nCOPY <<EOF /z\n$N\nEOF\nCMD ["sh", "-c", "w $N"]\n',
  ],
  [
    "what a shell sets only now and then goes with it",
    'FROM a\nARG V\nRUN [ -n "$0$V" ] || V=2; x $V\n',
    "N",
    'FROM a\nARG N\nRUN [ -n "$N" ] || N=2; x $N\n',
  ],
  ["a heredoc", "FROM a\nRUN <<-'EO$0F'\n\tEOF x\n\tEOF\n", "END", "FROM a\nRUN <<-'END'\n\tEOF x\n\tEND\n"],
  ["to the name it has", "FROM a AS $0b\nFROM B\n", "b", "FROM a AS b\nFROM B\n"],
];
for (const [title, marked, to, expected] of RENAMES)
  test(`rename: ${title}`, () => {
    const { text, renamed } = at(marked, to);
    assert.ok(renamed && "edits" in renamed, refusalOf(renamed));
    assert.equal(applyEdits(text, renamed.edits), expected);
  });

const REFUSED: readonly (readonly [marked: string, to: string, why: RegExp])[] = [
  ["FROM a:$0$TARGETARCH\n", "x", /^TARGETARCH is set by BuildKit/],
  ["FROM a\nARG $0TARGETARCH\n", "x", /^TARGETARCH is set by BuildKit/],
  ["FROM a\nRUN x $0$HTTP_PROXY\n", "x", /^HTTP_PROXY is a predefined build argument/],
  ["FROM a\nARG $0SOURCE_DATE_EPOCH\n", "x", /BuildKit itself reads/],
  ["FROM a\nENV $0PATH=/x:$PATH\n", "x", /^PATH is a variable that programs/],
  ["FROM a\nRUN x $0$NGINX_VERSION\n", "x", /^No ARG or ENV of this file declares NGINX_VERSION/],
  ["FROM a\nARG $0V\n", "TARGETOS", /^TARGETOS is set by BuildKit/],
  ["FROM a\nARG $0V\n", "HOME", /^HOME is a variable that programs/],
  ["FROM a\nARG $0V\n", "1a", /^1a cannot be a variable/],
  ["FROM a\nARG $0V\n", "a-b", /^a-b cannot be a variable/],
  ["FROM a\nARG $0V\n", "", /at least one character/],
  ["FROM a\nARG $0V\nARG W\n", "W", /^W is in use in this file already/],
  ["FROM a\nARG $0V\nENV W=1\nRUN x $V $W\n", "W", /^W is in use/],
  ["FROM a\nARG $0V\nRUN x $V $W\n", "W", /^W is in use/],
  ["FROM a\nARG $0V\nRUN W=1; x $V\n", "W", /^W is in use/],
  ["FROM a AS $0b\nFROM c AS d\n", "D", /^There is a stage D already/],
  ["FROM a AS $0b\nFROM alpine\n", "alpine", /^alpine is in use/],
  ["FROM a AS $0b\nCOPY --from=ctx x y\nFROM c\nCOPY --from=ctx x y\n", "ctx", /^ctx is in use/],
  ["FROM a AS $0b\n", "scratch", /BuildKit means something else/],
  ["FROM a AS $0b\n", "x y", /^x y cannot be a stage/],
  ["FROM a AS $0b\n", "1", /^1 cannot be a stage/],
  ["ARG S=b\nFROM a AS $0b\nFROM $S\n", "c", /^A variable names the stage b/],
  ["FROM a AS b\nFROM c\nCOPY --from=$00 x y\n", "d", /by its number, 0: rename b where/],
  ["FROM a\nFROM c\nCOPY --from=$00 x y\n", "d", /it has no name/],
  ["FROM a\nRUN <<E$0OF\nx\n", "END", /no closing line/],
  ["FROM a\nRUN <<E$0OF\nEND\nEOF\n", "END", /^A line of the heredoc is END/],
  ["FROM a\nRUN <<E$0OF\nx\nEOF\n", "a b", /cannot be the heredoc's name/],
];
for (const [marked, to, why] of REFUSED)
  test(`no rename: ${marked.replaceAll("\n", "⏎")} to ${to}`, () => {
    const { renamed } = at(marked, to);
    assert.ok(renamed && "refusal" in renamed, refusalOf(renamed));
    assert.match(renamed.refusal, why);
  });

test("nothing is renamed where no name stands", () => {
  assert.equal(at("FROM al$0pine\n", "x").prepared, undefined);
});

test("the field opens with the name, without its dollar sign", () => {
  const { prepared, text } = at("FROM a\nARG V\nRUN x $0${V:-1}\n", "x");
  assert.ok(prepared && "span" in prepared);
  assert.equal(prepared.name, "V");
  assert.equal(text.slice(prepared.span.start, prepared.span.end), "V");
});

test("what another program reads is told of, and stays", () => {
  const { renamed } = at("FROM a\nENV $0V=1\nRUN sh -c 'echo $V'\nRUN node -e \"x('V')\"\n", "N");
  assert.ok(renamed && "edits" in renamed);
  assert.match(renamed.left ?? "", /^V was not renamed in 2 RUN/);
  const { renamed: other } = at("FROM a\nENV $0V=1\nRUN x $V\n", "N");
  assert.ok(other && "edits" in other && other.left === undefined);
});

test("the name of a file that COPY writes is told of", () => {
  const { renamed } = at("FROM a\nCOPY <<a$0.conf /etc/\nx\na.conf\n", "b.conf");
  assert.ok(renamed && "edits" in renamed);
  assert.match(renamed.consequence ?? "", /called b.conf in the image instead of a.conf/);
});

const PATH = "/p/api/Dockerfile";
const COMPOSE = {
  "/p/compose.yaml": `services:
  a: {build: {context: api, target: prod, args: {V: 1, W: 2}}}
  b: {build: {context: ./api, dockerfile: Dockerfile, target: "Prod", args: ["V=1", W=2]}}
  c: {build: {context: other, target: prod, args: {V: 1}}}
`,
};

function inCompose(marked: string, to: string, texts: Readonly<Record<string, string>>) {
  const { renamed } = at(marked, to);
  assert.ok(renamed && "edits" in renamed, refusalOf(renamed));
  return renameInCompose(PATH, renamed, to, filesFrom(texts));
}

test("a stage is renamed in the targets of services that build this file", () => {
  const found = inCompose("FROM a AS $0prod\n", "final", COMPOSE);
  assert.ok("edits" in found);
  assert.equal(
    edited(COMPOSE, found.edits)["/p/compose.yaml"],
    COMPOSE["/p/compose.yaml"]
      .replace("target: prod, args: {V: 1, W", "target: final, args: {V: 1, W")
      .replace('"Prod"', '"final"'),
  );
});

test("an ARG is renamed in the arguments they give, an ENV is not", () => {
  const found = inCompose("FROM a\nARG $0V\n", "N", COMPOSE);
  assert.ok("edits" in found);
  assert.equal(
    edited(COMPOSE, found.edits)["/p/compose.yaml"],
    COMPOSE["/p/compose.yaml"].replace("{V: 1, W: 2}", "{N: 1, W: 2}").replace('"V=1"', '"N=1"'),
  );
  const env = inCompose("FROM a\nENV $0V=1\n", "N", COMPOSE);
  assert.ok("edits" in env && env.edits.size === 0);
});

test("compose files that could not be looked for are told of", () => {
  const { renamed } = at("FROM a AS $0prod\n", "final");
  assert.ok(renamed && "edits" in renamed);
  const found = renameInCompose(PATH, renamed, "final", { ...filesFrom({}), unseen: "nobody may look" });
  assert.ok("edits" in found);
  assert.equal(found.consequence, "Compose files that may name prod could not be looked for: nobody may look");
});

test("an argument that is taken there is a reason, one from the environment a consequence", () => {
  const taken = inCompose("FROM a\nARG $0V\n", "W", COMPOSE);
  assert.ok("refusal" in taken);
  assert.match(taken.refusal, /^compose.yaml gives the build an argument W already/);
  const bare = { "/p/compose.yaml": "services: {a: {build: {context: api, args: [V]}}}\n" };
  const found = inCompose("FROM a\nARG $0V\n", "N", bare);
  assert.ok("edits" in found);
  assert.match(found.consequence ?? "", /takes N from the environment of compose instead of V/);
});
