/** Pins or updates the images of all Dockerfiles and compose files below folders, with one edit that a person has confirmed. */
import { basename, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseDocument } from "../../core/model/document.ts";
import type { Answers, Question } from "../../core/rule.ts";
import { type Lines, linesOf } from "../../core/text/lines.ts";
import { findFiles } from "../../effects/files/find.ts";
import { languageFound } from "../../effects/files/names.ts";
import { readText } from "../../effects/files/read.ts";
import type { CommandSummary, WorkspacePins } from "../messages.ts";
import type { Session } from "../session.ts";
import type { Config } from "../settings.ts";
import { withAnswers } from "../with-answers.ts";
import { type Asked, askAll, progressOf, type Shown, workDone } from "./ask-all.ts";
import { applyAll, confirmed, type FileChange } from "./confirm.ts";
import { type Outcome, outcomeOf, type Plan, planOf, sentence, type Want } from "./plan.ts";

/** A file with what is to be done in it. */
interface Planned {
  readonly uri: string;
  /** As people are shown it. */
  readonly name: string;
  readonly version: number | null;
  readonly lines: Lines;
  readonly config: Config;
  readonly plan: Plan;
}

type Counts = Omit<Outcome, "edits">;

/** Far more than two of a project's files name each other in a row. */
const FILES_PATIENCE_MS = 5_000;
const READ_AT_ONCE = 16;

export async function allInWorkspace(
  session: Session,
  { folders = session.abilities.roots, progress }: WorkspacePins,
  want: Want,
  signal: AbortSignal,
): Promise<CommandSummary> {
  const nothing = (why: string): CommandSummary => ({
    message: `${want === "pin" ? "No image was pinned" : "No digest was updated"}: ${why}`,
    ...{ applied: 0, failed: [{ what: "the workspace", why }] },
  });
  if (!session.isTrusted()) return nothing("this workspace is not trusted");
  const paths = folders.flatMap((uri) => pathOf(uri) ?? []);
  if (paths.length === 0) return nothing("no folder is open that is on this machine");
  const load = (): Promise<readonly Planned[]> => plansIn(session, paths, want, signal);
  const files = await load();

  let shown: Shown | undefined;
  const title = want === "pin" ? "Pinning images of the workspace" : "Updating digests of the workspace";
  const show = progress === undefined ? workDone(session, title) : progressOf(session, progress);
  const answers = await askAll(session, files.flatMap(questionsOf), async () => (shown = await show()), signal);
  if (shown?.stop.aborted) return nothing("it was cancelled");

  const { changes, counts } = together(files, answers);
  if (changes.length === 0) return told(want, counts, changes);
  const decision = await confirmed(session, want, counts, changes);
  if (decision === "cancel") return { message: "Nothing was changed", applied: 0, failed: [] };
  // Texts may have changed while somebody thought about it.
  const now = together(await load(), answers);
  const refused = await applyAll(session, want, now.changes, decision);
  if (refused !== undefined) return nothing(refused);
  const summary = told(want, now.counts, now.changes);
  // The editor does not say which changes were ticked.
  return decision === "apply" ? summary : { ...summary, message: `Changed what was ticked of ${offered(want, now)}` };
}

const offered = (want: Want, { changes, counts }: ReturnType<typeof together>): string =>
  `${counts.changed} ${want === "pin" ? "images" : "digests"} in ${changes.length} files`;

const told = (want: Want, counts: Counts, changes: readonly FileChange[]): CommandSummary => ({
  message: sentence(want, counts, ` in ${changes.length} ${changes.length === 1 ? "file" : "files"}`),
  ...{ applied: counts.changed, failed: counts.failed },
});

const questionsOf = ({ uri, config, plan }: Planned): readonly Asked[] =>
  plan.wanted.map(({ question }) => ({ question, of: { uri, config, answers: new Map() } }));

/** An image that several files name and nobody knows is told of once. */
function together(files: readonly Planned[], answers: Answers): { changes: readonly FileChange[]; counts: Counts } {
  const outcomes = files.map((file) => ({ file, outcome: outcomeOf(file.plan, answers) }));
  const sum = (count: "changed" | "same" | "pinned" | "leftAlone"): number =>
    outcomes.reduce((total, { outcome }) => total + outcome[count], 0);
  const failures = new Map(
    outcomes.flatMap(({ file, outcome }) =>
      outcome.failed.map(({ what, why }) => [`${what}\0${why}`, { what, why: `${why}; in ${file.name}` }] as const),
    ),
  );
  return {
    changes: outcomes.flatMap(({ file, outcome }) =>
      outcome.edits.length > 0 ? [{ ...file, edits: outcome.edits }] : [],
    ),
    counts: {
      ...{ changed: sum("changed"), same: sum("same"), pinned: sum("pinned"), leftAlone: sum("leftAlone") },
      failed: [...failures.values()],
    },
  };
}

/** In the order of their paths. Those that configuration files leave out are left out; unsaved texts count as they are open. */
async function plansIn(
  session: Session,
  folders: readonly string[],
  want: Want,
  signal: AbortSignal,
): Promise<readonly Planned[]> {
  const open = new Map(session.uris().flatMap((uri) => [[pathOf(uri), uri] as const]));
  const found = new Map<string, string>();
  for (const folder of folders) {
    const { files, failures } = await findFiles(folder);
    signal.throwIfAborted();
    for (const { path, message } of failures) session.connection.console.warn(`${path} ${message}`);
    for (const path of files) {
      const inside = relative(folder, path).split(sep).join("/");
      found.set(path, folders.length > 1 ? `${basename(folder)}/${inside}` : inside);
    }
  }
  const plans: (Planned | undefined)[] = [];
  const left = [...found].entries();
  const worker = async (): Promise<void> => {
    for (const [at, [path, name]] of left) {
      signal.throwIfAborted();
      const uri = open.get(path) ?? pathToFileURL(path).href;
      plans[at] = await planned(session, { path, name, uri }, want, signal);
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
  return plans.filter((plan) => plan !== undefined);
}

async function planned(
  session: Session,
  { path, name, uri }: { readonly path: string; readonly name: string; readonly uri: string },
  want: Want,
  signal: AbortSignal,
): Promise<Planned | undefined> {
  const config = await session.configFor(uri);
  const open = session.open(uri);
  const language = open?.language ?? languageFound(basename(path));
  if (config.ignored || language === undefined || language === "dockerignore") return undefined;
  const read = open ?? (await readText(path));
  const file = { uri, name, version: open?.version ?? null, config };
  if ("failure" in read) {
    const failed = [{ what: name, why: read.failure.message }];
    return { ...file, lines: linesOf(""), plan: { want, wanted: [], pinned: 0, leftAlone: 0, failed } };
  }
  // Editors do not count a byte order mark.
  const text = read.text.replace(/^\uFEFF/, "");
  const document = parseDocument(text, language, basename(path));
  const { settings } = config;
  const { result: plan } = await withAnswers<Plan, Question>(
    session,
    { uri, config, answers: new Map() },
    signal,
    (lookup) => planOf(document, lookup, { settings, rules: session.rules }, want),
    { patience: FILES_PATIENCE_MS, ask: session.look },
  );
  signal.throwIfAborted();
  return { ...file, lines: linesOf(text), plan };
}

/** Without a slash at its end. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri).replace(/(?<=.)[/\\]$/, "") : undefined;
  } catch {
    return undefined;
  }
}
