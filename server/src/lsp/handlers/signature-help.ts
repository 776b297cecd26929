/** `textDocument/signatureHelp` in Dockerfiles. */
import { MarkupKind, type SignatureHelp, type SignatureHelpParams } from "vscode-languageserver/node";
import { signatureAt } from "../../core/features/dockerfile/signature.ts";
import { toOffset } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

/** What begins a part of an instruction. */
export const SIGNATURE_TRIGGERS: readonly string[] = [" ", "=", ",", "[", ":"];

export async function signatureHelp(
  session: Session,
  { textDocument, position }: SignatureHelpParams,
): Promise<SignatureHelp | null> {
  const open = await openDockerfile(session, textDocument.uri, "signatureHelp");
  if (!open) return null;
  const { opened, dockerfile } = open;
  const found = signatureAt(dockerfile, toOffset(opened.lines, position));
  if (!found) return null;
  const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });
  // A number behind the last parameter marks none; without one the client would take the first.
  const none = Math.max(0, ...found.signatures.map(({ parameters }) => parameters.length));
  return {
    signatures: found.signatures.map(({ label, about, parameters }) => ({
      label,
      ...(about !== undefined && { documentation: markdown(about) }),
      parameters: parameters.map(({ start, end, about: of }) => ({
        label: [start, end],
        ...(of !== undefined && { documentation: markdown(of) }),
      })),
    })),
    activeSignature: found.active,
    activeParameter: found.parameter ?? none,
  };
}
