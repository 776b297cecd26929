/** Other extensions that serve compose files, and what each of them does: two of a kind would show everything twice. */
import type { ComposeFeature } from "../../../server/src/lsp/messages.ts";

export interface Editor {
  readonly isInstalled: (extension: string) => boolean;
  /** The value that holds; undefined for a setting nobody declares. */
  readonly setting: (name: string) => unknown;
}

interface Neighbour {
  readonly extension: string;
  /** It does nothing for compose files when this setting is false. */
  readonly switch?: string;
  /** What it does; a name is the setting that can switch just that off. */
  readonly features: Readonly<Partial<Record<ComposeFeature, true | string>>>;
  /** It steps back when this is installed and switched on. */
  readonly yieldsTo?: string;
}

const DOCKER_DX = "docker.docker";

/** From the extensions' manifests and sources. */
const NEIGHBOURS: readonly Neighbour[] = [
  {
    extension: DOCKER_DX,
    switch: "docker.extension.enableComposeLanguageServer",
    features: {
      completion: true,
      hover: true,
      navigation: true,
      symbols: true,
      links: true,
      formatting: true,
      inlayHints: true,
    },
  },
  {
    extension: "ms-azuretools.vscode-containers",
    switch: "containers.enableComposeLanguageService",
    features: { completion: true, hover: true, formatting: true, codeLens: true },
  },
  {
    extension: "redhat.vscode-yaml",
    yieldsTo: DOCKER_DX,
    features: {
      validation: "yaml.validate",
      completion: "yaml.completion",
      hover: "yaml.hover",
      formatting: "yaml.format.enable",
      symbols: true,
    },
  },
];

/** The features somebody else serves. */
export function claimedByOthers(editor: Editor): readonly ComposeFeature[] {
  const isOn = ({ extension, switch: name }: Neighbour): boolean =>
    editor.isInstalled(extension) && (name === undefined || editor.setting(name) !== false);
  const active = NEIGHBOURS.filter(
    (neighbour) =>
      isOn(neighbour) && !NEIGHBOURS.some((other) => other.extension === neighbour.yieldsTo && isOn(other)),
  );
  const claimed = active.flatMap(({ features }) =>
    Object.entries(features).flatMap(([feature, name]) =>
      name === true || editor.setting(name) !== false ? [feature as ComposeFeature] : [],
    ),
  );
  return [...new Set(claimed)].sort();
}
