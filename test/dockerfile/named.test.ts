/** Instructions by name: the same as looking through all of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allNamed, allNamedEither } from "../../server/src/core/model/dockerfile/named.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";

const TEXT = `ARG BASE=alpine:3.22
FROM $BASE
env A=1
ONBUILD RUN make
ARG B
RUN true
ENV C=2
ONBUILD COPY . /app
ADD https://example.com/a.txt /
copy b /b
`;

const PAIRS = [
  ["ARG", "ENV"],
  ["ENV", "ARG"],
  ["COPY", "ADD"],
  ["RUN", "USER"],
  ["USER", "RUN"],
  ["USER", "LABEL"],
] as const;

test("instructions by name, those of triggers among them, in the order of the file", () => {
  const dockerfile = parseDockerfile(TEXT);
  for (const [one, other] of PAIRS) {
    const either = dockerfile.all.filter(({ name }) => name === one || name === other);
    assert.deepEqual(allNamedEither(dockerfile, one, other), either);
    assert.deepEqual(allNamedEither(dockerfile, one, other), either, "asked again");
    assert.deepEqual(
      allNamed(dockerfile, one),
      either.filter(({ name }) => name === one),
    );
  }
  assert.deepEqual(
    allNamed(dockerfile, "RUN").map(({ triggered }) => triggered),
    [true, false],
  );
});
