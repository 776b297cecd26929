/** Definitions, references, renames, outline, folding, selections, links, hints and linked names of Dockerfiles. `$0` is the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionAt } from "../../server/src/core/features/dockerfile/definition.ts";
import { foldsOf } from "../../server/src/core/features/dockerfile/folding.ts";
import { inlayHintsIn } from "../../server/src/core/features/dockerfile/inlay-hints.ts";
import { linkedAt } from "../../server/src/core/features/dockerfile/linked-editing.ts";
import { linksOf } from "../../server/src/core/features/dockerfile/links.ts";
import { projectSymbolsOf } from "../../server/src/core/features/dockerfile/project-symbols.ts";
import { referencesAt } from "../../server/src/core/features/dockerfile/references.ts";
import { selectionsAt } from "../../server/src/core/features/dockerfile/selection.ts";
import { semanticTokensOf } from "../../server/src/core/features/dockerfile/semantic-tokens.ts";
import { type OutlineSymbol, outlineOf } from "../../server/src/core/features/dockerfile/symbols.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { shellTokens } from "../../server/src/core/model/dockerfile/shell-tokens.ts";
import type { Span } from "../../server/src/core/text/edit.ts";
import { unmarked } from "../compose/project-files.ts";

interface Case {
  readonly dockerfile: Dockerfile;
  readonly offset: number;
}

function cursorIn(marked: string): Case {
  const offset = marked.indexOf("$0");
  assert.notEqual(offset, -1, "there is a $0 in the text");
  return { dockerfile: parseDockerfile(marked.replace("$0", "")), offset };
}

/** The text with `«»` around the spans. */
function marking(text: string, spans: readonly Span[]): string {
  let out = "";
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    out += `${text.slice(at, start)}«${text.slice(start, end)}»`;
    at = end;
  }
  return out + text.slice(at);
}

/** The cursor, and the same text with the definition marked; without marks where there is none. */
const DEFINITIONS: readonly (readonly [string, string, string])[] = [
  ["a stage below FROM, in any case", "FROM a AS Build\nFROM bui$0ld\n", "FROM a AS «Build»\nFROM build\n"],
  ["a stage of COPY", "FROM a AS b\nFROM c\nCOPY --from=$0b x y\n", "FROM a AS «b»\nFROM c\nCOPY --from=b x y\n"],
  ["a stage in quotes", 'FROM a AS b\nFROM c\nCOPY --from="b$0" x y\n', 'FROM a AS «b»\nFROM c\nCOPY --from="b" x y\n'],
  [
    "a stage of a mount",
    "FROM a AS b\nFROM c\nRUN --mount=type=bind,from=b$0,target=/x y\n",
    "FROM a AS «b»\nFROM c\nRUN --mount=type=bind,from=b,target=/x y\n",
  ],
  ["a stage by its number", "FROM a AS b\nFROM c\nCOPY --from=$00 x y\n", "FROM a AS «b»\nFROM c\nCOPY --from=0 x y\n"],
  ["a stage that has no name", "FROM a\nFROM c\nCOPY --from=$00 x y\n", "«FROM» a\nFROM c\nCOPY --from=0 x y\n"],
  [
    "the last stage of a name before FROM",
    "FROM a AS x\nFROM b AS x\nFROM $0x\n",
    "FROM a AS x\nFROM b AS «x»\nFROM x\n",
  ],
  ["no stage for an image", "FROM a AS b\nCOPY --from=$0alpine x y\n", "FROM a AS b\nCOPY --from=alpine x y\n"],
  ["an ARG in FROM", "ARG V=1\nFROM a:${$0V}\n", "ARG «V»=1\nFROM a:${V}\n"],
  [
    "an ARG in a stage, not the one in front of FROM",
    "ARG V=1\nFROM a\nARG V\nRUN x $0$V\n",
    "ARG V=1\nFROM a\nARG «V»\nRUN x $V\n",
  ],
  ["what a stage's ARG declares again", "ARG V=1\nFROM a\nARG $0V\n", "ARG «V»=1\nFROM a\nARG V\n"],
  [
    "nothing for an ARG in front of FROM that the stage does not declare",
    "ARG V=1\nFROM a\nRUN x $0$V\n",
    "ARG V=1\nFROM a\nRUN x $V\n",
  ],
  ["the ENV over an ARG", "FROM a\nARG V=1\nENV V=$V\nRUN x $0$V\n", "FROM a\nARG V=1\nENV «V»=$V\nRUN x $V\n"],
  ["the ARG in the ENV over it", "FROM a\nARG V=1\nENV V=$0$V\n", "FROM a\nARG «V»=1\nENV V=$V\n"],
  ["what is inherited", "FROM a AS b\nENV V=1\nFROM b\nRUN x $0$V\n", "FROM a AS b\nENV «V»=1\nFROM b\nRUN x $V\n"],
  [
    "of what is inherited the ENV, not the ARG over it",
    "FROM a AS b\nENV V=1\nARG V=2\nFROM b\nRUN x $0$V\n",
    "FROM a AS b\nENV «V»=1\nARG V=2\nFROM b\nRUN x $V\n",
  ],
  ["what an ENV sets again", "FROM a\nENV V=1\nARG V\nENV $0V=2\n", "FROM a\nENV «V»=1\nARG V\nENV V=2\n"],
  [
    "no variable of a stage beside",
    "FROM a AS b\nENV V=1\nFROM c\nRUN x $0$V\n",
    "FROM a AS b\nENV V=1\nFROM c\nRUN x $V\n",
  ],
  ["within a default", "FROM a\nARG V=1\nENV W=${X:-$0$V}\n", "FROM a\nARG «V»=1\nENV W=${X:-$V}\n"],
  ["in double quotes of a shell", 'FROM a\nARG V=1\nRUN x "$0$V"\n', 'FROM a\nARG «V»=1\nRUN x "$V"\n'],
  ["not in single quotes of a shell", "FROM a\nARG V=1\nRUN x '$0$V'\n", "FROM a\nARG V=1\nRUN x '$V'\n"],
  ["not once the shell has set it", "FROM a\nARG V=1\nRUN V=2; x $0$V\n", "FROM a\nARG V=1\nRUN V=2; x $V\n"],
  [
    "for one command the shell sets nothing",
    "FROM a\nARG V=1\nRUN V=2 y; x $0$V\n",
    "FROM a\nARG «V»=1\nRUN V=2 y; x $V\n",
  ],
  ["in a subshell that does not last", "FROM a\nARG V=1\nRUN (V=2); x $0$V\n", "FROM a\nARG «V»=1\nRUN (V=2); x $V\n"],
  [
    "in the value that the shell sets",
    "FROM a\nARG V=1\nRUN V=$0$V:2; x $V\n",
    "FROM a\nARG «V»=1\nRUN V=$V:2; x $V\n",
  ],
  [
    "not the loop's own",
    "FROM a\nARG V=1\nRUN for V in 1; do x $0$V; done\n",
    "FROM a\nARG V=1\nRUN for V in 1; do x $V; done\n",
  ],
  ["in a heredoc of a shell", "FROM a\nARG V=1\nRUN <<EOF\nx $0$V\nEOF\n", "FROM a\nARG «V»=1\nRUN <<EOF\nx $V\nEOF\n"],
  [
    "in a heredoc a command reads",
    "FROM a\nARG V=1\nRUN cat <<EOF >x\n$0$V\nEOF\n",
    "FROM a\nARG «V»=1\nRUN cat <<EOF >x\n$V\nEOF\n",
  ],
  [
    "not in a quoted one",
    "FROM a\nARG V=1\nRUN cat <<'EOF' >x\n$0$V\nEOF\n",
    "FROM a\nARG V=1\nRUN cat <<'EOF' >x\n$V\nEOF\n",
  ],
  [
    "in a file of COPY",
    "FROM a\nARG V=1\nCOPY <<EOF /x\n'$0$V'\nEOF\n",
    "FROM a\nARG «V»=1\nCOPY <<EOF /x\n'$V'\nEOF\n",
  ],
  ["in arithmetic", "FROM a\nENV V=1\nRUN x $(($0V+1))\n", "FROM a\nENV «V»=1\nRUN x $((V+1))\n"],
  ["over a continuation", "FROM a\nENV V=1\nRUN x \\\n  # $V\n  $0$V\n", "FROM a\nENV «V»=1\nRUN x \\\n  # $V\n  $V\n"],
  ["an ARG is not there when a container runs", "FROM a\nARG V=1\nCMD x $0$V\n", "FROM a\nARG V=1\nCMD x $V\n"],
  ["an ENV is, also a later one", "FROM a\nCMD x $0$V\nENV V=1\n", "FROM a\nCMD x $V\nENV «V»=1\n"],
  [
    "in a shell of JSON",
    'FROM a\nENV V=1\nCMD ["sh", "-c", "x \\"$0$V\\""]\n',
    'FROM a\nENV «V»=1\nCMD ["sh", "-c", "x \\"$V\\""]\n',
  ],
  ["not where no shell is", 'FROM a\nENV V=1\nCMD ["x", "$0$V"]\n', 'FROM a\nENV V=1\nCMD ["x", "$V"]\n'],
  ["in JSON of COPY", 'FROM a\nENV V=1\nCOPY ["$0$V", "b"]\n', 'FROM a\nENV «V»=1\nCOPY ["$V", "b"]\n'],
  [
    "in flags",
    "FROM a\nARG V=1\nRUN --mount=type=cache,target=$0$V x\n",
    "FROM a\nARG «V»=1\nRUN --mount=type=cache,target=$V x\n",
  ],
  [
    "in PowerShell",
    'FROM a\nSHELL ["pwsh"]\nARG V=1\nRUN x $env:$0V\n',
    'FROM a\nSHELL ["pwsh"]\nARG «V»=1\nRUN x $env:V\n',
  ],
  [
    "in cmd",
    "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:1809\nENV V=1\nRUN x %$0V%\n",
    "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:1809\nENV «V»=1\nRUN x %V%\n",
  ],
  [
    "what a trigger declares, in the next one",
    "FROM a\nONBUILD ARG V=1\nONBUILD RUN x $0$V\n",
    "FROM a\nONBUILD ARG «V»=1\nONBUILD RUN x $V\n",
  ],
  ["each ARG of an instruction sees those before it", "ARG V=1 W=$0$V\nFROM a\n", "ARG «V»=1 W=$V\nFROM a\n"],
  ["a heredoc", "FROM a\nRUN <<-'EOF'\nx\n\tEO$0F\n", "FROM a\nRUN <<-'«EOF»'\nx\n\tEOF\n"],
];
for (const [title, marked, expected] of DEFINITIONS)
  test(`definition: ${title}`, () => {
    const { dockerfile, offset } = cursorIn(marked);
    const found = definitionAt(dockerfile, offset);
    assert.equal(marking(dockerfile.text, found ? [found.target] : []), expected);
  });

/** The same text with all places marked. */
const REFERENCES: readonly (readonly [string, string])[] = [
  [
    "a stage and every way to name it",
    "FROM a AS $0«b»\nFROM «B»\nCOPY --from=«b» x y\nCOPY --from=«0» x y\nRUN --mount=from=«b»,target=/x z\n",
  ],
  ["only the stage that is meant", "FROM a AS «x»\nFROM $0«x» AS y\nFROM b AS x\nCOPY --from=x y z\n"],
  [
    "an ARG, everywhere one --build-arg sets it",
    "ARG «V»=1\nFROM a:$«V»\nARG $0«V»\nRUN x $«V» ${«V»:-1}\nFROM b\nARG «V»\nRUN y $«V»\n",
  ],
  ["an ENV and not the ARG below it", "FROM a\nARG V\nENV «V»=$V\nRUN x $0$«V»\nENV «V»=2\n"],
  [
    "an ENV in its stage and in those that are built on it",
    "FROM a AS b\nENV $0«V»=1\nFROM b\nENV «V»=2$«V»\nFROM c\nENV V=3\nRUN x $V\n",
  ],
  [
    "a shell that may set it",
    'FROM a\nARG «V»\nRUN if [ -z "$«V»" ]; then $0«V»=1; fi; x $«V»\nRUN [ -n "$«V»" ] || «V»=2; x $«V»\n',
  ],
  ["what is exported", "FROM a\nARG $0«V»\nRUN export «V» && unset «V» && export W=1 && x $W\n"],
  ["what nothing declares, in the file", "FROM a\nENV A=$0$«PATH» B=$«PATH»\nRUN x $«PATH»\n"],
  ["a heredoc, of several the one", "FROM a\nCOPY <<«A» <<B /x/\n1\n$0«A»\n2\nB\n"],
];
for (const [title, marked] of REFERENCES)
  test(`references: ${title}`, () => {
    const { dockerfile, offset } = cursorIn(marked.replace("$0«", "«$0"));
    const { text, spans } = unmarked(dockerfile.text);
    const before = dockerfile.text.slice(0, offset).match(/[«»]/g)?.length ?? 0;
    const found = referencesAt(parseDockerfile(text), offset - before, { declarations: true }) ?? [];
    assert.equal(
      marking(
        text,
        found.map(({ span }) => span),
      ),
      marking(text, spans),
    );
  });

test("references without declarations", () => {
  const { dockerfile, offset } = cursorIn("ARG V=1\nFROM a:$0$V\nARG V\n");
  const found = referencesAt(dockerfile, offset, { declarations: false }) ?? [];
  assert.equal(
    marking(
      dockerfile.text,
      found.map(({ span }) => span),
    ),
    "ARG V=1\nFROM a:$«V»\nARG V\n",
  );
});

const outline = (symbols: readonly OutlineSymbol[], indent = ""): string =>
  symbols
    .map(
      ({ name, detail, kind, children }) =>
        `${indent}${kind} ${name}${detail === "" ? "" : ` (${detail})`}\n${outline(children, `${indent}  `)}`,
    )
    .join("");

test("the outline has stages with what is in them", () => {
  const text = `ARG V=22
FROM node:$V AS build
WORKDIR /app
ENV A=1 B="two words"
LABEL a.b=c
COPY package.json ./
RUN --mount=type=cache,target=/c npm ci && npm run build
RUN <<EOF
set -e
apt-get update
apt-get install -y x
EOF
FROM nginx:1@sha256:0123
COPY --from=build /app /
ONBUILD RUN x
EXPOSE 80 443
USER app
VOLUME /data
HEALTHCHECK CMD curl localhost
ENTRYPOINT ["node", "."]
UNKNOWN x
`;
  assert.equal(
    outline(outlineOf(parseDockerfile(text))),
    `argument V (22)
stage build (node:$V)
  folder WORKDIR /app
  variable A (1)
  variable B (two words)
  label a.b (c)
  files COPY package.json ./
  run RUN npm ci, npm run
  run RUN apt-get update, apt-get install
stage nginx:1 (stage 1)
  files COPY /app / (from build)
  trigger ONBUILD RUN x
  port EXPOSE 80 443
  user USER app
  volume VOLUME /data
  start HEALTHCHECK CMD curl localhost
  start ENTRYPOINT node .
`,
  );
});

test("stages and images are looked for from anywhere", () => {
  const symbols = projectSymbolsOf(parseDockerfile("ARG V=1\nFROM node:$V AS b\nFROM b\nCOPY --from=nginx:1 x y\n"));
  assert.deepEqual(
    symbols.map(({ kind, name, container }) => `${kind} ${name}: ${container}`),
    ["stage b: FROM node:$V", "image node:1: base image", "image nginx:1: in stage 1"],
  );
});

/** What can be folded, by its kind and the first and last line. */
const FOLDS: readonly (readonly [string, string, readonly string[]])[] = [
  ["stages", "FROM a\nRUN x\n\n# next\nFROM b\nRUN y\n", ["region FROM a … RUN x", "region FROM b … RUN y"]],
  ["an instruction over lines", "RUN a \\\n  # c\n  && b\n", ["region RUN a \\ …   && b"]],
  ["a heredoc with its instruction", "RUN <<EOF\nx\nEOF\n", ["region RUN <<EOF … EOF"]],
  ["each of several heredocs", "COPY <<A <<B /x/\n1\nA\n2\nB\n", ["region COPY <<A <<B /x/ … A", "region A … B"]],
  [
    "a heredoc below a continued line",
    "RUN x \\\n  <<EOF\n1\nEOF\n",
    ["region RUN x \\ …   <<EOF", "region   <<EOF … EOF"],
  ],
  ["comments, directives among them", "# syntax=x\n# a\n# b\n\n# c\nFROM a\n", ["comment # syntax=x … # b"]],
  ["what is marked", "# region x\nFROM a\n#endregion\nFROM b\n", ["marked # region x … #endregion"]],
];
for (const [title, text, expected] of FOLDS)
  test(`folding: ${title}`, () => {
    const shown = foldsOf(parseDockerfile(text)).map(({ span, kind }) => {
      const lines = text.slice(span.start, span.end).split("\n");
      return `${kind} ${lines[0]} … ${lines.at(-1)}`;
    });
    assert.deepEqual(shown, expected);
  });

/** From the narrowest to what is still inside the stage. */
const SELECTIONS: readonly (readonly [string, readonly string[]])[] = [
  [
    "FROM a\nRUN --mount=type=cache,target=/x apt-get install -y cu$0rl && y\n",
    ["curl", "apt-get install -y curl", "apt-get install -y curl && y"],
  ],
  [
    "FROM a\nRUN --mount=type=ca$0che,target=/x y\n",
    ["cache", "type=cache", "type=cache,target=/x", "--mount=type=cache,target=/x"],
  ],
  ['FROM a\nENV A="b $0c" D=e\n', ["c", "b c", '"b c"', 'A="b c"', 'A="b c" D=e']],
  ["FROM a\nRUN <<EOF\necho $0hi; ls\nEOF\n", ["hi", "echo hi", "echo hi; ls\n", "echo hi; ls\nEOF"]],
];
for (const [marked, expected] of SELECTIONS)
  test(`selection: ${marked.replaceAll("\n", "⏎")}`, () => {
    const { dockerfile, offset } = cursorIn(marked);
    const all = selectionsAt(dockerfile, offset).map(({ start, end }) => dockerfile.text.slice(start, end));
    const [instruction, stage, file] = all.slice(-3);
    assert.deepEqual(all.slice(0, -3), expected);
    assert.equal(file, dockerfile.text);
    assert.ok(stage?.startsWith("FROM a\n") && instruction?.startsWith(dockerfile.instructions[1]?.name ?? "?"));
  });

test("links lead to pages of images, files of the context, and addresses", () => {
  const text = `# syntax=docker/dockerfile:1
ARG V=22
FROM node:$V AS build
FROM build
FROM ghcr.io/a/b:1@sha256:${"0".repeat(64)}
COPY package.json "my file" folder missing ./
COPY --from=quay.io/c/d:1 /x /y
COPY ["package.json", "/x"]
RUN --mount=type=bind,source=package.json,target=/x y
ADD https://example.com/x.tgz https://github.com/a/b.git#v1:c /z
ADD $\{U} /z
`;
  const files = new Set(["package.json"]);
  const found = linksOf(parseDockerfile(text), (path) => files.has(path));
  assert.deepEqual(
    found.map(({ span, url, path }) =>
      `${text.slice(span.start, span.end)} → ${url ?? path}`.replace(/@sha256:0+/, "@…"),
    ),
    [
      "docker/dockerfile:1 → https://hub.docker.com/r/docker/dockerfile",
      "node:$V → https://hub.docker.com/_/node",
      "ghcr.io/a/b:1@… → https://ghcr.io/a/b",
      "package.json → package.json",
      "quay.io/c/d:1 → https://quay.io/repository/c/d",
      "package.json → package.json",
      "package.json → package.json",
      "https://example.com/x.tgz → https://example.com/x.tgz",
      "https://github.com/a/b.git#v1:c → https://github.com/a/b",
    ],
  );
});

/** Hints stand in `⟨⟩`. */
const HINTS: readonly (readonly [string, string])[] = [
  ["ARG V=22\nFROM node:$V-slim AS b\n", "ARG V=22\nFROM node:$V-slim⟨= node:22-slim⟩ AS b\n"],
  ["ARG V\nFROM node:$V\n", "ARG V\nFROM node:$V\n"],
  ["FROM node:22\nWORKDIR /a\nWORKDIR b\nRUN x\n", "FROM node:22\nWORKDIR /a\nWORKDIR b⟨= /a/b⟩\nRUN x\n"],
  ["FROM x\nENV D=/d\nWORKDIR $D/e\n", "FROM x\nENV D=/d\nWORKDIR $D/e⟨= /d/e⟩\n"],
  ["FROM x\nWORKDIR b\nRUN x\n", "FROM x\nWORKDIR b\nRUN x\n"],
  ["FROM x\nARG U=app\nUSER $U\n", "FROM x\nARG U=app\nUSER $U⟨= app⟩\n"],
  [
    "FROM x AS a\nWORKDIR /w\nUSER app\nFROM a\nRUN y\n",
    "FROM x AS a\nWORKDIR /w\nUSER app\nFROM a⟨USER app, WORKDIR /w⟩\nRUN y\n",
  ],
  ["FROM x AS a\nWORKDIR /w\nFROM a\nWORKDIR /v\nRUN y\n", "FROM x AS a\nWORKDIR /w\nFROM a\nWORKDIR /v\nRUN y\n"],
  ["FROM x AS a\nWORKDIR /w\nFROM a\nLABEL a=b\n", "FROM x AS a\nWORKDIR /w\nFROM a\nLABEL a=b\n"],
];
for (const [text, expected] of HINTS)
  test(`inlay hints: ${text.replaceAll("\n", "⏎")}`, () => {
    let shown = text;
    for (const { at, label } of inlayHintsIn(parseDockerfile(text), { start: 0, end: text.length }).toReversed())
      shown = `${shown.slice(0, at)}⟨${label}⟩${shown.slice(at)}`;
    assert.equal(shown, expected);
  });

/** The text with what is typed in together marked. */
const LINKED: readonly (readonly [string, string])[] = [
  ["FROM a AS $0b\nFROM b\nCOPY --from=b x y\n", "FROM a AS «b»\nFROM «b»\nCOPY --from=«b» x y\n"],
  ["FROM a AS b\nFROM $0B\n", "FROM a AS b\nFROM B\n"],
  ["FROM a AS $0b\n", "FROM a AS b\n"],
  ["ARG $0V\nFROM a:$V\n", "ARG V\nFROM a:$V\n"],
];
for (const [marked, expected] of LINKED)
  test(`linked editing: ${marked.replaceAll("\n", "⏎")}`, () => {
    const { dockerfile, offset } = cursorIn(marked);
    assert.equal(marking(dockerfile.text, linkedAt(dockerfile, offset) ?? []), expected);
  });

/** Each token as `type:text`, with its modifier. */
const TOKENS: readonly (readonly [string, string])[] = [
  ["# syntax=x\n# c\n", "comment:#  macro:syntax operator:= string:x comment:# c"],
  [
    "FROM --platform=$P node:22@sha256:0 AS b\n",
    "keyword:FROM parameter:--platform variable:$P keyword:AS namespace.declaration:b",
  ],
  ["FROM ghcr.io/a/b:1.2 as b\n", "keyword:FROM class:ghcr.io/a/b enumMember:1.2 keyword:as namespace.declaration:b"],
  [`FROM a@sha256:${"0".repeat(64)}\n`, `keyword:FROM class:a number:sha256:${"0".repeat(64)}`],
  [
    "ARG V=1\nFROM node:${V}-slim\n",
    "keyword:ARG variable.readonly:V keyword:FROM class:node variable:${V variable:} enumMember:-slim",
  ],
  ["FROM scratch\n", "keyword:FROM class.defaultLibrary:scratch"],
  [
    "ENV A=\"b $C\" D='e'\n",
    "keyword:ENV variable.declaration:A string:\"b  variable:$C string:\" variable.declaration:D string:'e'",
  ],
  ['FROM a\nENV A="b $C"\n', 'keyword:FROM class:a keyword:ENV variable.declaration:A string:"b  variable:$C string:"'],
  [
    "FROM a AS b\nFROM c\nCOPY --from=b --link x y\n",
    "keyword:FROM class:a keyword:AS namespace.declaration:b keyword:FROM class:c keyword:COPY parameter:--from namespace:b parameter:--link",
  ],
  [
    'RUN --mount=type=cache,target=/x,sharing=locked apt-get -y install "a" # b\n',
    'keyword:RUN parameter:--mount property:type enumMember:cache property:target property:sharing enumMember:locked function:apt-get parameter:-y string:"a" comment:# b',
  ],
  [
    "RUN a \\\n  # c\n  && b 'x \\\n  y'\n",
    "keyword:RUN function:a comment:# c operator:&& function:b string:'x  string:  y'",
  ],
  [
    "RUN <<EOF\nif x; then\n  y >z\nfi\nEOF\n",
    "keyword:RUN label:EOF keyword:if function:x operator:; keyword:then function:y operator:> keyword:fi label:EOF",
  ],
  ["RUN <<EOF python3\nprint('x')\nEOF\n", "keyword:RUN operator:<< label:EOF function:python3 label:EOF"],
  ["RUN <<EOF\n#!/usr/bin/env python3\nprint('x')\nEOF\n", "keyword:RUN label:EOF label:EOF"],
  ['CMD ["a", "b"]\n', 'keyword:CMD string:"a" string:"b"'],
  ["HEALTHCHECK --interval=1s CMD x\n", "keyword:HEALTHCHECK parameter:--interval keyword:CMD function:x"],
  ["ONBUILD RUN x\n", "keyword:ONBUILD keyword:RUN function:x"],
  ["EXPOSE 80/tcp 90-91\n", "keyword:EXPOSE number:80 number:90-91"],
  ["LABEL a.b=c\n", "keyword:LABEL property:a.b"],
];
for (const [text, expected] of TOKENS)
  test(`tokens: ${text.replaceAll("\n", "⏎")}`, () => {
    const shown = semanticTokensOf(parseDockerfile(text)).map(
      ({ start, end, type, modifier }) => `${type}${modifier ? `.${modifier}` : ""}:${text.slice(start, end)}`,
    );
    assert.equal(shown.join(" "), expected);
  });

/** Shell words, each as `kind:text`; where an assignment holds stands behind it. */
const SHELL: readonly (readonly [string, string])[] = [
  ["a -b --c=d e", "command:a option:-b option:--c"],
  ["A=1 B=$C d", "assigned:A(once) assigned:B(once) variable:$C command:d"],
  ["A=1; B=(x y)", "assigned:A(always) operator:; assigned:B(always) operator:( operator:)"],
  ["a | b || c & d", "command:a operator:| command:b operator:|| command:c operator:& command:d"],
  [
    "a || A=1; [ x ] && B=1",
    "command:a operator:|| assigned:A(maybe) operator:; command:[ operator:&& assigned:B(maybe)",
  ],
  [
    "for x in 1; do A=1; done; B=1",
    "keyword:for assigned:x(always) keyword:in operator:; keyword:do assigned:A(maybe) operator:; keyword:done operator:; assigned:B(always)",
  ],
  [
    "f() { A=1; }; B=1",
    "command:f operator:( operator:) keyword:{ assigned:A(maybe) operator:; keyword:} operator:; assigned:B(always)",
  ],
  [
    "case $x in a|'b') c;; *) d;; esac; e",
    "keyword:case variable:$x keyword:in operator:| string:'b' operator:) command:c operator:;; operator:) command:d operator:;; keyword:esac operator:; command:e",
  ],
  ['a "b $(c "d") e"', 'command:a string:"b  operator:$( command:c string:"d" operator:) string: e"'],
  [
    "a ${B:-${C}} ${#D} $1 $@",
    "command:a variable:${B operator::- variable:${C variable:} variable:} variable:${#D variable:} variable:$1 variable:$@",
  ],
  [
    "$(case x in a) b;; esac) c",
    "operator:$( keyword:case keyword:in operator:) command:b operator:;; keyword:esac operator:)",
  ],
  ["a $((B+1)) `c`", "command:a operator:$(( variable:B operator:)) operator:` command:c operator:`"],
  [
    "sudo -E a; env A=1 b; xargs c",
    "command:sudo option:-E operator:; command:env command:b operator:; command:xargs command:c",
  ],
  ["a <<E >f\n$B\nE\nc", "command:a operator:<< marker:E operator:> variable:$B marker:E command:c"],
  ["[[ $a == b && -f c ]] && d", "keyword:[[ variable:$a operator:&& option:-f keyword:]] operator:&& command:d"],
  [
    "read A B; export C=1 D; unset E",
    "command:read assigned:A(always) assigned:B(always) operator:; command:export assigned:C(always) named:D operator:; command:unset named:E",
  ],
  ["a $'b\\'c' # d\ne", "command:a string:$'b\\'c' comment:# d command:e"],
];
for (const [text, expected] of SHELL)
  test(`shell tokens: ${text.replaceAll("\n", "⏎")}`, () => {
    const shown = shellTokens(text).map(
      ({ kind, start, end, sets }) => `${kind}:${text.slice(start, end)}${sets ? `(${sets})` : ""}`,
    );
    assert.equal(shown.join(" "), expected);
  });
