/** `dockwright/verifyRefactoring`: two texts of a Dockerfile are built, run and compared; the table as data. */
import { isAbsolute } from "node:path";
import { ProgressType } from "vscode-languageserver/node";
import { contextOf } from "../../effects/files/builds.ts";
import { invalidParams } from "../guard.ts";
import type { VerifiedRefactoring, VerifyProgress } from "../messages.ts";
import { fieldsOf, stringOf, stringsOf } from "../read.ts";
import type { Session } from "../session.ts";

const PROGRESS = new ProgressType<VerifyProgress>();
const ENGINES = ["docker", "podman"] as const;

/** What runs: when the server ends, containers and images go as well. */
const running = new WeakMap<Session, Map<AbortController, Promise<unknown>>>();

export async function verifyRefactoring(
  session: Session,
  params: unknown,
  signal: AbortSignal,
): Promise<VerifiedRefactoring> {
  const fields = fieldsOf(params);
  const [original, result, path, given, token] = ["original", "result", "path", "context", "progress"].map((key) =>
    stringOf(fields?.[key]),
  );
  if (original === undefined || result === undefined) throw invalidParams("Two texts are needed, original and result");
  const context = given ?? (path === undefined ? undefined : contextOf(path));
  if (context === undefined || !isAbsolute(context)) throw invalidParams("The folder COPY reads from is needed");
  if (!session.isTrusted()) return { failure: "Nothing is built and run until the workspace is trusted" };
  const { verifyRefactoring: verify } = await import("../../effects/verify/verify.ts");
  const network = stringOf(fields?.["network"]);
  const engine = fieldsOf(fields?.["engine"]);
  const name = ENGINES.find((each) => each === engine?.["name"]) ?? "docker";
  const engineContext = stringOf(engine?.["context"]);

  const stopping = new AbortController();
  const work = verify({
    engine: { name, context: engineContext },
    context,
    original: { text: original, path },
    result: { text: result },
    options: {
      environment: textsIn(fields?.["environment"]),
      paths: (stringsOf(fields?.["paths"]) ?? []).filter((each) => each.startsWith("/")),
      // How a container is started, and in which folder, is what conversions may change; whoever asked has the difference before their eyes.
      declared: new Set(["command", "folder"]),
      ...(network !== undefined && network !== "" && { network }),
    },
    signal: AbortSignal.any([signal, stopping.signal]),
    ...(token !== undefined && {
      onProgress: (message) => void session.connection.sendProgress(PROGRESS, token, { message }),
    }),
  });
  const all = running.get(session) ?? new Map();
  running.set(session, all);
  all.set(stopping, work);
  try {
    const { outcome, why, rows, said } = await work;
    return { verification: { outcome, ...(why !== undefined && { why }), rows, said } };
  } finally {
    all.delete(stopping);
  }
}

/** Ends when what was built and run is gone. */
export async function endVerifications(session: Session): Promise<void> {
  const all = [...(running.get(session) ?? [])];
  for (const [stopping] of all) stopping.abort(new Error("the server ends"));
  await Promise.allSettled(all.map(([, work]) => work));
}

/** What is no text is left out. */
const textsIn = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value) ?? {}).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text] as const] : [],
    ),
  );
