/** `dockwright init --containerize`: what is decided, what is written, what is left alone and why. */
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FILE_KINDS, type FileKind, type GeneratedFile, type Plan } from "../core/generate/plan.ts";
import type { Decision } from "../core/assists/multi-stage/recipe.ts";
import { minimalEdits } from "../core/text/diff.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { containerize } from "../effects/containerize.ts";
import { createText, replaceText } from "../effects/files/write.ts";
import type { Args, Option } from "./args.ts";
import { complain, complainAboutFile } from "./complain.ts";
import { unifiedDiff } from "./diff.ts";
import { EXIT, type Io, UsageError } from "./io.ts";
import { OFFLINE } from "./options.ts";
import type { Parts } from "./parts.ts";
import { printable } from "./printable.ts";
import { VERSION } from "./version.ts";

const OWN: readonly Option[] = [
  { name: "folder", value: "DIR", help: "with --containerize: the application's folder, where there are several" },
  {
    name: "only",
    value: "FILES",
    help: `with --containerize: only these, separated by commas: ${FILE_KINDS.join(", ")}`,
  },
  {
    name: "choose",
    value: "ID=VALUE",
    help: "with --containerize: decide otherwise, as port=9000; may be given again",
  },
  { name: "yes", help: "with --containerize: take doubtful decisions as they are" },
  { name: "diff", help: "with --containerize: print a unified diff and write nothing" },
  { ...OFFLINE, help: "with --containerize: never ask a registry for digests" },
];

export const CONTAINERIZE: readonly Option[] = [
  { name: "containerize", help: "write Dockerfile, .dockerignore, compose.yaml and a CI file for the project" },
  ...OWN,
];

export const ONLY_WITH_CONTAINERIZE: readonly string[] = OWN.map(({ name }) => name);

/** @throws UsageError */
export async function containerizeProject(args: Args, io: Io, parts: Pick<Parts, "answers">): Promise<number> {
  const kinds = kindsIn(args);
  const choices = choicesIn(args);
  const { plan, unanswered } = await containerize(io.cwd, {
    folder: args.value("folder"),
    choices,
    kinds,
    version: VERSION,
    askDigest: args.has("offline") ? undefined : await digests(parts, io),
    signal: io.signal,
  }).catch((error: unknown) => {
    if (io.signal.aborted) throw error;
    throw new UsageError(`the folder cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (plan.outcome === "refused") {
    complain(io, plan.refusal);
    for (const { folder, manifest } of plan.folders.filter((each) => each.folder !== ""))
      complain(io, `--folder ${folder} (${manifest})`);
    return EXIT.trouble;
  }
  const unknown = [...choices.keys()].find((id) => !plan.decisions.some((each) => each.id === id));
  if (unknown !== undefined)
    throw new UsageError(
      `there is no decision ${unknown}${didYouMean(
        unknown,
        plan.decisions.map(({ id }) => id),
      )}`,
    );
  for (const { image, reason } of unanswered) complain(io, `${image} has no digest: ${reason}`);
  const { files } = plan;
  if (args.has("stdout")) {
    io.stdout.write(
      files.length === 1
        ? (files[0]?.text ?? "")
        : files.map(({ path, text }) => `==> ${path} <==\n${text}`).join("\n"),
    );
    return EXIT.clean;
  }
  const isDiff = args.has("diff");
  const say = (line: string): void => void (isDiff ? io.stderr : io.stdout).write(`${printable(line)}\n`);
  for (const line of account(plan)) say(line);
  if (isDiff) {
    for (const file of files) io.stdout.write(diffOf(file));
    return files.some(({ before, text }) => before !== text) ? EXIT.findings : EXIT.clean;
  }
  const open = plan.decisions.filter(({ doubtful, alternatives }) => doubtful && alternatives.length > 0);
  if (open.length > 0 && !args.has("yes")) {
    say(`Nothing is written yet: ${open.map(({ id }) => id).join(", ")} ${open.length > 1 ? "are" : "is"} doubtful.`);
    say(
      `Decide with --choose, as --choose ${open[0]?.id}=${open[0]?.alternatives[0]?.id}, or take ${open.length > 1 ? "them" : "it"} as decided with --yes.`,
    );
    return EXIT.findings;
  }
  return write(files, args, io, say);
}

async function write(
  files: readonly GeneratedFile[],
  args: Args,
  io: Io,
  say: (line: string) => void,
): Promise<number> {
  let code: number = EXIT.clean;
  for (const file of files) {
    const { path, before, text } = file;
    const place = join(io.cwd, path);
    if (before === text) {
      say(`${path} is already as it would be written`);
      continue;
    }
    if (before !== undefined && !args.has("force")) {
      io.stdout.write(diffOf(file));
      say(`${path} is there and was left alone; --force replaces it`);
      code = Math.max(code, EXIT.findings);
      continue;
    }
    await mkdir(dirname(place), { recursive: true }).catch(() => {}); // writing says what is wrong
    const failure = before === undefined ? await createText(place, text) : await replaceText(place, before, text);
    if (failure) {
      complainAboutFile(io, { path, message: failure.message });
      code = EXIT.trouble;
    } else say(`${path} written`);
  }
  return code;
}

const diffOf = ({ path, before, text }: GeneratedFile): string =>
  before === text ? "" : unifiedDiff(path, before ?? "", minimalEdits(before ?? "", text), before === undefined);

function account({ ecosystem, folder, decisions }: Plan): readonly string[] {
  const line = ({ id, what, why, doubtful, alternatives }: Decision): string =>
    `  ${doubtful ? "?" : " "} ${id}: ${what}, because ${why}${alternatives.length === 0 ? "" : `; or ${alternatives.map((each) => each.id).join(", ")}`}`;
  return [`${ecosystem}${folder === "" ? "" : ` in ${folder}`}`, ...decisions.map(line)];
}

function kindsIn(args: Args): readonly FileKind[] {
  const wanted = args.list("only");
  const unknown = wanted.find((name) => !FILE_KINDS.some((kind) => kind === name));
  if (unknown !== undefined)
    throw new UsageError(`--only knows ${FILE_KINDS.join(", ")}, not ${unknown}${didYouMean(unknown, FILE_KINDS)}`);
  return wanted.length === 0 ? FILE_KINDS : FILE_KINDS.filter((kind) => wanted.includes(kind));
}

function choicesIn(args: Args): ReadonlyMap<string, string> {
  return new Map(
    args.list("choose").map((each) => {
      const equals = each.indexOf("=");
      if (equals < 1) throw new UsageError(`--choose takes ID=VALUE, as port=9000, not ${each}`);
      return [each.slice(0, equals), each.slice(equals + 1)];
    }),
  );
}

async function digests({ answers }: Pick<Parts, "answers">, { cwd, signal }: Io) {
  const cache = await answers({ shellcheck: "off", registries: true });
  return (image: string) => cache.ask({ ask: "digest", image }, resolve(cwd), signal);
}
