/**
 * `textDocument/codeLens`: what can be run and scanned in a compose file; what can be built and looked at over a stage of a Dockerfile, and
 * what was built weighs.
 */
import type { CodeLens, CodeLensParams } from "vscode-languageserver/node";
import { namedImages } from "../../core/features/compose/images.ts";
import { lensesOf } from "../../core/features/compose/code-lens.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { parseImageRef } from "../../core/model/image-ref.ts";
import { type OpenCompose, openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import { sizeLenses } from "../images/hints.ts";
import type { Opened, Session } from "../session.ts";

/** The client's, which asks `dockwright/composeCommand` what to run. */
const COMPOSE_RUN = "dockwright.compose.run";
/** The client's, which asks `dockwright/buildFacts` what there is to build. */
const BUILD = "dockwright.buildImage";
/** The client's, which asks `dockwright/openImage` for what a registry says. */
const SHOW_BASE = "dockwright.showBaseImageLayers";
/** The client's, which looks for a scanner. */
const SCAN = "dockwright.scanImage";

/** None in a workspace that is not trusted, and in editors that have no such command. */
export async function codeLens(session: Session, { textDocument }: CodeLensParams): Promise<CodeLens[] | null> {
  if (!textDocument.uri.startsWith("file:") || !session.isTrusted()) return null;
  const opened = await session.glance(textDocument.uri);
  if (opened?.language === "dockerfile") {
    const { ownCommands } = session.abilities;
    const lenses = [
      ...(ownCommands.has(BUILD) ? stageLenses(opened) : []),
      ...(ownCommands.has(SHOW_BASE) && session.mayAsk(opened.config) ? baseLenses(opened) : []),
      ...sizeLenses(session, opened),
    ];
    return lenses.length > 0 ? lenses : null;
  }
  return composeLenses(session, textDocument.uri);
}

async function composeLenses(session: Session, uri: string): Promise<CodeLens[] | null> {
  const open = await openCompose(session, uri, "codeLens");
  if (!open) return null;
  const lenses = [...(await runLenses(session, uri, open)), ...scanLenses(session, uri, open)];
  return lenses.length === 0 ? null : lenses;
}

/** Without an engine there are none. */
async function runLenses(session: Session, uri: string, open: OpenCompose): Promise<CodeLens[]> {
  if (!session.abilities.ownCommands.has(COMPOSE_RUN)) return [];
  if ((await session.composeEngine()) === undefined) return [];
  return lensesOf(open.compose).map(({ span, title, verb, service }) => ({
    range: toRange(open.checked.lines, span),
    command: {
      title,
      command: COMPOSE_RUN,
      arguments: [verb, uri, ...(service === undefined ? [] : [service])],
    },
  }));
}

/** Over each image that a service names. */
function scanLenses(session: Session, uri: string, { compose, checked }: OpenCompose): CodeLens[] {
  if (!session.abilities.ownCommands.has(SCAN)) return [];
  return namedImages(compose).map(({ image, span, platform }) => {
    const range = toRange(checked.lines, span);
    const where = [image, uri, range.start.line, ...(platform === undefined ? [] : [platform])];
    return { range, command: { title: "Scan image", command: SCAN, arguments: where } };
  });
}

/** The last stage is what a build without a target makes. */
function stageLenses({ uri, text, lines }: Opened): CodeLens[] {
  const { stages } = parseDockerfile(text);
  return stages.map(({ index, name, from }) => {
    const isLast = index === stages.length - 1;
    return {
      range: toRange(lines, from.span),
      command: {
        title: isLast ? "Build image" : `Build stage ${name?.text ?? index}`,
        command: BUILD,
        arguments: [uri, ...(isLast ? [] : [name?.text ?? String(index)])],
      },
    };
  });
}

/** Each image once, where FROM names it first; none for an image that a variable hides. */
function baseLenses({ uri, text, lines }: Opened): CodeLens[] {
  const seen = new Set<string>();
  return parseDockerfile(text).stages.flatMap(({ base, from, platform }) => {
    if (base.kind !== "image" || seen.has(base.reference) || !parseImageRef(base.reference).ok) return [];
    seen.add(base.reference);
    const asked = platform?.value?.text;
    return {
      range: toRange(lines, from.span),
      command: {
        title: "Show layers",
        command: SHOW_BASE,
        arguments: [uri, base.reference, ...(asked === undefined || asked.includes("$") ? [] : [asked])],
      },
    };
  });
}
