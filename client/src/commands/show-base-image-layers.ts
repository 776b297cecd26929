/** Shows the layers of an image that FROM names, from its registry: sizes at once, files once somebody has said so. No engine is needed. */
import { window } from "vscode";
import type { BaseImage, BaseImagesParams } from "../../../server/src/lsp/messages.ts";
import type { Parts } from "./command.ts";

/** As the lens over FROM gives them: the Dockerfile's address, the image, its platform. Asked for otherwise. */
export async function showBaseImageLayers(
  parts: Parts,
  _uri?: unknown,
  image?: unknown,
  platform?: unknown,
): Promise<void> {
  const chosen =
    typeof image === "string" ? { image, ...(typeof platform === "string" && { platform }) } : await chooseBase(parts);
  if (!chosen) return;
  const { image: name, platform: wanted } = chosen;
  await parts.layers.show({
    source: { kind: "registry", image: name, ...(wanted !== undefined && { platform: wanted }) },
  });
}

async function chooseBase({ client }: Parts): Promise<Pick<BaseImage, "image" | "platform"> | undefined> {
  const document = window.activeTextEditor?.document;
  if (document?.languageId !== "dockerfile") {
    void window.showInformationMessage("Open a Dockerfile first, then run this command again");
    return undefined;
  }
  const params: BaseImagesParams = { uri: client.code2ProtocolConverter.asUri(document.uri) };
  const images = await client.sendRequest<readonly BaseImage[]>("dockwright/baseImages", params);
  if (images.length === 0) {
    void window.showInformationMessage("This file names no base image: FROM scratch, or a variable hides it");
    return undefined;
  }
  if (images.length === 1) return images[0];
  const items = images.map((base) => ({ label: base.image, description: `line ${base.line + 1}`, base }));
  return (await window.showQuickPick(items, { title: "Show the layers of which base image?" }))?.base;
}
