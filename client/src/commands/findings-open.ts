/** Shows the line a finding belongs to; where there is none, its page, or says why there is none. */
import { env, Range, Uri, window, workspace } from "vscode";
import { whyNoPlace } from "../scanners/places.ts";
import type { TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

export async function openFinding(_parts: Parts, node?: unknown): Promise<void> {
  const { place, finding, report } = (node as TreeNode | undefined) ?? {};
  if (!place) {
    if (finding?.link !== undefined) await env.openExternal(Uri.parse(finding.link));
    else if (finding && report) void window.showInformationMessage(`${finding.id}: ${whyNoPlace(report, finding)}`);
    return;
  }
  let document: Awaited<ReturnType<typeof workspace.openTextDocument>>;
  try {
    document = await workspace.openTextDocument(Uri.parse(place.uri));
  } catch {
    void window.showErrorMessage(`${Uri.parse(place.uri).path} cannot be opened: it is not there any more, or no text`);
    return;
  }
  const line = Math.min(place.line, document.lineCount) - 1;
  await window.showTextDocument(document, { selection: new Range(line, 0, line, 0), preserveFocus: false });
}

export async function openAdvisory(_parts: Parts, node?: unknown): Promise<void> {
  const link = (node as TreeNode | undefined)?.finding?.link;
  if (link !== undefined) await env.openExternal(Uri.parse(link));
}
