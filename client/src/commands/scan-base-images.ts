/** Scans every image FROM of the open Dockerfile names. */
import { Uri, window, workspace } from "vscode";
import type { BaseImage, BaseImagesParams } from "../../../server/src/lsp/messages.ts";
import { scanAll, tellOutcomes } from "../views/findings/scanning.ts";
import type { Parts } from "./command.ts";

export async function scanBaseImages(parts: Parts, given?: unknown): Promise<void> {
  const address = given instanceof Uri ? given : typeof given === "string" ? Uri.parse(given) : undefined;
  const document = address ? await workspace.openTextDocument(address) : window.activeTextEditor?.document;
  if (document?.languageId !== "dockerfile") {
    void window.showInformationMessage("Open a Dockerfile first, then run this command again");
    return;
  }
  const { client } = parts;
  const params: BaseImagesParams = { uri: client.code2ProtocolConverter.asUri(document.uri) };
  const images = await client.sendRequest<readonly BaseImage[]>("dockwright/baseImages", params);
  if (images.length === 0) {
    void window.showInformationMessage("This file names no base image: FROM scratch, or a variable hides it");
    return;
  }
  const uri = document.uri.toString();
  const jobs = images.map(({ image, line, platform }) => ({
    target: { kind: "image", image, ...(platform !== undefined && { platform }) } as const,
    dockerfile: { uri, baseLine: line + 1 },
  }));
  const outcomes = await scanAll(parts, "Scanning base images", jobs);
  if (outcomes) await tellOutcomes(outcomes);
}
