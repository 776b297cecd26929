/** Which documents the client speaks about and what the server is told at its start, wherever the server runs. */
import { type LogOutputChannel, Uri, workspace } from "vscode";
import { type ConfigurationMiddleware, type LanguageClientOptions, RevealOutputChannelOn } from "vscode-languageclient";
import { lookupsIn } from "./lookups.ts";
import { claimedNow } from "./neighbours/watch.ts";
import type { InitializationOptions, Lookups } from "../../server/src/lsp/messages.ts";

/** Commands of the server that have a command of ours before them, or none at all. */
const OWN_COMMANDS = [
  "dockwright.fixAll",
  "dockwright.pinAllBaseImages",
  "dockwright.updateAllDigests",
  "dockwright.pinWorkspace",
  "dockwright.updateWorkspaceDigests",
  "dockwright.pinImage",
  "dockwright.updateDigest",
  "dockwright.unpinImage",
  "dockwright.explainRule",
];
/** Commands that the server leads to and knows nothing of. */
const CLIENT_COMMANDS = [
  "dockwright.compose.run",
  "dockwright.buildImage",
  "dockwright.convertToMultiStage",
  "dockwright.lookUpImage",
  "dockwright.scanImage",
  "dockwright.showBaseImageLayers",
  "dockwrightFindings.focus",
];
const RESTARTS = 4;
const SCHEMES: readonly string[] = ["file", "untitled", "vscode-vfs"];
/** Where the extension runs, and what follows from that. */
interface Host {
  readonly schemes: readonly string[];
  /** What the server may lead to. */
  readonly commands: readonly string[];
  /** Where it is not the settings that decide. */
  readonly lookups?: Lookups;
}

const ON_A_MACHINE: Host = { schemes: SCHEMES, commands: CLIENT_COMMANDS };
/** Other places have files there; nothing can ask a registry. */
export const IN_BROWSERS: Host = {
  schemes: [...SCHEMES, "vscode-remote", "vscode-test-web"],
  commands: [],
  lookups: "off",
};
/** The server tells which YAML files are compose files. */
const LANGUAGES = ["dockerfile", "dockercompose", "yaml"];

/** Editors call them this or that, or plain text. */
const IGNORE_FILES = "**/*.{dockerignore,containerignore}";

export const clientOptions = (
  log: LogOutputChannel,
  { schemes, commands, lookups } = ON_A_MACHINE,
): LanguageClientOptions => ({
  documentSelector: schemes.flatMap((scheme) => [
    ...LANGUAGES.map((language) => ({ language, scheme })),
    { scheme, pattern: IGNORE_FILES },
  ]),
  outputChannel: log,
  traceOutputChannel: log,
  revealOutputChannelOn: RevealOutputChannelOn.Never,
  // The links of a hover open the rule's page or what a scan found, or ask the registry, and nothing else.
  markdown: {
    isTrusted: { enabledCommands: ["dockwright.explainRule", "dockwrightFindings.focus", "dockwright.lookUpImage"] },
  },
  middleware: { workspace: { configuration: withLookups(lookups) } },
  connectionOptions: { maxRestartCount: RESTARTS },
  // Asked for at every start, so that a restarted server learns of trust granted meanwhile.
  initializationOptions: (): InitializationOptions => ({
    trusted: workspace.isTrusted,
    status: true,
    claimed: claimedNow(),
    commands: [...OWN_COMMANDS, ...commands],
  }),
});

/** What VS Code sends has defaults put in: they would hide what a setting of the old names says. */
const withLookups =
  (always: Lookups | undefined): NonNullable<ConfigurationMiddleware["configuration"]> =>
  async (params, token, next) => {
    const sections = await next(params, token);
    if (!Array.isArray(sections)) return sections;
    return sections.map((section, at) => {
      const item = params.items[at];
      if (item?.section !== "dockwright" || typeof section !== "object" || section === null) return section;
      const scope = item.scopeUri === undefined ? undefined : Uri.parse(item.scopeUri);
      const lookups = always ?? lookupsIn(workspace.getConfiguration("dockwright", scope));
      return { ...section, registry: { ...section.registry, lookups } };
    });
  };
