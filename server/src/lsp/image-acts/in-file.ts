/** Pins or updates all images of an open file with one edit. */
import { planOf, outcomeOf, sentence, type Plan, type Want } from "./plan.ts";
import { applyInEditor } from "../commands/apply.ts";
import type { CommandSummary } from "../messages.ts";
import type { Inspected, Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";
import { askAll, workDone } from "./ask-all.ts";

const LABELS: Readonly<Record<Want, readonly [label: string, progress: string]>> = {
  pin: ["Pin all images", "Pinning images"],
  update: ["Update all digests", "Updating digests"],
};

export async function allInFile(
  session: Session,
  uri: string,
  want: Want,
  signal: AbortSignal,
): Promise<CommandSummary> {
  const nothing = (why: string): CommandSummary => ({
    message: `${want === "pin" ? "No image was pinned" : "No digest was updated"}: ${why}`,
    applied: 0,
    failed: [{ what: uri, why }],
  });
  const before = await session.check(uri);
  if (!before?.inspection)
    return nothing(before?.notChecked ?? "the file is not open, or is neither a Dockerfile nor a compose file");
  const [label, progress] = LABELS[want];
  const asked = planIn(session, before, want).wanted.map(({ question }) => ({ question, of: before }));
  const answers = await askAll(session, asked, workDone(session, progress), signal);

  // The text may have changed while the registries were asked: what is open now is what is changed.
  const checked = await session.check(uri);
  if (!checked?.inspection) return nothing("the file was closed meanwhile");
  const { edits, ...counts } = outcomeOf(planIn(session, checked, want), answers);
  const refused = edits.length > 0 ? await applyInEditor(session, checked, label, edits) : undefined;
  if (refused !== undefined) return nothing(refused);
  return { message: sentence(want, counts), applied: counts.changed, failed: counts.failed };
}

const planIn = ({ rules }: Session, { inspection, answers, config }: Inspected, want: Want): Plan =>
  planOf(inspection.document, lookIn(answers), { settings: config.settings, rules }, want);
