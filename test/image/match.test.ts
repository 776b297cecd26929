/** Histories as builders write them, read back into instructions and matched with the Dockerfile they come from. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { layersAmong, readStep, stepsOfLayers } from "../../server/src/core/image/history.ts";
import type { Layer, Step } from "../../server/src/core/image/image.ts";
import { matchSteps } from "../../server/src/core/image/match.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";

const step = (createdBy: string, more: Partial<Step> = {}): Step => ({
  createdBy,
  created: undefined,
  comment: undefined,
  empty: false,
  ...more,
});
const BUILDKIT = { comment: "buildkit.dockerfile.v0" };
const empty = (createdBy: string, comment?: string): Step => step(createdBy, { empty: true, comment });

describe("created_by", () => {
  const cases: readonly (readonly [string, Partial<Step>, string, string, string])[] = [
    ["/bin/sh -c #(nop)  ENV A=b", {}, "ENV", "A=b", "classic"],
    ["/bin/sh -c #(nop) COPY file:0a1b in /x ", {}, "COPY", "file:0a1b in /x", "classic"],
    ['/bin/sh -c #(nop)  CMD ["sh"]', { comment: "FROM 0123" }, "CMD", '["sh"]', "buildah"],
    ["cmd /S /C #(nop) ENV A=b", {}, "ENV", "A=b", "classic"],
    ["/bin/sh -c make all", {}, "RUN", "make all", "classic"],
    ["/bin/bash -o pipefail -c make | tee log", {}, "RUN", "make | tee log", "classic"],
    ["/bin/busybox --install -s /bin", {}, "RUN", "/bin/busybox --install -s /bin", "classic"],
    ["|2 A=1 B=two words /bin/sh -c make", {}, "RUN", "make", "classic"],
    ["|1 A=1 /usr/bin/make all", {}, "RUN", "/usr/bin/make all", "classic"],
    ["RUN /bin/sh -c make # buildkit", BUILDKIT, "RUN", "make", "buildkit"],
    ["RUN |1 A=1 /bin/ash -eo pipefail -c make # buildkit", BUILDKIT, "RUN", "make", "buildkit"],
    ["COPY --chown=1:1 a /b # buildkit", BUILDKIT, "COPY", "--chown=1:1 a /b", "buildkit"],
    ["WORKDIR /srv", BUILDKIT, "WORKDIR", "/srv", "buildkit"],
    ["EXPOSE map[80/tcp:{}]", BUILDKIT, "EXPOSE", "map[80/tcp:{}]", "buildkit"],
    ["RUN apk add git", {}, "RUN", "apk add git", "kaniko"],
    ["COPY . /app", {}, "COPY", ". /app", "kaniko"],
    ["", {}, "", "", "unknown"],
    ["some tool's words", {}, "", "some tool's words", "unknown"],
  ];
  for (const [createdBy, more, keyword, text, builder] of cases)
    test(createdBy === "" ? "nothing" : createdBy, () =>
      assert.deepEqual(readStep(step(createdBy, more)), { keyword, text, builder }),
    );
});

describe("steps of layers", () => {
  const layers = (count: number): readonly Layer[] =>
    Array.from({ length: count }, () => ({
      entries: [],
      digest: "",
      diffId: "",
      compression: "none",
      storedSize: 0,
      tarSize: 0,
    }));

  test("one each, those without a layer left out", () => {
    const history = [
      step("COPY a /", BUILDKIT),
      empty("ENV A=b", "buildkit.dockerfile.v0"),
      step("RUN make # buildkit"),
    ];
    assert.deepEqual(stepsOfLayers(history, layers(2)), [[0], [2]]);
    assert.deepEqual(stepsOfLayers(history, layers(3)), [[], [], []], "a history that does not fit says nothing");
    assert.deepEqual(stepsOfLayers([], layers(1)), [[]]);
  });

  test("a RUN that changed nothing is not taken into the next layer", () => {
    const history = [step("/bin/sh -c a"), empty("/bin/sh -c true"), step("/bin/sh -c b")];
    assert.deepEqual(stepsOfLayers(history, layers(2)), [[0], [2]]);
  });

  test("buildah without --layers makes one of all", () => {
    const history = [
      empty("/bin/sh -c #(nop) COPY file:1 in /a "),
      empty("/bin/sh -c make"),
      empty("/bin/sh -c #(nop) ENV A=b"),
      step('/bin/sh -c #(nop) CMD ["sh"]', { comment: "FROM 01" }),
    ];
    assert.deepEqual(stepsOfLayers(history, layers(1)), [[0, 1]]);
  });
});

describe("the steps of an engine that does not say which made a layer", () => {
  const made = (steps: readonly (readonly [string, number])[], layers: number): readonly boolean[] =>
    layersAmong(
      steps.map(([createdBy, bytes]) => ({ createdBy, bytes, comment: "buildkit.dockerfile.v0", empty: false })),
      layers,
    );

  test("those with bytes, where that is all of them", () =>
    assert.deepEqual(
      made(
        [
          ["COPY a /", 5],
          ["ENV A=b", 0],
          ["RUN make # buildkit", 9],
          ["CMD x", 0],
        ],
        2,
      ),
      [...[true, false, true, false]],
    ));

  test("then those that can be without bytes", () => {
    const steps = [
      ["RUN a # buildkit", 5],
      ["ENV A=b", 0],
      ["WORKDIR /a", 0],
      ["RUN rm -r /a # buildkit", 0],
      ["COPY x /", 0],
    ] as const;
    assert.deepEqual(made(steps, 2), [true, false, false, false, true]);
    assert.deepEqual(made(steps, 3), [true, false, false, true, true]);
    assert.deepEqual(made(steps, 4), [true, false, true, true, true]);
    assert.deepEqual(made(steps, 5), [true, true, true, true, true]);
  });

  test("a step that is said to be empty is never taken, and what does not fit is left", () => {
    const steps = [
      { createdBy: "RUN a", bytes: 0, comment: undefined, empty: true },
      { createdBy: "RUN b", bytes: 0, comment: undefined, empty: false },
    ];
    assert.deepEqual(layersAmong(steps, 1), [false, true]);
    assert.deepEqual(layersAmong(steps, 2), [false, true]);
    assert.deepEqual(layersAmong([], 3), []);
  });
});

describe("steps and instructions", () => {
  const lines = (history: readonly Step[], text: string, target?: string): readonly (number | undefined)[] =>
    matchSteps(history, parseDockerfile(text), target).map(
      (instruction) => instruction && text.slice(0, instruction.span.start).split("\n").length,
    );

  const DOCKERFILE = `FROM golang:1.25 AS build
ARG VERSION=1
RUN go build -ldflags "-X main.version=$VERSION" -o /out/app
FROM debian:13 AS base
ENV LANG=C.UTF-8
RUN apt-get update \\
    && apt-get install -y ca-certificates
FROM base
ARG REV=abc
COPY --from=build --chown=1:1 /out/app /app/app
RUN --mount=type=cache,target=/c mkdir -p /var/x \\
    && echo $REV > /var/x/a
RUN <<EOT
  echo one
  echo two
EOT
USER 1000
CMD ["/app/app"]
`;

  test("BuildKit: base image, stages below, heredoc, arguments", () => {
    const history = [
      step("/bin/sh -c #(nop) ADD file:00ff in / "),
      empty('/bin/sh -c #(nop)  CMD ["bash"]'),
      empty("ENV LANG=C.UTF-8", "buildkit.dockerfile.v0"),
      step("RUN /bin/sh -c apt-get update     && apt-get install -y ca-certificates # buildkit"),
      empty("ARG REV=abc", "buildkit.dockerfile.v0"),
      step("COPY --chown=1:1 /out/app /app/app # buildkit"),
      step("RUN |1 REV=abc /bin/sh -c mkdir -p /var/x     && echo $REV > /var/x/a # buildkit"),
      step("RUN |1 REV=abc /bin/sh -c <<EOT (echo one...)\n  echo one\n  echo two\nEOT # buildkit"),
      empty("USER 1000", "buildkit.dockerfile.v0"),
      empty('CMD ["/app/app"]', "buildkit.dockerfile.v0"),
    ];
    assert.deepEqual(lines(history, DOCKERFILE), [undefined, undefined, 5, 6, 9, 10, 11, 13, 17, 18]);
    assert.deepEqual(lines(history.slice(0, 4), DOCKERFILE, "base"), [undefined, undefined, 5, 6]);
  });

  test("the classic builder, which writes checksums of sources", () => {
    const history = [
      step("/bin/sh -c #(nop) COPY file:0a in /b "),
      step("/bin/sh -c #(nop) COPY dir:0b in /a/ "),
      step("/bin/sh -c #(nop) ADD multi:0c in /c/ "),
    ];
    const text = "FROM scratch\nCOPY x /b\nCOPY y /a/\nADD p q /c/\n";
    assert.deepEqual(lines(history, text), [2, 3, 4]);
  });

  test("kaniko, which leaves out what makes no layer", () => {
    const history = [step("debian base"), step("RUN make build"), step("COPY . /app")];
    assert.deepEqual(lines(history, "FROM debian\nENV A=b\nRUN make build\nUSER 1\nCOPY . /app\n"), [undefined, 3, 5]);
  });

  test("an instruction that was written since is of no step, a RUN of the base image is of no instruction", () => {
    const base = [step("RUN /bin/sh -c apt-get update # buildkit"), step("COPY rootfs / # buildkit")];
    const text = "FROM debian\nRUN make -j4\nCOPY --chmod=600 config /etc/app\nCOPY $FROM $TO\n";
    assert.deepEqual(lines(base, text), [undefined, 4], "a variable may be anything");
    assert.deepEqual(lines(base, text.replace("COPY $FROM $TO\n", "")), [undefined, undefined]);
    // The classic builder writes where a relative path leads.
    const classic = [step("/bin/sh -c #(nop) COPY file:0a in /srv/bin/app ")];
    assert.deepEqual(lines(classic, "FROM debian\nWORKDIR /srv\nCOPY app bin/app\n"), [3]);
  });

  test("of two that are alike the base image has the first", () => {
    const history = [empty('CMD ["sh"]', "buildkit.dockerfile.v0"), empty('CMD ["sh"]', "buildkit.dockerfile.v0")];
    assert.deepEqual(lines(history, 'FROM debian\nCMD ["sh"]\n'), [undefined, 2]);
  });

  test("another file's history, an empty one, and one beyond all bounds", () => {
    assert.deepEqual(lines([], DOCKERFILE), []);
    assert.deepEqual(lines([step("LABEL a=b", BUILDKIT)], DOCKERFILE), [undefined]);
    assert.deepEqual(lines([step("RUN a")], ""), [undefined]);
    const long = Array.from({ length: 3_000 }, () => step("RUN make # buildkit"));
    const many = `FROM scratch\n${"RUN make\n".repeat(3_000)}`;
    assert.ok(lines(long, many).every((line) => line === undefined));
  });
});
