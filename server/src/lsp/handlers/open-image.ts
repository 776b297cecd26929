/** `dockwright/openImage`: the layers of an image, and from then on its sizes in the Dockerfile it was built from. */
import { ProgressType } from "vscode-languageserver/node";
import type { LineOf } from "../../core/image/layer-rows.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { Lines } from "../../core/text/lines.ts";
import type { ImageSource } from "../../effects/image/source.ts";
import { toRange } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import type { OpenDockerfile } from "../images/images.ts";
import { ThreadFailure } from "../images/thread.ts";
import type { OpenedAnswer, OpenProgress } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";
import { LOOKUPS_OFF } from "../settings.ts";

const PROGRESS = new ProgressType<OpenProgress>();

export async function openImage(session: Session, params: unknown, signal: AbortSignal): Promise<OpenedAnswer> {
  const fields = fieldsOf(params);
  const source = sourceOf(fields?.["source"]);
  const [uri, target, token] = ["uri", "target", "progress"].map((key) => stringOf(fields?.[key]));
  if (!source) throw invalidParams("A source of an image is needed");
  if (!session.isTrusted()) return { failure: "No image is read until the workspace is trusted" };
  const config = await session.configFor(uri);
  if (source.kind === "registry" && !session.mayAsk(config)) return { failure: `No registry is asked: ${LOOKUPS_OFF}` };
  try {
    const image = await session.images.open(
      {
        source,
        deep: fields?.["deep"] === true,
        registry: config.registry,
        builtFrom: async () => (uri === undefined ? undefined : dockerfileAt(session, uri, target)),
      },
      {
        signal,
        onProgress:
          token === undefined
            ? undefined
            : (bytes, total) =>
                void session.connection.sendProgress(PROGRESS, token, {
                  bytes,
                  ...(total !== undefined && { total }),
                }),
      },
    );
    if (uri !== undefined) session.refresh();
    return { image };
  } catch (error) {
    if (error instanceof ThreadFailure) return { failure: error.message };
    throw error;
  }
}

const ENGINES = ["docker", "podman", "nerdctl", "buildah"] as const;

/** An image that begins with a dash would be an option of the engine. */
function sourceOf(value: unknown): ImageSource | undefined {
  const fields = fieldsOf(value);
  const [kind, path, image, context, platform] = ["kind", "path", "image", "context", "platform"].map((key) =>
    stringOf(fields?.[key]),
  );
  if (kind === "path") return path ? { kind, path } : undefined;
  if (!image || image.startsWith("-")) return undefined;
  if (kind === "registry") return { kind, image, ...(platform !== undefined && { platform }) };
  const engine = ENGINES.find((each) => each === fields?.["engine"]);
  if (kind !== "engine" || !engine) return undefined;
  return { kind, engine, image, ...(context !== undefined && { context }) };
}

/** As it is now, with what is found in it; undefined when it is not open, or no Dockerfile. */
async function dockerfileAt(
  session: Session,
  uri: string,
  target: string | undefined,
): Promise<OpenDockerfile | undefined> {
  const checked = await session.check(uri);
  const opened = checked ?? (await session.glance(uri));
  if (!opened) return undefined;
  const document = checked?.inspection?.document;
  const dockerfile = document ?? parseDockerfile(opened.text);
  if (session.open(uri)?.language !== "dockerfile" || dockerfile.language !== "dockerfile") return undefined;
  return {
    uri,
    target,
    dockerfile,
    findings: checked?.inspection?.findings ?? [],
    lineOf: lineIn(opened.lines),
    offers: session.mayAsk(opened.config),
  };
}

const lineIn =
  (lines: Lines): LineOf =>
  (span) => {
    const { start, end } = toRange(lines, span);
    return { line: start.line, endLine: end.line };
  };
