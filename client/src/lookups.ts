/** When registries are asked, by the settings: also by the two that were there before, where the one of today is not set. */
import type { WorkspaceConfiguration } from "vscode";
import type { Lookups } from "../../server/src/lsp/messages.ts";

/** @param config the `dockwright` section */
export function lookupsIn(config: WorkspaceConfiguration): Lookups {
  const set = config.inspect<Lookups>("registry.lookups");
  const isSet = [set?.globalValue, set?.workspaceValue, set?.workspaceFolderValue].some((value) => value !== undefined);
  if (isSet) return config.get<Lookups>("registry.lookups", "onCommand");
  if (config.get("offline", false)) return "off";
  return config.get("online", false) ? "onOpen" : "onCommand";
}
