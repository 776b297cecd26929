/** `dockwright refactor multi-stage`: what it writes, what it says, and how it ends. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { answersFrom, cli, folderWith, type Setting } from "./harness.ts";

const GO = `# The API.
FROM golang:1.22-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/api ./cmd/api
EXPOSE 8080
CMD ["api"]
`;
const FILES = {
  Dockerfile: GO,
  "go.mod": "module example.test/api\n\ngo 1.22\n",
  "cmd/api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
};
const SUPERVISED = GO.replace('CMD ["api"]', 'CMD ["supervisord"]');
const DIGEST = `sha256:${"4".repeat(64)}`;

interface Tried extends Pick<Setting, "stdin" | "parts"> {
  readonly files?: Readonly<Record<string, string>>;
}

async function tried(t: TestContext, argv: readonly string[], { files = FILES, ...setting }: Tried = {}) {
  const cwd = folderWith(t, files);
  const outcome = await cli(["refactor", "multi-stage", ...argv], { cwd, ...setting });
  const text = (name = "Dockerfile"): string => readFileSync(join(cwd, name), "utf8");
  return { ...outcome, text, again: (...more: string[]) => cli(["refactor", "multi-stage", ...more], { cwd }) };
}

const lastBase = (text: string): string => [...text.matchAll(/^FROM (\S+)/gm)].at(-1)?.[1] ?? "";

test("a file is converted, with what was decided and why, and once only", async (t) => {
  const { code, stdout, stderr, text, again } = await tried(t, ["--offline", "Dockerfile"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.match(stdout, /^Dockerfile: converted, Go\n {2}decided {3}the last stage is built on \S+: .+\n/);
  assert.match(stdout, /^ {2}decided {3}CGO_ENABLED=0 .+\n {12}or --choose cgo=keep: .+$/m);
  assert.match(
    text(),
    /^# The API\.\nFROM golang:1\.22-bookworm AS build\n[^]*\nCOPY --from=build \/usr\/local\/bin\/api /,
  );
  const written = text();
  const second = await again("Dockerfile");
  assert.equal(second.stdout, "Dockerfile: left as it is: the file has several stages already\n");
  assert.equal(second.code, 0);
  assert.equal(text(), written);
});

test("--diff writes nothing, prints a patch and says that something would change", async (t) => {
  const { code, stdout, stderr, text } = await tried(t, ["--diff", "--offline"]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ [^]*\n-FROM golang:1\.22-bookworm\n\+FROM golang:1\.22-bookworm AS build\n/,
  );
  assert.match(stderr, /^Dockerfile: would be converted, Go\n/);
  assert.equal(text(), GO);
});

test("the files of the context decide what is doubtful; --context says where it is", async (t) => {
  const here = await tried(t, ["--diff", "--offline"]);
  assert.doesNotMatch(here.stderr, /doubtful/);
  const { "go.mod": mod, "cmd/api/main.go": main } = FILES;
  const apart = { "docker/Dockerfile": GO, "go.mod": mod, "cmd/api/main.go": main };
  const own = await tried(t, ["--diff", "--offline", "docker/Dockerfile"], { files: apart });
  assert.match(own.stderr, /doubtful/);
  const given = await tried(t, ["--diff", "--offline", "--context", ".", "docker/Dockerfile"], { files: apart });
  assert.doesNotMatch(given.stderr, /doubtful/);
});

test("--choose decides otherwise", async (t) => {
  const { code, text } = await tried(t, ["--choose", "cgo=keep", "--offline", "Dockerfile"]);
  assert.equal(code, 0);
  assert.doesNotMatch(text(), /CGO_ENABLED/);
});

const MISTAKES: readonly { readonly choose: string; readonly message: RegExp }[] = [
  { choose: "cgo", message: /--choose cannot be cgo; write --choose DECISION=ALTERNATIVE/ },
  { choose: "cgo=kep", message: /cgo cannot be kep; it can be keep/ },
  { choose: "libc=musl", message: /nothing is decided here that is called libc; there are .*cgo/ },
];
for (const { choose, message } of MISTAKES)
  test(`--choose ${choose} is a mistake, and nothing is written`, async (t) => {
    const { code, stdout, stderr, text } = await tried(t, ["--choose", choose, "--offline", "Dockerfile"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.equal(text(), GO);
  });

test("a registry's digest is written, and never made up", async (t) => {
  const { text } = await tried(t, ["--offline", "Dockerfile"]);
  const base = lastBase(text());
  assert.doesNotMatch(base, /@/);
  const answers = { answers: async () => answersFrom({ [base]: DIGEST }) };
  const pinned = await tried(t, ["Dockerfile"], { parts: answers });
  assert.equal(lastBase(pinned.text()), `${base}@${DIGEST}`);
  const offline = await tried(t, ["--offline", "Dockerfile"], { parts: answers });
  assert.equal(lastBase(offline.text()), base);
  const silent = await tried(t, ["Dockerfile"]);
  assert.equal(lastBase(silent.text()), base);
  assert.match(silent.stderr, /stays without a digest: no such image/);
  assert.equal(silent.code, 0);
});

test("what is refused stays, with the reason", async (t) => {
  const { code, stdout, text } = await tried(t, ["Dockerfile"], { files: { ...FILES, Dockerfile: SUPERVISED } });
  assert.equal(code, 0);
  assert.match(stdout, /^Dockerfile: left as it is: supervisord [^\n]+\n$/);
  assert.equal(text(), SUPERVISED);
});

test("standard input goes to standard output, its folder being the context", async (t) => {
  const { code, stdout, stderr } = await tried(t, ["--offline", "-"], { stdin: GO });
  assert.equal(code, 0);
  assert.match(stdout, /^# The API\.\nFROM golang:1\.22-bookworm AS build\n/);
  assert.match(stderr, /^Dockerfile: converted, Go\n/);
  assert.doesNotMatch(stderr, /doubtful/);
});

test("--json is for programs", async (t) => {
  const files = { ...FILES, "other/Dockerfile": SUPERVISED };
  const { code, stdout, text } = await tried(t, ["--json", "--diff", "--offline"], { files });
  assert.equal(code, 1);
  assert.equal(text(), GO);
  const entries = JSON.parse(stdout) as readonly Record<string, unknown>[];
  assert.deepEqual(
    entries.map(({ file, outcome }) => [file, outcome]),
    [
      ["Dockerfile", "converted"],
      [join("other", "Dockerfile"), "refused"],
    ],
  );
  const [converted, refused] = entries;
  assert.match(String(converted?.["diff"]), /^--- a\/Dockerfile\n/);
  assert.equal(converted?.["ecosystem"], "Go");
  const decisions = (converted?.["decisions"] ?? []) as readonly { readonly id: string }[];
  assert.ok(decisions.some(({ id }) => id === "cgo"));
  assert.match(String(refused?.["reason"]), /supervisord/);

  const written = await tried(t, ["--json", "--offline", "Dockerfile"]);
  assert.equal(written.code, 0);
  assert.match(written.text(), /^FROM golang:1\.22-bookworm AS build$/m);
  assert.deepEqual(
    (JSON.parse(written.stdout) as readonly Record<string, unknown>[]).map(({ outcome }) => outcome),
    ["converted"],
  );
  const given = await tried(t, ["--json", "--offline", "-"], { stdin: GO });
  const [entry] = JSON.parse(given.stdout) as readonly Record<string, unknown>[];
  assert.equal(entry?.["text"], written.text());
});

test("compose files are passed over in a folder, and a mistake when named", async (t) => {
  const files = { ...FILES, "compose.yaml": "services:\n  a:\n    image: a\n" };
  const folder = await tried(t, ["--diff", "--offline"], { files });
  assert.doesNotMatch(folder.stderr, /compose/);
  const named = await tried(t, ["compose.yaml"], { files });
  assert.equal(named.code, 2);
  assert.match(named.stderr, /compose\.yaml is no Dockerfile/);
});
