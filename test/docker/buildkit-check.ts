/** What BuildKit itself says of Dockerfiles: `docker buildx bake --call=check`, which reads many texts in one second. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { Machine } from "./machine.ts";

export interface BuildKitCheck {
  readonly warnings: readonly BuildKitWarning[];
  /** Why BuildKit refuses the text. What it had not read by then has no warnings. */
  readonly error?: string;
}

export interface BuildKitWarning {
  /** `StageNameCasing`. */
  readonly code: string;
  /** From 1. */
  readonly line: number;
}

interface Question {
  /** Of the target and of its file. */
  readonly name: string;
  readonly text: string;
  /** Names of the contexts that stand for images. */
  readonly images: ReadonlySet<string>;
}

interface Printed {
  readonly target?: Readonly<Record<string, { readonly check?: PrintedCheck }>>;
}

/** Go prints an empty list as null. */
interface PrintedCheck {
  readonly warnings?: readonly PrintedWarning[] | null;
  readonly buildError?: { readonly message: string };
  readonly sources?: readonly { readonly data: string }[] | null;
}

interface PrintedWarning {
  readonly ruleName: string;
  readonly location?: { readonly ranges?: readonly { readonly start: { readonly line?: number } }[] | null };
}

/** BuildKit asks for the images a text names; this is how it says that it could not get one. */
const UNRESOLVED = /failed to resolve source metadata for (\S+):/;
const BATCH = 60;
const MOST_ROUNDS = 6;

/**
 * The images the texts name are not to be had here: the machine's empty one takes their place. A `# syntax` line would
 * make BuildKit fetch another BuildKit: a check directive takes its place.
 */
export async function buildKitChecks(
  machine: Pick<Machine, "docker" | "emptyImage" | "folder">,
  texts: readonly string[],
): Promise<ReadonlyMap<string, BuildKitCheck>> {
  const context = await machine.folder("checks");
  const results = new Map<string, BuildKitCheck>();
  let waiting: readonly Question[] = [...new Set(texts)].map((text, at) => ({
    name: `t${at}`,
    text,
    images: new Set(imagesOf(text)),
  }));
  for (const { name, text } of waiting) await writeFile(join(context, name), readable(text));
  for (let round = 0; waiting.length > 0; round++) {
    if (round === MOST_ROUNDS) throw new Error(`BuildKit still asks for images of ${waiting.length} texts`);
    const again: Question[] = [];
    for (let from = 0; from < waiting.length; from += BATCH) {
      const batch = waiting.slice(from, from + BATCH);
      for (const [question, check] of await ask(machine, context, batch)) {
        const missing = UNRESOLVED.exec(check.error ?? "")?.[1];
        if (missing === undefined || question.images.has(contextName(missing))) results.set(question.text, check);
        else again.push({ ...question, images: new Set([...question.images, contextName(missing)]) });
      }
    }
    waiting = again;
  }
  return results;
}

/** Keeps the number of every line. A file may have one check directive: when it has, that one moves up. */
function readable(text: string): string {
  const check = /^#[ \t]*check[ \t]*=.*?(?=\r?$)/im.exec(text)?.[0];
  const withoutCheck = check === undefined ? text : text.replace(check, "#");
  const syntax = /^\uFEFF?(#[ \t]*syntax[ \t]*=.*?)(?=\r?$)/im.exec(text)?.[1];
  return syntax === undefined ? text : withoutCheck.replace(syntax, check ?? "# check=error=false");
}

function imagesOf(text: string): readonly string[] {
  return parseDockerfile(text).stages.flatMap(({ base }) =>
    base.kind === "image" ? [contextName(base.reference)] : [],
  );
}

/** A named context stands for an image under the image's short name, `node` for `docker.io/library/node:latest`. */
const contextName = (image: string): string => image.replace(/^docker\.io\/(?:library\/)?/, "").replace(/:latest$/, "");

/** One call for all; when one text stops the whole call, halves of them until it is alone. */
async function ask(
  machine: Pick<Machine, "docker" | "emptyImage" | "folder">,
  context: string,
  questions: readonly Question[],
): Promise<readonly (readonly [Question, BuildKitCheck])[]> {
  const target = Object.fromEntries(
    questions.map(({ name, images }) => [
      name,
      {
        context,
        dockerfile: name,
        contexts: Object.fromEntries([...images].map((image) => [image, `docker-image://${machine.emptyImage}`])),
      },
    ]),
  );
  const names = questions.map(({ name }) => name);
  const { stdout, stderr } = await machine.docker.docker(
    ["buildx", "bake", "--call=check,format=json", `--allow=fs.read=${context}`, "--file", "-", ...names],
    { input: JSON.stringify({ target }) },
  );
  if (stdout.trim() === "") {
    if (questions.length === 1)
      return questions.map((question) => [question, { warnings: [], error: reasonIn(stderr) }]);
    const middle = Math.ceil(questions.length / 2);
    const first = await ask(machine, context, questions.slice(0, middle));
    return [...first, ...(await ask(machine, context, questions.slice(middle)))];
  }
  const printed = JSON.parse(stdout) as Printed;
  return questions.map((question) => {
    const check = printed.target?.[question.name]?.check;
    if (!check) throw new Error(`bake says nothing of ${JSON.stringify(question.text)}`);
    const read = check.sources?.[0]?.data;
    if (read !== undefined && read !== Buffer.from(readable(question.text)).toString("base64")) {
      throw new Error(`bake has read another text than ${JSON.stringify(question.text)}`);
    }
    return [question, resultOf(check)];
  });
}

const reasonIn = (stderr: string): string => /^ERROR: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim();

function resultOf({ warnings, buildError }: PrintedCheck): BuildKitCheck {
  return {
    warnings: (warnings ?? []).map(({ ruleName, location }) => ({
      code: ruleName,
      line: location?.ranges?.[0]?.start.line ?? 0,
    })),
    ...(buildError && { error: buildError.message }),
  };
}
