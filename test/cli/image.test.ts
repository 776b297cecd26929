/** `dockwright image` on archives made for it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type File, ociArchive, tar } from "../image/archives.ts";
import { cli, folderWith } from "./harness.ts";

const DOCKERFILE = `FROM debian:12
RUN apt-get update && apt-get install -y make
COPY a /a
RUN rm -r /var/lib/apt/lists && chmod +x /a
`;
const HISTORY = [
  { created_by: "ADD file:1 in / " },
  { created_by: "RUN /bin/sh -c apt-get update && apt-get install -y make # buildkit" },
  { created_by: "COPY a /a # buildkit" },
  { created_by: "RUN /bin/sh -c rm -r /var/lib/apt/lists && chmod +x /a # buildkit" },
  {
    ...{ created_by: 'CMD ["/a"]', created: "2026-11-01T01:02:03Z" },
    ...{ comment: "buildkit.dockerfile.v0", empty_layer: true },
  },
];
const bytes = (kilobytes: number, letter: string): Buffer => Buffer.alloc(kilobytes * 1000, letter);
const image = (more: readonly File[] = []): Buffer =>
  ociArchive({
    history: HISTORY,
    layers: [
      tar([{ name: "bin/sh", content: bytes(2000, "s") }]),
      tar([
        { name: "var/lib/apt/lists/x_Packages", content: bytes(4000, "p") },
        { name: "usr/bin/make", content: bytes(300, "m") },
      ]),
      tar([{ name: "a", content: bytes(600, "a") }, ...more]),
      tar([{ name: "var/lib/apt/.wh.lists" }, { name: "a", content: bytes(600, "a"), mode: 0o755 }]),
    ],
  });

const files = (more: Readonly<Record<string, string | Buffer>> = {}) => ({
  Dockerfile: DOCKERFILE,
  "a.tar": image(),
  ...more,
});

test("what each line costs, and what of it is wasted", async (t) => {
  const cwd = folderWith(t, files());
  const { code, stdout, stderr } = await cli(["image", "--file=Dockerfile", "a.tar"], { cwd, env: cacheIn(cwd) });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(
    stdout.replace(/[\d.]+ kB to download/, "… to download"),
    `a.tar: linux/amd64, 7.5 MB in 4 layers, 2.0 MB of it base, … to download, 5 files, 4.6 MB wasted (61 %)
Sizes are bytes of the files each layer stores

WHERE     SIZE  SHARE   TOTAL  WASTED  INSTRUCTION
base    2.0 MB   27 %  2.0 MB       –  ADD file:1 in /
line 2  4.3 MB   57 %  6.3 MB  4.0 MB  RUN apt-get update && apt-get install -y make
line 3  600 kB  8.0 %  6.9 MB  600 kB  COPY a /a
line 4  600 kB  8.0 %  7.5 MB       –  RUN rm -r /var/lib/apt/lists && chmod +x /a

Without a layer
  2026-11-01  CMD ["/a"]

What could go
  line 2: apt package lists: 4.0 MB in layer 2. Add && rm -rf /var/lib/apt/lists/* to the RUN that updates them: only apt reads them, and they are soon out of date
  line 3: 600 kB stored by line 3, stored again for owner, mode or time by line 4: /a. Give owner and mode while copying: COPY --chown=… --chmod=…; chown and chmod in a later RUN store the files again

Stored and not visible: 4.6 MB
    4.0 MB  /var/lib/apt/lists/x_Packages  stored by line 2, removed by line 4
    600 kB  /a  stored by line 3, stored again for its mode, owner or time by line 4
`,
  );
});

const cacheIn = (cwd: string): Readonly<Record<string, string>> => ({ XDG_CACHE_HOME: join(cwd, "cache"), PATH: "" });

const BUDGETS: readonly (readonly [
  what: string,
  argv: readonly string[],
  config: string,
  code: number,
  said: RegExp,
])[] = [
  ["within what the configuration says", ["--budget"], "budget: {size: 8 MB, wasted: 70%}", 0, /\nWithin its budget\n/],
  [
    "over it",
    ["--budget"],
    "budget: {size: 7 MB, wasted: 10%}",
    1,
    /\n {2}line 4: The image has 7\.5 MB, its budget is 7\.0 MB\n {2}line 2: 4\.6 MB of the image \(61 %\) are/,
  ],
  ["an option wins over the configuration", ["--budget", "--max-size=1GB"], "budget: {size: 7 MB}", 0, /Within/],
  ["options alone", ["--max-wasted=1MB"], "profile: all", 1, /\n {2}line 2: 4\.6 MB .* its budget is 1\.0 MB\n/],
  [
    "only for some files",
    ["--budget"],
    "overrides: [{files: [Dockerfile], budget: {size: 1 MB}}]",
    1,
    /\n {2}base: The image has 7\.5 MB, its budget is 1\.0 MB; its base image alone/,
  ],
  [
    "growth against the image before",
    ["--max-growth=100kB", "--against=b.tar"],
    "",
    1,
    /\n {2}line 3: This layer grew by 300 kB, its budget is 100 kB from build to build\n/,
  ],
  ["growth within the budget", ["--max-growth=1MB", "--against=b.tar"], "", 0, /Within/],
];
for (const [what, argv, config, code, said] of BUDGETS)
  test(`a budget: ${what}`, async (t) => {
    const before = ociArchive({
      history: HISTORY,
      layers: [
        tar([{ name: "bin/sh", content: bytes(2000, "s") }]),
        tar([{ name: "usr/bin/make", content: bytes(4300, "m") }]),
        tar([{ name: "a", content: bytes(300, "a") }]),
        tar([{ name: "a", content: bytes(600, "a"), mode: 0o755 }]),
      ],
    });
    const cwd = folderWith(t, files({ ".dockwright.yaml": config, "b.tar": before }));
    const run = await cli(["image", "--file=Dockerfile", ...argv, "a.tar"], { cwd, env: cacheIn(cwd) });
    assert.deepEqual([run.code, run.stderr], [code, ""]);
    assert.match(run.stdout, said);
  });

test("what became of another image", async (t) => {
  const cwd = folderWith(t, files({ "b.tar": image([{ name: "new\nname", content: bytes(100, "n") }]) }));
  const { stdout } = await cli(["image", "--against=a.tar", "b.tar"], { cwd, env: cacheIn(cwd) });
  assert.match(
    stdout,
    /\n100 kB larger than a\.tar\n {4}\+100 kB {2}COPY a \/a\n {2}1 file added\n {4}\+100 kB {2}\/new\\nname\n$/,
  );
});

test("as JSON, as dive's JSON, by dive's rules", async (t) => {
  const rules =
    "rules:\n  lowestEfficiency: 0.99\n  highestWastedBytes: disabled\n  highestUserWastedPercent: disabled\n";
  const cwd = folderWith(t, files({ ".dive-ci": rules }));
  const env = cacheIn(cwd);
  const json = await cli(["image", "--format=json", "--file=Dockerfile", "a.tar"], { cwd, env });
  const { layers, wastedBytes } = JSON.parse(json.stdout) as {
    readonly layers: readonly { readonly bytes: number; readonly line?: number }[];
    readonly wastedBytes: number;
  };
  assert.deepEqual(
    [wastedBytes, layers.map(({ bytes: size, line }) => [size, line])],
    [
      4_600_000,
      [
        [2_000_000, undefined],
        [4_300_000, 1],
        [600_000, 2],
        [600_000, 3],
      ],
    ],
  );
  const dive = JSON.parse((await cli(["image", "--format=dive", "a.tar"], { cwd, env })).stdout) as {
    readonly layer: readonly { readonly sizeBytes: number }[];
  };
  assert.deepEqual(
    dive.layer.map(({ sizeBytes }) => sizeBytes),
    [2_000_000, 4_300_000, 600_000, 600_000],
  );
  const gate = await cli(["image", "--dive-ci=.dive-ci", "a.tar"], { cwd, env });
  assert.equal(gate.code, 1);
  assert.match(gate.stdout, /\nFAIL lowestEfficiency: efficiency [\d.]+ %, at least 99 % wanted\n/);
});

test("a page that holds what an image says without becoming part of it", async (t) => {
  const history = [{ created_by: `RUN /bin/sh -c echo '<script>alert("x")</script>' # buildkit` }];
  const made = ociArchive({ history, layers: [tar([{ name: "<b>", content: "a" }, { name: ".wh.c" }])] });
  const cwd = folderWith(t, { "a.tar": made });
  const run = await cli(["image", "--format=html", "--output=page.html", "--max-size=0", "a.tar"], {
    cwd,
    env: cacheIn(cwd),
  });
  assert.deepEqual([run.code, run.stdout, run.stderr], [1, "", ""]);
  const page = readFileSync(join(cwd, "page.html"), "utf8");
  assert.match(page, /<svg .*<title>1 B, 100 %, layer 1: RUN echo &#39;&lt;script&gt;/);
  assert.match(page, /<p class="bad">Over its budget, layer 1: The image has 1 B, its budget is 0 B<\/p>/);
  assert.doesNotMatch(page, /<script|<b>/);
});

const WRONG: readonly (readonly [argv: readonly string[], said: string])[] = [
  [[], "name one image: dockwright image shop:1.2"],
  [["nope.tar"], "nope.tar does not exist; check the path"],
  [["Dockerfile"], "it is no tar archive"],
  [["--budget", "a.tar"], "--budget finds no budget"],
  [["--max-size=5%", "a.tar"], "--max-size cannot be 5%; it is as in --max-size 20MB"],
  [["--offline", "shop:1"], "shop:1 is no file here, and no engine on this machine has an image of that name"],
  [["--from=docker", "shop:1"], "docker"],
  [["--file=nope", "a.tar"], "nope does not exist; check the path"],
  [["--dive-ci=Dockerfile", "a.tar"], "Dockerfile has no map of rules; it is as dive reads .dive-ci"],
  [["--output=none/x.html", "a.tar"], "none/x.html does not exist; check the path"],
];
for (const [argv, said] of WRONG)
  test(`refused: image ${argv.join(" ")}`, async (t) => {
    const cwd = folderWith(t, files());
    const { code, stderr } = await cli(["image", ...argv], { cwd, env: cacheIn(cwd) });
    assert.equal(code, 2);
    assert.ok(stderr.includes(said), stderr);
  });

test("a run that is cancelled ends", async (t) => {
  const cwd = folderWith(t, files());
  const controller = new AbortController();
  controller.abort();
  assert.equal((await cli(["image", "a.tar"], { cwd, signal: controller.signal, env: cacheIn(cwd) })).code, 130);
});
