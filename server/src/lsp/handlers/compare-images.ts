/** `dockwright/compareImages`: what differs between two images on disk, by the instructions of the Dockerfile they were built from. */
import { ProgressType } from "vscode-languageserver/node";
import { inspect } from "../../core/findings/inspect.ts";
import { defaultSettings } from "../../core/findings/settings.ts";
import type { ImageReport, Source } from "../../core/image/report.ts";
import { reportOf } from "../../core/image/report.ts";
import type { Lines } from "../../core/text/lines.ts";
import { toRange } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import type { ComparedImages, ComparedLayer, ImagesReport } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

/** More than anybody reads; the number of all of them is said. */
const MOST_FILES = 500;
const PROGRESS = new ProgressType<number>();
const PROGRESS_STEP = 0.02;

export async function compareImages(session: Session, params: unknown, signal: AbortSignal): Promise<ComparedImages> {
  const fields = fieldsOf(params);
  const [a, b] = [stringOf(fields?.["a"]), stringOf(fields?.["b"])];
  if (a === undefined || b === undefined) throw invalidParams("The paths of two images are needed");
  if (!session.isTrusted()) return { failure: "No file is read until the workspace is trusted" };
  const { compareArchives } = await import("../../effects/image/compare.ts");
  const { ImageError } = await import("../../effects/image/error.ts");
  try {
    const token = stringOf(fields?.["progress"]);
    const onProgress =
      token === undefined
        ? undefined
        : inSteps((share) => void session.connection.sendProgress(PROGRESS, token, share));
    const compared = await compareArchives(a, b, { signal, onProgress });
    const uri = stringOf(fields?.["uri"]);
    const opened = uri === undefined ? undefined : await session.glance(uri);
    const source =
      opened?.language === "dockerfile" ? sourceOf(session, opened.text, stringOf(fields?.["target"])) : undefined;
    return { report: shown(reportOf(compared, source, MOST_FILES), opened?.lines) };
  } catch (error) {
    if (error instanceof ImageError) return { failure: error.message };
    throw error;
  }
}

export const notCompared = (): ComparedImages => ({ failure: "The log says what went wrong" });

/** What suppresses a finding suppresses no help. */
function sourceOf({ rules }: Session, text: string, target: string | undefined): Source | undefined {
  const settings = { ...defaultSettings, profile: "all", inlineIgnores: false } as const;
  const { document, findings } = inspect(text, rules, settings, new Map());
  return document.language === "dockerfile" ? { dockerfile: document, target, findings } : undefined;
}

const shown = ({ layers, ...report }: ImageReport, lines: Lines | undefined): ImagesReport => ({
  ...report,
  layers: layers.map(
    ({ madeBy, ...layer }): ComparedLayer => ({
      ...layer,
      madeBy: madeBy.map(({ text, span }) => ({
        text,
        ...(span && lines && { line: toRange(lines, span).start.line }),
      })),
    }),
  ),
});

function inSteps(report: (share: number) => void): (share: number) => void {
  let said = 0;
  return (share) => {
    if (share - said < PROGRESS_STEP) return;
    said = share;
    report(share);
  };
}
