/** `dockwright/containerize`: the files that build and run a project in a container, for the client to show and to write. */
import { fileURLToPath } from "node:url";
import type { Plan } from "../../core/generate/plan.ts";
import { containerize } from "../../effects/containerize.ts";
import { described, invalidParams } from "../guard.ts";
import type { Containerized, ContainerPlan } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export const notContainerized = (): Containerized => ({ refusal: "the server failed; see its log" });

export async function containerizeFolder(
  session: Session,
  params: unknown,
  signal: AbortSignal,
): Promise<Containerized> {
  const fields = fieldsOf(params);
  const [uri, folder, version] = ["uri", "folder", "version"].map((name) => stringOf(fields?.[name]));
  if (uri === undefined || version === undefined)
    throw invalidParams("The address of a folder and a version are needed");
  if (!session.isTrusted()) return { refusal: "this workspace is not trusted, and nothing of it is read before it is" };
  const project = pathOf(uri);
  if (project === undefined) return { refusal: "the folder is not on this machine" };
  const config = await session.configFor(uri);
  const place = { uri: `${uri.replace(/\/$/, "")}/Dockerfile`, config, answers: new Map() };
  const choices = new Map(
    Object.entries(fieldsOf(fields?.["choices"]) ?? {}).flatMap(([id, value]) =>
      typeof value === "string" ? [[id, value] as const] : [],
    ),
  );
  try {
    const { plan, unanswered } = await containerize(project, {
      folder,
      choices,
      version,
      askDigest: session.mayAsk(config) ? (image) => session.look({ ask: "digest", image }, place, signal) : undefined,
      signal,
    });
    for (const { image, reason } of unanswered) session.connection.console.log(`${image} has no digest: ${reason}`);
    return plan.outcome === "refused" ? { refusal: plan.refusal, folders: plan.folders } : { plan: planned(plan) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { refusal: `the folder cannot be read: ${described(error)}` };
  }
}

const planned = ({ ecosystem, folder, files, decisions }: Plan): ContainerPlan => ({
  ecosystem,
  folder,
  decisions,
  files: files.map(({ kind, path, before, text }) => ({ kind, path, text, ...(before !== undefined && { before }) })),
});

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri).replace(/(?<=.)[/\\]$/, "") : undefined;
  } catch {
    return undefined;
  }
}
