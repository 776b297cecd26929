/** `textDocument/codeLens`: what can be run over a service of a compose file, and what can be built over a stage of a Dockerfile. */
import type { CodeLens, CodeLensParams } from "vscode-languageserver/node";
import { lensesOf } from "../../core/features/compose/code-lens.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Opened, Session } from "../session.ts";

/** The client's, which asks `dockwright/composeCommand` what to run. */
const COMPOSE_RUN = "dockwright.compose.run";
/** The client's, which asks `dockwright/buildFacts` what there is to build. */
const BUILD = "dockwright.buildImage";

/** None in a workspace that is not trusted, and in editors that have no such command. */
export async function codeLens(session: Session, { textDocument }: CodeLensParams): Promise<CodeLens[] | null> {
  if (!textDocument.uri.startsWith("file:") || !session.isTrusted()) return null;
  const opened = await session.glance(textDocument.uri);
  if (opened?.language === "dockerfile") return session.abilities.ownCommands.has(BUILD) ? stageLenses(opened) : null;
  return composeLenses(session, textDocument.uri);
}

/** Without an engine there are none. */
async function composeLenses(session: Session, uri: string): Promise<CodeLens[] | null> {
  const open = await openCompose(session, uri, "codeLens");
  if (!open || !session.abilities.ownCommands.has(COMPOSE_RUN)) return null;
  if ((await session.composeEngine()) === undefined) return null;
  return lensesOf(open.compose).map(({ span, title, verb, service }) => ({
    range: toRange(open.checked.lines, span),
    command: {
      title,
      command: COMPOSE_RUN,
      arguments: [verb, uri, ...(service === undefined ? [] : [service])],
    },
  }));
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
