/** What waits until the workspace is trusted, and the reason as people are told it, whichever way they came: menu, key, link. */
import { commands, type ExtensionContext, window } from "vscode";

/** The titles of the commands that package.json enables in trusted workspaces alone. */
export function waitingForTrust({ extension }: ExtensionContext): ReadonlyMap<string, string> {
  const manifest = extension.packageJSON as {
    readonly contributes: { readonly commands: readonly Declared[] };
  };
  return new Map(
    manifest.contributes.commands
      .filter(({ enablement = "" }) => /(?<!!)\bisWorkspaceTrusted\b/.test(enablement))
      .map(({ command, title }) => [command, title.replace(/…$/, "")]),
  );
}

interface Declared {
  readonly command: string;
  readonly title: string;
  readonly enablement?: string;
}

const MANAGE = "Manage Trust";

/** @param what is not done: `Build Image` */
export async function sayRestricted(what?: string): Promise<void> {
  const subject = what === undefined ? "Building, scanning and signing are" : `${what} is`;
  const message = `${subject} disabled in Restricted Mode: programs run and registries are asked only in a workspace that you trust. Findings and fixes work without.`;
  if ((await window.showWarningMessage(message, MANAGE)) === MANAGE)
    await commands.executeCommand("workbench.trust.manage");
}
