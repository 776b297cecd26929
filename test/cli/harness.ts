/** Runs the command line in this process, on folders of its own, with a few rules made for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { type Answer, defineRule, known, type Rule, safeFix, unsafeFix } from "../../server/src/core/rule.ts";
import { insert, replace, type Span } from "../../server/src/core/text/edit.ts";
import { type AnswerCache, createAnswers } from "../../server/src/effects/answers.ts";
import { fileFinders } from "../../server/src/effects/finders.ts";
import { commands } from "../../server/src/cli/commands/index.ts";
import type { Io } from "../../server/src/cli/io.ts";
import type { Parts } from "../../server/src/cli/parts.ts";
import { run } from "../../server/src/cli/run.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly cwd: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Io["env"];
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  readonly parts?: Partial<Parts>;
}

export async function cli(argv: readonly string[], setting: Setting): Promise<Outcome> {
  const { cwd, stdin = "", env = {}, isTTY = false, signal = new AbortController().signal, parts } = setting;
  let stdout = "";
  let stderr = "";
  const io: Io = {
    stdin: bytesOf(stdin),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    cwd,
    env,
    isTTY,
    signal,
  };
  const code = await run(argv, io, { rules, answers: async () => answersFrom({}), ...parts }, commands);
  return { code, stdout, stderr };
}

async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === "string" ? Buffer.from(text) : text;
}

/** A folder with these files, gone when the test ends. */
export function folderWith(test: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-cli-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Registries that give these digests, version tags and newer tags, by image; every other image is not there. */
export function answersFrom(images: Readonly<Record<string, Answer>>): AnswerCache {
  const lookUp = async ({ image }: { readonly image: string }): Promise<Answer> =>
    images[image] ?? { unknown: "no such image" };
  return createAnswers({ ...fileFinders, digest: lookUp, "version-tag": lookUp, "newer-tag": lookUp });
}

const places = (text: string, word: string): Span[] =>
  Array.from(text.matchAll(new RegExp(`\\b${word}\\b(?!-)`, "g")), ({ index }) => ({
    start: index,
    end: index + word.length,
  }));

const described = {
  fixable: "sometimes",
  since: "0.1.0",
  why: "It is here to be found.",
  fixSafety: "It changes nothing that is built.",
  examples: [{ bad: "FROM scratch\nLABEL a=bad\n" }],
} as const;

/** Each finds a word. */
export const rules: readonly Rule[] = [
  defineRule({
    ...described,
    id: "bad-word",
    summary: "the word bad",
    severity: "warning",
    profile: "recommended",
    sameAs: ["hadolint:DL9001", "buildkit:BadWord"],
    check({ dockerfile, report }) {
      for (const span of places(dockerfile.text, "bad")) {
        report(span, { message: "Word is bad", fixes: [safeFix("Replace bad with good", replace(span, "good"))] });
      }
    },
  }),
  defineRule({
    ...described,
    id: "base-digest-unpinned",
    summary: "image without digest",
    severity: "info",
    profile: "strict",
    sameAs: [],
    check({ dockerfile, report, lookup }) {
      for (const { image } of dockerfile.stages) {
        if (!image || image.text.includes("@") || image.text === "scratch") continue;
        const question = { ask: "digest", image: image.text } as const;
        const digest = known(lookup(question));
        report(image.span, {
          message: `${image.text} has no digest`,
          ...(digest
            ? { fixes: [safeFix(`Pin ${image.text}`, insert(image.span.end, `@${digest}`))] }
            : { offers: [{ title: `Pin ${image.text}`, question }] }),
        });
      }
    },
  }),
  defineRule({
    ...described,
    id: "grave-word",
    summary: "the word grave",
    severity: "error",
    profile: "recommended",
    sameAs: ["hadolint:DL9002", "trivy:DS-9002"],
    check({ dockerfile, report }) {
      for (const span of places(dockerfile.text, "grave")) {
        report(span, {
          message: "Word is grave",
          fixes: [unsafeFix("Replace grave with light", replace(span, "light"))],
        });
      }
    },
  }),
  defineRule({
    ...described,
    id: "missing-file",
    summary: "the file needed.txt is not there",
    severity: "warning",
    profile: "strict",
    sameAs: [],
    check({ dockerfile, report, lookup }) {
      if (lookup({ ask: "exists", path: "needed.txt" }) !== "no") return;
      for (const span of places(dockerfile.text, "needed")) report(span, { message: "File is missing" });
    },
  }),
  defineRule({
    ...described,
    id: "stuck-word",
    summary: "the word stuck",
    severity: "info",
    profile: "recommended",
    sameAs: ["hadolint:DL9001"],
    check({ dockerfile, report }) {
      for (const span of places(dockerfile.text, "stuck")) {
        report(span, { message: "Word is stuck", refusal: "nobody knows a better word" });
      }
    },
  }),
  defineRule({
    ...described,
    id: "trifle-word",
    summary: "the word trifle",
    severity: "hint",
    profile: "recommended",
    sameAs: [],
    check({ dockerfile, report }) {
      for (const span of places(dockerfile.text, "trifle")) report(span, { message: "Word is a trifle" });
    },
  }),
];
