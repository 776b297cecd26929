/** Refactorings that download or hand over secrets, by what the real BuildKit makes of them: the same files, and no file but that one. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { refactoringNamed, rewriteAll } from "../../server/src/core/assists/dockerfile/index.ts";
import { isRefusal } from "../../server/src/core/assists/rewrite.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { type Answer, keyOf } from "../../server/src/core/rule.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { checksumOf } from "../../server/src/effects/downloads/checksum.ts";
import { createFetch } from "../../server/src/effects/downloads/fetch.ts";
import { serve } from "../effects/local-server.ts";
import { tar } from "../image/archives.ts";
import type { Machine } from "./machine.ts";

const ARCHIVE = gzipSync(
  tar([
    { name: "bin/", flag: "5", mode: 0o755 },
    { name: "bin/tool", content: "#!/bin/sh\necho tool\n", mode: 0o755 },
    { name: "share/own", content: "own\n", mode: 0o600, uid: 7, gid: 8 },
    { name: "current", flag: "2", link: "bin/tool" },
  ]),
);
const PROGRAM = "#!/bin/sh\necho program\n";

/** What is compared is in /out. `SERVER` stands for the one that has the files. */
const DOWNLOADS: readonly { readonly what: string; readonly lines: readonly string[]; readonly becomes: RegExp }[] = [
  {
    what: "an archive into tar",
    lines: ["RUN mkdir -p /out/tool && wget -qO- http://SERVER/tool-1.0.tar.gz | tar -xz -C /out/tool"],
    becomes: /^ADD --checksum=sha256:[0-9a-f]{64} --unpack \S+ \/out\/tool\/$/m,
  },
  {
    what: "an archive that is saved, unpacked and deleted, in the working folder",
    lines: [
      "WORKDIR /out",
      "RUN wget -q -O t.tgz http://SERVER/tool-1.0.tar.gz \\",
      " && tar xzf t.tgz \\",
      " && rm t.tgz",
    ],
    becomes: /^ADD --checksum=\S+ --unpack \S+ \.\/$/m,
  },
  {
    what: "a program",
    lines: ["RUN mkdir -p /out && wget -q -O /out/program http://SERVER/program-2 && chmod +x /out/program"],
    becomes: /^ADD --checksum=\S+ --chmod=755 \S+ \/out\/program$/m,
  },
  {
    what: "a file",
    lines: ["ARG V=2", "RUN mkdir /out", "RUN wget -q -O /out/program http://SERVER/program-${V}"],
    becomes: /^ADD --checksum=\S+ --chmod=644 http:\S+\$\{V\} \/out\/program$/m,
  },
];

export function downloadRefactoringTests(machine: Machine): void {
  describe("refactorings that download", () => {
    const base = `${machine.registry.host}/library/alpine:3.22`;
    let program = PROGRAM;
    const files = () =>
      serve((request, response) => {
        if (request.url === "/tool-1.0.tar.gz") response.end(ARCHIVE);
        else if (request.url === "/program-2") response.end(program);
        else response.writeHead(404).end();
      });

    for (const { what, lines, becomes } of DOWNLOADS)
      test(what, async () => {
        await using server = await files();
        const below = lines.join("\n").replaceAll("SERVER", server.host);
        // The frontend that comes with the engine is built with: it is new enough, and no registry has another.
        const text = `# syntax=docker/dockerfile:1\nFROM ${base}\n${below}\n`;
        const result = await changed(text, "add-checksum");
        assert.match(result, becomes);
        const before = await outputOf(machine, withoutSyntax(text));
        const after = await outputOf(machine, withoutSyntax(result));
        assert.deepEqual(after, before, result);
        assert.ok(Object.keys(before).length > 0);
      });

    test("another file under the same address stops the build", async () => {
      await using server = await files();
      const text = `FROM ${base}\nADD http://${server.host}/program-2 /out/program\n`;
      // What BuildKit has under a checksum it does not ask for again: this one it has never had.
      program = "what was there once\n";
      const result = await changed(text, "add-checksum");
      program = "something else\n";
      const { code, stderr } = await build(machine, result);
      program = PROGRAM;
      assert.notEqual(code, 0);
      assert.match(stderr, /digest mismatch|checksum mismatch/i);
    });

    for (const [what, syntax, form] of [
      ["as a variable", "", /^RUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN mkdir/m],
      [
        "from a file, for old frontends",
        "# syntax=docker/dockerfile:1.4\n",
        /API_TOKEN="\$\(cat \/run\/secrets\/API_TOKEN\)"/,
      ],
    ] as const)
      test(`a secret ${what}`, async () => {
        const text = `${syntax}FROM ${base}\nARG API_TOKEN\nRUN mkdir /out && printf %s "$API_TOKEN" | wc -c > /out/length && test "$API_TOKEN" = "se cret"\n`;
        const result = await changed(text, "secret-mount");
        assert.match(result, form);
        const env = { ...process.env, API_TOKEN: "se cret" };
        const before = await outputOf(machine, withoutSyntax(text), ["--build-arg", "API_TOKEN=se cret"]);
        const after = await outputOf(machine, withoutSyntax(result), [
          "--secret",
          `id=API_TOKEN,src=${await secretFile(env.API_TOKEN)}`,
        ]);
        assert.deepEqual(after, before, result);
      });

    async function secretFile(secret: string): Promise<string> {
      const path = join(await machine.folder("secret"), "token");
      await writeFile(path, secret);
      return path;
    }
  });
}

const withoutSyntax = (text: string): string => text.replace(/^# syntax=.*\n/, "");

/** With the answers that are wanted, by what a server really sends. */
async function changed(text: string, id: string): Promise<string> {
  const fetch = createFetch({ ca: [], env: {}, home: homedir(), trusted: false });
  const refactoring = refactoringNamed(id);
  assert.ok(refactoring);
  const answers = new Map<string, Answer>();
  for (;;) {
    const urls: string[] = [];
    const made = rewriteAll(parseDockerfile(text), refactoring, (question) => {
      const answer = answers.get(keyOf(question));
      if (answer === undefined && question.ask === "checksum") urls.push(question.url);
      return answer;
    });
    if (urls.length === 0) {
      assert.ok(!isRefusal(made), isRefusal(made) ? made.refusal : "");
      return applyEdits(text, made.edits);
    }
    for (const url of urls)
      answers.set(keyOf({ ask: "checksum", url }), await checksumOf(fetch, url, new AbortController().signal));
  }
}

async function build(machine: Machine, text: string, options: readonly string[] = [], out?: string) {
  const context = await machine.folder("downloads");
  await writeFile(join(context, "Dockerfile"), text);
  const output = out === undefined ? [] : ["--output", `type=local,dest=${out}`];
  return machine.docker.docker(["buildx", "build", "--no-cache", "--network=host", ...options, ...output, context], {
    timeoutMs: 120_000,
  });
}

/** What is in /out, with modes, owners, links and contents. */
async function outputOf(
  machine: Machine,
  text: string,
  options: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const out = await machine.folder("downloads-out");
  const { code, stderr } = await build(machine, text, options, out);
  assert.equal(code, 0, `${text}\n${stderr}`);
  const folder = join(out, "out");
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((name) => {
        const stat = lstatSync(join(folder, name));
        const content = stat.isFile() ? readFileSync(join(folder, name), "utf8") : "";
        return [
          name,
          `${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid} ${stat.isSymbolicLink()} ${content}`,
        ];
      }),
  );
}
