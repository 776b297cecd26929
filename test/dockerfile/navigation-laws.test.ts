/** What holds for names, outlines, folds, links and tokens in any text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandFaults, nameFaults, spanFaults } from "../../scripts/corpus/name-laws.ts";
import { shellTokens } from "../../server/src/core/model/dockerfile/shell-tokens.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { PIECES, texts } from "../generated-texts.ts";

/** Lines in which names meet: declared, shadowed, inherited, used by BuildKit and by shells. */
const NAMED = [
  "ARG A=1",
  "ARG B=$A C",
  "ARG A",
  "FROM alpine:$A AS build",
  "FROM Build as test",
  "FROM build",
  "FROM $C",
  "FROM test AS other",
  "FROM scratch AS build",
  "ENV A=2 B=${A:-$B}",
  "ENV A x $C",
  'ENV "C"=3',
  "ONBUILD ARG A=4",
  "ONBUILD RUN echo $A $B",
  "COPY --from=build a b",
  'COPY --from="BUILD" a b',
  "COPY --from=0 a b",
  "COPY --from=$A a b",
  'COPY ["$A", "${B}"]',
  "COPY <<A /x/\n$A '$B' \\$C\nA",
  'ADD <<-"B" <<C /y/\n\tB\nx\n\tB\nC',
  "RUN --mount=from=build,target=/x echo $A '$B' \"${C:-$A}\"",
  "RUN A=5 cmd $A; A=$A:x; echo $A",
  "RUN if x; then B=1; fi; echo $B; (C=1; echo $C); echo $C",
  "RUN for A in 1 2; do echo $A; done && export B && read C",
  "RUN <<EOF\necho $A\nB=$((A+C))\necho $B\nEOF",
  "RUN cat <<EOF > /x\n$A\nEOF",
  "RUN <<EOF python\nprint($A)\nEOF",
  "RUN echo \\\n  # $A\n  $A \\\n  'x \\\n  y'",
  'SHELL ["powershell"]',
  "RUN echo $env:A %B%",
  'CMD ["sh", "-c", "echo \\"$A\\" $B"]',
  "CMD echo $A ${B}",
  "WORKDIR $A/${B}",
  "USER $C",
  "EXPOSE $A",
  "# region x",
  "#endregion",
  "# a",
  "# escape=`",
];
const named = fc
  .array(fc.constantFrom(...NAMED), { maxLength: 14, size: "max" })
  .chain((lines) => fc.constantFrom("\n", "\r\n").map((eol) => lines.join("\n").replaceAll("\n", eol)));

for (const [what, all, numRuns] of [
  ["lines with names", named, 1_200],
  ["any text", texts, 1_200],
] as const) {
  test(`${what}: definition, references and rename agree`, () => {
    fc.assert(
      fc.property(all, (text) => {
        assert.deepEqual(nameFaults(parseDockerfile(text)), []);
      }),
      { numRuns },
    );
  });

  test(`${what}: spans are inside, tokens do not overlap, selections nest`, () => {
    fc.assert(
      fc.property(all, fc.array(fc.nat({ max: 400 }), { maxLength: 4 }), (text, places) => {
        const offsets = places.map((place) => Math.min(place, text.length));
        assert.deepEqual(spanFaults(parseDockerfile(text), offsets), []);
      }),
      { numRuns },
    );
  });
}

test("any shell text is read to its end, token by token, none over another", () => {
  const shells = fc.oneof(
    fc
      .array(
        fc.constantFrom(...PIECES, "<<<", "((", "))", "[[ ", " ]]", "$'", "in ", "esac", ";;", "read A", "export A"),
        {
          maxLength: 40,
          size: "max",
        },
      )
      .map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", maxLength: 100 }),
  );
  fc.assert(
    fc.property(shells, (text) => {
      let end = 0;
      for (const token of shellTokens(text)) {
        assert.ok(token.start >= end && token.end > token.start && token.end <= text.length, JSON.stringify(token));
        if (token.name !== undefined && token.nameStart !== undefined)
          assert.equal(text.slice(token.nameStart, token.nameStart + token.name.length), token.name);
        end = token.end;
      }
    }),
    { numRuns: 3_000 },
  );
});

test("the words of a shell that its parser takes for commands are commands by their tokens", () => {
  const shells = `RUN case $(uname -m) in x86_64) a b;; arm*|aarch64) c;; esac; for d in e; do f "$(g h)"; done
RUN i && j || (k; l) | { m; } > n; o() { p; }; if q; then r; elif s; then t; else u; fi; while v; do w; done
RUN <<EOF
set -eu
x "y
z" # don't
sudo -u a env B=1 c
EOF
`;
  const sixty = readFileSync(join(import.meta.dirname, "../bench/sixty-lines.Dockerfile"), "utf8");
  for (const text of [`FROM a\n${shells}`, sixty]) assert.deepEqual(commandFaults(parseDockerfile(text)), []);
});
