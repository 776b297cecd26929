/** Building twice: what each engine is told, what happens on failure and cancelling; and the report for people. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reproducibilityText, verdict } from "../../client/src/build/reproducibility.ts";
import { buildTwice, type Twice } from "../../client/src/build/twice.ts";
import type { EngineName } from "../../client/src/engines/engine.ts";
import { ENGINES } from "../../client/src/engines/find.ts";
import type { Invocation, Outcome } from "../../client/src/process.ts";
import type { ImagesReport } from "../../server/src/lsp/messages.ts";

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  code: 0,
  stdout: "",
  stderr: "",
  truncated: false,
  missing: false,
  ...more,
});
const words = ({ command, args }: Invocation): string => [command, ...args].join(" ");

/** Runs nothing; `answer` says how each program ends. */
function planned(
  name: EngineName,
  answer: (invocation: Invocation) => Outcome = () => outcome(),
  signal = new AbortController().signal,
): {
  readonly twice: Twice;
  readonly ran: Invocation[];
} {
  const engine = ENGINES.find((each) => each.name === name);
  assert.ok(engine);
  const ran: Invocation[] = [];
  const twice: Twice = {
    engine,
    options: { dockerfile: "/p/Dockerfile", context: "/p", tags: [], sourceDateEpoch: 5 },
    folder: "/t,m",
    name: "temporary",
    apartMs: 200,
    signal,
    say() {},
    run: async (invocation) => {
      ran.push(invocation);
      return answer(invocation);
    },
  };
  return { twice, ran };
}

describe("what engines are told", () => {
  for (const name of ["docker-buildx", "nerdctl"] as const)
    test(`${name} writes archives, and keeps no image`, async () => {
      const { twice, ran } = planned(name);
      assert.deepEqual(await buildTwice(twice), {
        kind: "built",
        a: "/t,m/first.tar",
        b: "/t,m/second.tar",
        rewritten: true,
      });
      assert.equal(ran.length, 2);
      for (const [at, which] of ["first", "second"].entries()) {
        const args = ran[at]?.args ?? [];
        assert.ok(args.includes(`--output=type=oci,"dest=/t,m/${which}.tar",rewrite-timestamp=true`), args.join(" "));
        assert.ok(args.includes("--no-cache") && args.includes("--provenance=false"));
        assert.ok(!args.some((arg) => arg.startsWith("--tag")));
      }
    });

  for (const [name, save, remove] of [
    [
      "docker-classic",
      "docker image save --output=/t,m/first.tar -- temporary:first",
      "docker image rm -- temporary:first",
    ],
    [
      "podman",
      "podman image save --format=oci-archive --output=/t,m/first.tar -- temporary:first",
      "podman image rm -- temporary:first",
    ],
    ["buildah", "buildah push -- temporary:first oci-archive:/t,m/first.tar", "buildah rmi -- temporary:first"],
  ] as const)
    test(`${name} saves a temporary image and removes it`, async () => {
      const { twice, ran } = planned(name);
      const result = await buildTwice(twice);
      assert.deepEqual(
        [result.kind, result.kind === "built" && result.rewritten],
        ["built", name !== "docker-classic"],
      );
      assert.deepEqual(ran.slice(1, 3).map(words), [save, remove]);
      assert.equal(ran.length, 6);
    });

  test("a Docker that writes no archives saves, once it has said so", async () => {
    const said = "ERROR: OCI exporter is not supported for the docker driver";
    const { twice, ran } = planned("docker-buildx", ({ args }) =>
      args.some((arg) => arg.startsWith("--output=type=oci")) ? outcome({ code: 1, stderr: said }) : outcome(),
    );
    const result = await buildTwice(twice);
    assert.deepEqual([result.kind, result.kind === "built" && result.rewritten], ["built", false]);
    assert.equal(ran.filter(({ args }) => args.includes("build")).length, 3, "the second build does not try again");
  });

  test("what fails ends it, the temporary image included", async () => {
    const failing = planned("podman", ({ args }) =>
      outcome({ code: args[0] === "build" ? 125 : 0, stderr: "no space" }),
    );
    const result = await buildTwice(failing.twice);
    assert.deepEqual([result.kind, failing.ran.length], ["failed", 1]);
    const saving = planned("podman", ({ args }) => outcome({ code: args[1] === "save" ? 125 : 0 }));
    assert.equal((await buildTwice(saving.twice)).kind, "failed");
    assert.equal(saving.ran.map(words).at(-1), "podman image rm -- temporary:first");
  });

  test("cancelling between the builds begins no second one", async () => {
    const controller = new AbortController();
    const { twice, ran } = planned(
      "docker-buildx",
      () => {
        setTimeout(() => controller.abort(new Error("enough")), 20);
        return outcome();
      },
      controller.signal,
    );
    await assert.rejects(buildTwice(twice), /enough/);
    assert.equal(ran.length, 1);
  });
});

const SAME: ImagesReport = {
  identical: true,
  a: { digest: "sha256:aa", platform: "linux/amd64", layers: 1 },
  b: { digest: "sha256:aa", platform: "linux/amd64", layers: 1 },
  by: "layers",
  count: 0,
  timeOnly: 0,
  layers: [],
  config: [],
};

describe("the report", () => {
  const textOf = (report: ImagesReport): string =>
    reproducibilityText({
      name: "api/Dockerfile",
      engine: "Docker with buildx 28",
      report,
      epoch: { seconds: 1_700_000_000, ofCommit: true },
      leftOut: ["secrets"],
      rewritten: true,
      lineLink: (line) => `file:///api/Dockerfile#L${line + 1}`,
      ruleLink: (rule) => `rule:${rule}`,
    });
  const file = (path: string): ImagesReport["layers"][number]["files"][number] => ({
    path,
    change: "changed",
    layer: 1,
    advice: undefined,
    aspects: [
      { what: "content", a: `3 bytes, sha256 ${"a".repeat(64)}`, b: `3 bytes, sha256 ${"b".repeat(64)}` },
      { what: "mtime", a: "1600000000", b: "1600000000.5" },
    ],
  });

  test("the same image", () => {
    assert.equal(verdict(SAME), "Reproducible: both builds made the same image.");
    assert.match(textOf(SAME), /^# Reproducibility of api\/Dockerfile\n\nReproducible: /);
    assert.match(
      textOf(SAME),
      /\n- SOURCE_DATE_EPOCH was 1700000000, 2023-11-14T22:13:20Z, the time of the last commit\n- Left out, because this engine has none: secrets\n/,
    );
  });

  test("files that differ, below their lines", () => {
    const text = textOf({
      ...SAME,
      identical: false,
      count: 3,
      layers: [
        {
          layer: 1,
          madeBy: [{ text: "RUN date >/built", line: 3 }],
          ofBase: false,
          only: undefined,
          files: [file("built")],
          count: 3,
          rules: ["timestamp-in-build"],
        },
      ],
      config: [{ key: "created", a: '"1"', b: "" }],
    });
    assert.match(text, /Not reproducible: 3 files differ, made by 1 instruction\./);
    assert.match(
      text,
      /## Line 4\n\n`RUN date >\/built`\n\n\[Go to line 4\]\(file:\/\/\/api\/Dockerfile#L4\) · What helps: \[timestamp-in-build\]\(rule:timestamp-in-build\)\n\n- `\/built`: content, time\n/,
    );
    assert.match(text, / {2}- content: `3 bytes, sha256 aaaaaaaaaaaa…` → `3 bytes, sha256 bbbbbbbbbbbb…`\n/);
    assert.match(text, / {2}- time: 2020-09-13T12:26:40Z → 2020-09-13T12:26:40\.500Z\n/);
    assert.match(text, /2 more files of this layer differ\./);
    assert.match(text, /## Configuration\n\n- `created`: `"1"` → nothing\n/);
  });

  test("names that would be Markdown, break lines or turn the direction of writing round", () => {
    const names = ["a`b``c", "x\n# heading", "\u202efdp.exe", ".wh.gone"];
    const layer = { layer: 0, madeBy: [], ofBase: true, only: undefined, count: 4, rules: [] };
    const text = textOf({ ...SAME, identical: false, count: 4, layers: [{ ...layer, files: names.map(file) }] });
    assert.match(text, /## Layer 1, the base image/);
    assert.match(text, /- ``` \/a`b``c ```: content/);
    assert.match(text, /`\/x\\n# heading`/);
    assert.match(text, /`\/\ufffdfdp\.exe`/);
    assert.match(text, /the removal of `\/gone`/);
    assert.doesNotMatch(text, /^# heading/m);
  });

  test("times alone", () => {
    const layer = { layer: 0, madeBy: [], ofBase: false, only: undefined, files: [], rules: [] };
    const of = (count: number, timeOnly: number): string =>
      verdict({ ...SAME, identical: false, count, timeOnly, layers: [{ ...layer, count }] });
    assert.equal(of(3, 2), "Not reproducible: 3 files differ, 2 of them in their time alone, made by 1 instruction.");
    assert.equal(of(2, 2), "Not reproducible: the times of 2 files differ, made by 1 instruction.");
  });

  test("what differs where no file does", () => {
    const layer = { layer: 0, madeBy: [], ofBase: false, files: [], count: 0, rules: [] };
    const only = (what: "compression" | "order" | "headers"): ImagesReport => ({
      ...SAME,
      identical: false,
      layers: [{ ...layer, only: what }],
    });
    assert.match(textOf(only("order")), /stored in another order/);
    assert.match(verdict(only("headers")), /the files are the same, and the layers/);
    assert.match(
      verdict({ ...SAME, identical: false, config: [{ key: "created", a: "1", b: "2" }] }),
      /the configuration is not/,
    );
    assert.match(verdict({ ...SAME, identical: false }), /the manifests differ/);
  });
});
