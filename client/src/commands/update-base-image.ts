/** Newer tags of a base image, from its registry, with what a scan finds in each: the one that removes most stands first. */
import { Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import type {
  BaseImage,
  BaseImagesParams,
  ImageAnswer,
  ImageAnswerParams,
  ImageEdit,
  ImageEditParams,
} from "../../../server/src/lsp/messages.ts";
import { choicesOf } from "../scanners/base-choices.ts";
import { hasDigest, tagOf, withTag } from "../scanners/image-name.ts";
import { scanAll } from "../views/findings/scanning.ts";
import type { TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

/** @param given the Dockerfile's address, or a finding's or report's entry of the view */
export async function updateBaseImage(parts: Parts, given?: unknown, wanted?: unknown): Promise<void> {
  const address = typeof given === "string" ? given : (given as TreeNode | undefined)?.report?.dockerfile?.uri;
  const document =
    address === undefined ? window.activeTextEditor?.document : await workspace.openTextDocument(Uri.parse(address));
  if (document?.languageId !== "dockerfile") {
    void window.showInformationMessage("Open a Dockerfile first, then run this command again");
    return;
  }
  const { client } = parts;
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const bases = await client.sendRequest<readonly BaseImage[]>("dockwright/baseImages", {
    uri,
  } satisfies BaseImagesParams);
  const base = typeof wanted === "string" ? bases.find(({ image }) => image === wanted) : await chooseBase(bases);
  if (!base) return;
  const ask = async (question: ImageAnswerParams["ask"], image: string): Promise<ImageAnswer> =>
    client.sendRequest<ImageAnswer>("dockwright/imageAnswer", {
      uri,
      ask: question,
      image,
    } satisfies ImageAnswerParams);

  const { value, unknown } = await ask("newer-tags", base.image);
  if (value === undefined) {
    void window.showErrorMessage(`Newer tags of ${base.image} could not be found out: ${unknown ?? "no answer came"}`);
    return;
  }
  const current = tagOf(base.image);
  const tags = value.split(" ").filter((tag) => tag !== "");
  if (tags.length === 0) {
    void window.showInformationMessage(`${base.image} is the newest of its kind in its registry`);
    return;
  }
  const place = { uri: document.uri.toString(), baseLine: base.line + 1 };
  const images = [base.image, ...tags.map((tag) => withTag(base.image, tag))];
  const jobs = images.map((image, at) => ({
    target: { kind: "image", image, ...(base.platform !== undefined && { platform: base.platform }) } as const,
    // Only what is in the file now belongs to its line.
    ...(at === 0 ? { dockerfile: place } : { askedFrom: place.uri }),
  }));
  const outcomes = (await scanAll(parts, `Comparing ${tags.length + 1} tags of ${base.image}`, jobs)) ?? [];
  const choices = choicesOf(
    tags,
    outcomes.map(({ report, failure }) => (report ? { findings: report.findings } : { failure: failure ?? "" })),
  );
  for (const { report } of outcomes.slice(1)) if (report) parts.findings.remove(report);
  const chosen = await window.showQuickPick(
    choices.map(({ tag, description, detail }) => ({ label: tag, description, detail, tag })),
    {
      title: `${base.image}: newer tags`,
      placeHolder: "The tag to go to; what breaks with a newer version only a build and its tests tell",
    },
  );
  if (!chosen) return;
  const digest = hasDigest(base.image) ? (await ask("digest", withTag(base.image, chosen.tag))).value : undefined;
  const params: ImageEditParams = { uri, image: base.image, tag: chosen.tag, ...(digest !== undefined && { digest }) };
  const answer = await client.sendRequest<ImageEdit>("dockwright/imageEdit", params);
  if (answer.refusal !== undefined) {
    void window.showErrorMessage(`${base.image} was left as it is: ${answer.refusal}`);
    return;
  }
  const edit = new WorkspaceEdit();
  for (const { range, newText } of answer.edits)
    edit.replace(
      document.uri,
      new Range(range.start.line, range.start.character, range.end.line, range.end.character),
      newText,
    );
  await workspace.applyEdit(edit);
  await window.showTextDocument(document);
  const lost = hasDigest(base.image) && digest === undefined ? "; its digest is gone, pin it again" : "";
  window.setStatusBarMessage(`Dockwright: ${current ?? "latest"} is now ${chosen.tag}${lost}`, 5_000);
}

async function chooseBase(bases: readonly BaseImage[]): Promise<BaseImage | undefined> {
  if (bases.length === 0)
    void window.showInformationMessage("This file names no base image: FROM scratch, or a variable hides it");
  if (bases.length <= 1) return bases[0];
  const items = bases.map((base) => ({ label: base.image, description: `line ${base.line + 1}`, base }));
  return (await window.showQuickPick(items, { title: "Base image to update" }))?.base;
}
