/** One of the SBOMs there are: those that are open, and the files of the workspace. */
import { type Uri, window, workspace } from "vscode";
import { NOT_LOOKED_INTO, SBOM_FILES } from "../sbom/files.ts";
import { MAX_SBOM_LENGTH, readSboms } from "../sbom/read.ts";
import type { OpenSbom } from "../views/sbom/view.ts";
import type { Parts } from "./command.ts";
import { labelOf } from "./open-sbom.ts";

/** More files than this are a mistake: somebody's data, not images. */
const MAX_FILES = 500;

/** Undefined when there is none, which is said, or none was chosen. */
export async function chooseSbom(parts: Parts, title: string, without?: OpenSbom): Promise<OpenSbom | undefined> {
  const all = (await allSboms(parts)).filter((each) => each !== without && each.label !== without?.label);
  if (all.length === 0) {
    void window.showInformationMessage(
      `There is ${without ? "no other" : "no"} SBOM here: make one with “Dockwright: Generate SBOM”, or open one`,
    );
    return undefined;
  }
  const items = all.map((of) => ({ label: of.label, description: `${of.sbom.components.length} packages`, of }));
  return (await window.showQuickPick(items, { title, placeHolder: "Open ones, and the files of the workspace" }))?.of;
}

/** Open ones first; a file that is open is not there twice. */
export async function allSboms({ sboms, log }: Parts): Promise<readonly OpenSbom[]> {
  const open = sboms.opened();
  // Until then no file is looked at but those that somebody opens.
  if (!workspace.isTrusted) return open;
  const labels = new Set(open.map(({ label }) => label));
  const files = (await workspace.findFiles(SBOM_FILES, NOT_LOOKED_INTO, MAX_FILES)).toSorted((a, b) =>
    a.path.localeCompare(b.path),
  );
  const found: OpenSbom[] = [...open];
  for (const uri of files) {
    const name = workspace.asRelativePath(uri);
    const text = await textOf(uri);
    const read = text === undefined ? "it cannot be read" : readSboms(text);
    if (typeof read === "string") {
      log.info(`${name} is left out: ${read}`);
      continue;
    }
    const named = read.map((each) => ({ ...each, label: labelOf(name, each.sbom) }));
    found.push(...named.filter(({ label }) => !labels.has(label)));
  }
  return found;
}

async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    if ((await workspace.fs.stat(uri)).size > MAX_SBOM_LENGTH) return undefined;
    return Buffer.from(await workspace.fs.readFile(uri)).toString("utf8");
  } catch {
    return undefined; // gone meanwhile
  }
}
