/** Opens SBOM files as trees: the file given, or one chosen. */
import { Uri, window, workspace } from "vscode";
import type { Sbom } from "../sbom/model.ts";
import { MAX_SBOM_LENGTH, readSboms } from "../sbom/read.ts";
import type { Parts } from "./command.ts";
import { layersOf, type Origin } from "./sbom-layers.ts";

export async function openSbom(parts: Parts, given?: unknown): Promise<void> {
  const uri = given instanceof Uri ? given : await chooseFile();
  if (uri === undefined) return;
  const { size } = await workspace.fs.stat(uri);
  if (size > MAX_SBOM_LENGTH) throw new Error(`${uri.fsPath} is larger than 200 MB`);
  const text = Buffer.from(await workspace.fs.readFile(uri)).toString("utf8");
  await openSboms(parts, workspace.asRelativePath(uri), text);
}

/** One tree for each platform in the text; what its layers are called is said when it is known. */
export async function openSboms(parts: Parts, name: string, text: string, origin?: Origin): Promise<void> {
  const read = readSboms(text);
  if (typeof read === "string") throw new Error(`${name} cannot be opened as an SBOM: ${read}`);
  for (const each of read) {
    const open = { ...each, label: labelOf(name, each.sbom), ...(origin && { image: origin.image }) };
    await parts.sboms.open(open);
    void layersOf(parts, each.sbom, origin).then(
      (layers) => parts.sboms.nameLayers(open, layers),
      (error: unknown) => parts.log.warn(`The layers of ${open.label} keep their digests: ${String(error)}`),
    );
  }
}

/** One text may hold an SBOM for each platform. */
export const labelOf = (name: string, { platform }: Sbom): string =>
  platform === undefined ? name : `${name} (${platform})`;

async function chooseFile(): Promise<Uri | undefined> {
  const [file] =
    (await window.showOpenDialog({ title: "Open an SBOM", filters: { "CycloneDX or SPDX": ["json"] } })) ?? [];
  return file;
}
