/** BuildKit's checks alone: what docker is asked, and what its answers are read as. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkInvocation, readCheck } from "../../client/src/build/check.ts";
import type { BuildOptions } from "../../client/src/build/options.ts";
import type { Outcome } from "../../client/src/process.ts";

const options: BuildOptions = { dockerfile: "/w/-a b/Dockerfile", context: "-ctx; $(x)", tags: ["app:1"] };
const said = (stdout: string, more: Partial<Outcome> = {}): Outcome => ({
  code: 1,
  stdout,
  stderr: "",
  truncated: false,
  missing: false,
  ...more,
});
const at = (line: number, end = line): object => ({ ranges: [{ start: { line }, end: { line: end } }] });

describe("what docker is asked", () => {
  test("the checks, and nothing that builds, pulls or pushes", () => {
    const more = { pull: true, noCache: true, output: "type=registry", platforms: ["linux/arm64"], sbom: true };
    assert.deepEqual(checkInvocation({ ...options, ...more }).args, [
      ...["buildx", "build", "--call=check,format=json"],
      ...["--file=/w/-a b/Dockerfile", "--", "-ctx; $(x)"],
    ]);
  });

  test("the stage, arguments, builder and context; secrets by the environment", () => {
    const { args, env } = checkInvocation({
      ...options,
      target: "-t",
      builder: "far",
      dockerContext: "other",
      buildArgs: { A: "1", API_TOKEN: "s3cret" },
    });
    assert.deepEqual(args, [
      ...["--context=other", "buildx", "build", "--call=check,format=json", "--builder=far"],
      ...["--file=/w/-a b/Dockerfile", "--target=-t", "--build-arg=A=1", "--build-arg=API_TOKEN", "--", "-ctx; $(x)"],
    ]);
    assert.deepEqual(env, { API_TOKEN: "s3cret" });
  });
});

describe("what it answers", () => {
  const warning = {
    ruleName: "StageNameCasing",
    description: "Stage names should be lowercase",
    url: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/",
    detail: "Stage name 'Foo' should be lowercase",
    location: at(4, 5),
  };
  const read = {
    code: "StageNameCasing",
    message: "Stage name 'Foo' should be lowercase",
    url: warning.url,
    place: { line: 3, endLine: 4 },
  };
  const report = (value: object): string => JSON.stringify(value, undefined, 2);
  const unknown = "dockerfile parse error on line 2: unknown instruction: COPI";

  const cases: readonly (readonly [what: string, Outcome, expected: unknown])[] = [
    ["warnings, with exit code 1", said(report({ warnings: [warning] })), { warnings: [read] }],
    ["nothing", said(report({ warnings: null, sources: [] }), { code: 0 }), { warnings: [] }],
    [
      "a file that cannot be built",
      said(report({ warnings: null, buildError: { message: unknown, location: at(2) } })),
      { warnings: [], error: { message: unknown, place: { line: 1, endLine: 1 } } },
    ],
    [
      "no line is to blame",
      said(report({ buildError: { message: 'target stage "nope" could not be found', location: {} } })),
      { warnings: [], error: { message: 'target stage "nope" could not be found' } },
    ],
    [
      "check=error=true",
      said(report({ warnings: [warning], buildError: { message: "lint violation found for rules: X", location: {} } })),
      { warnings: [read] },
    ],
    [
      "half of it",
      said(report({ warnings: [5, {}, { ruleName: "New" }, { ...warning, url: "no address", location: at(0) }] })),
      {
        warnings: [
          { code: "New", message: "New" },
          { code: read.code, message: read.message },
        ],
      },
    ],
    [
      "an older buildx",
      said("", { code: 125, stderr: "unknown flag: --call\n\nUsage:  docker buildx build\n" }),
      "this buildx has no checks: update it to 0.15 or newer",
    ],
    [
      "no daemon",
      said("", { stderr: "ERROR: Cannot connect to the Docker daemon\n\nmore" }),
      "Cannot connect to the Docker daemon",
    ],
    ["silence", said(""), "docker ended with 1 and said nothing"],
    ["too much", said("{", { truncated: true, stderr: "much" }), "much"],
    ["no docker", said("", { code: null, missing: true }), "docker is not on PATH"],
  ];
  for (const [what, outcome, expected] of cases) test(what, () => assert.deepEqual(readCheck(outcome), expected));
});
