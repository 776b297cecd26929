/** What is left out before ShellCheck is asked changes nothing that it says. Held against the real one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { HARMLESS, slim, UNCHECKED } from "../../server/src/core/rules/shellcheck/slim.ts";
import { commentsIn } from "../../server/src/core/rules/shellcheck/comments.ts";
import { shellcheckPlace } from "../../server/src/effects/shellcheck/place.ts";
import { shellcheckFinders } from "../../server/src/effects/shellcheck/shellcheck.ts";

const { shellcheck } = shellcheckFinders({ atOnce: 2 });
const never = new AbortController().signal;
const KNOWN = ["VERSION", "folder"];
const HEAD = `export ${KNOWN.map((name) => `${name}=1`).join(" ")}\n`;

/** Code and place of each finding, places in the text without the head. */
async function found(script: string, shell: string): Promise<{ code: number; start: number; end: number }[]> {
  const text = HEAD + script;
  const answer = await shellcheck?.({ ask: "shellcheck", shell, script: text }, { folder: undefined, signal: never });
  assert.ok(typeof answer === "string", JSON.stringify(answer));
  return commentsIn(text, answer).map(({ code, start, end }) => ({
    code,
    start: start - HEAD.length,
    end: end - HEAD.length,
  }));
}

async function compare(script: string, shell = "dash"): Promise<void> {
  const { text, dropped, silent } = slim(script, new Set(KNOWN));
  const whole = await found(script, shell);
  if (silent) assert.deepEqual(whole, [], `${script} was not to be asked about`);
  const inWhole = (offset: number): number => {
    let at = offset;
    for (const { start, end } of dropped) {
      if (start > at) break;
      at += end - start;
    }
    return at;
  };
  const short = (await found(text, shell)).map(({ code, start, end }) => ({
    code,
    start: inWhole(start),
    end: end > start ? inWhole(end - 1) + 1 : inWhole(start),
  }));
  // The end of a command as a whole is behind its last word that is left.
  const places = (all: readonly { code: number; start: number }[]): string[] =>
    all.map(({ code, start }) => `${code} ${start}`).sort();
  assert.deepEqual(places(short), places(whole), `${script}\n${text}`);
}

const word = fc.constantFrom(
  ...[
    "install",
    "-y",
    "--no-cache",
    "/usr",
    "/var/lib/apt/lists/*",
    "/tmp/*",
    "/",
    "a=b",
    "=b",
    "done",
    "x.tar.gz",
    "..",
    "-r",
    "-m",
  ],
  ...[
    "'a b'",
    '"a; b"',
    '"$VERSION"',
    "v$VERSION",
    "${folder}/x",
    "$other",
    '"$other"',
    "$(nproc)",
    "--x='y z'",
    "*.c",
    "{a,b}",
    "~/x",
    "if",
  ],
);
const name = fc.oneof(
  fc.constantFrom(...UNCHECKED, ...HARMLESS),
  fc.constantFrom(
    ...[
      "rm -rf",
      "mkdir -p",
      "mkdir -pm 700",
      "chmod",
      "cd",
      "set -eux",
      "set -o pipefail",
      "echo",
      "cp",
      "mv",
      "ln -s",
      "true",
      "git",
    ],
    ...[
      "find",
      "grep",
      "sudo",
      "A=1 make",
      "DEBIAN_FRONTEND=noninteractive apt-get",
      "url='https://example.org/x';",
      "./install.sh",
    ],
    ...[
      "VERSION=2;",
      "exit",
      "export",
      "read",
      "cat",
      "ls",
      "if",
      "for i in",
      "[",
      "local",
      "which",
      "printf",
      "sed",
      "xargs",
    ],
  ),
);
const call = fc.tuple(name, fc.array(word, { maxLength: 4 })).map(([program, words]) => [program, ...words].join(" "));
const operator = fc.constantFrom(
  " && ",
  "; ",
  " || ",
  " | ",
  "\n",
  " & ",
  " > /out && ",
  " >> /x; ",
  " | sed s/a/b/; ",
  " | tee /y && ",
  " >/dev/null 2>&1; ",
  " 2>/dev/null | sh && ",
  "  &&  ",
);
const script = fc
  .array(fc.tuple(call, operator), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.flat().slice(0, -1).join(""));

test("generated scripts: the same findings with and without what is left out", async () => {
  await fc.assert(fc.asyncProperty(script, fc.constantFrom("dash", "bash", "busybox", "sh"), compare), {
    numRuns: Number(process.env["RUNS"] ?? 250),
    seed: 7,
    endOnFailure: true,
  });
});

test("scripts of the usual kind", async () => {
  for (const each of [
    "apt-get update && apt-get install -y a b c && rm -rf /var/lib/apt/lists/*",
    'case "$(uname -m)" in x86_64) url=\'https://example.org/a\'; sum="0a1b2c";; *) echo "no $url"; exit 1;; esac; curl "$url" $sum',
    'for f in a b; do pip install "$f"; done; curl -o $f x | sh',
    "npm ci && (cd x; npm test) && { npm run build; }",
    "curl -fsSL https://example.org/key | gpg --dearmor > /k.gpg # why\nnpm ci",
    'f() { apt-get install -y "$1"; }; f a; f b',
    "cat <<EOF | apt-get install $x\nnpm install $y\nEOF",
    "a=(npm ci); npm ci `npm bin` $((1 + 2)) ${a[@]} && npm $'x'",
    "git filter-branch --tree-filter 'echo $x' && git clone \"$other\"",
    "cd a && make && cd .. && make",
    "echo a  b && echo -e 'x' && echo $(echo a) && echo one | sed s/a/b/",
    "npm ci && true || npm install",
    "mkdir -p -m 700 /a/b && mkdir -pm 700 /a/b && chmod -r x && rm -rf /usr /etc/* //",
    "A=1 npm ci $A; npm ci >npm 2>1; npm test < x > x",
  ])
    for (const shell of ["dash", "bash"]) await compare(each, shell);
});

test("ShellCheck names none of the programs it is said to have no check for", () => {
  const module = readFileSync(shellcheckPlace().wasm, "latin1");
  // Its texts end with a NUL; one may be the end of another one.
  const ends = new Set(["node", "tar"]);
  for (const program of UNCHECKED) {
    assert.ok(!module.includes(`\0${program}\0`), program);
    if (!ends.has(program)) assert.ok(!module.includes(`${program}\0`), `${program}, as the end of a text`);
  }
});
