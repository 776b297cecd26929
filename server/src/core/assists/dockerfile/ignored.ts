/** The ignore file that holds for a Dockerfile, by single questions instead of a listing of the whole build context. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type IgnoreFile, parseIgnoreFile } from "../../model/ignore.ts";
import type { Lookup } from "./assist.ts";

/** The one the build reads: the Dockerfile's own, else the context's. A text says why nobody knows. */
export function ignoreFile(dockerfile: Dockerfile, ask: Lookup): IgnoreFile | undefined | string {
  const own = dockerfile.name === undefined ? undefined : `${dockerfile.name}.dockerignore`;
  const kind = own === undefined ? "missing" : ask({ ask: "path-kind", path: own });
  const isOwn = own !== undefined && kind === "file";
  if (!isOwn && ask({ ask: "exists", path: ".dockerignore" }) !== "yes") return undefined;
  const answer = isOwn ? ask({ ask: "text", path: own }) : ask({ ask: "read", path: ".dockerignore" });
  if (answer === undefined) return undefined;
  return (typeof answer === "string" ? parseIgnoreFile(answer) : undefined) ?? "the ignore file cannot be read";
}
