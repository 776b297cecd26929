/** Other extensions that serve Dockerfiles and compose files, and what each of them does: two of a kind would show everything twice. */
import type { Claim, ComposeFeature, DockerfileFeature } from "../../../server/src/lsp/messages.ts";

export interface Editor {
  readonly isInstalled: (extension: string) => boolean;
  /** The value that holds; undefined for a setting nobody declares. */
  readonly setting: (name: string) => unknown;
}

interface Neighbour<Feature extends string> {
  readonly extension: string;
  /** It does nothing for files of this language when this setting is false. */
  readonly switch?: string;
  /** What it does; a name is the setting that can switch just that off. */
  readonly features: Readonly<Partial<Record<Feature, true | string>>>;
  /** It steps back when one of these is installed and switched on. */
  readonly yieldsTo?: readonly string[];
}

const DOCKER_DX = "docker.docker";
const CONTAINER_TOOLS = "ms-azuretools.vscode-containers";
const DOCKER = "ms-azuretools.vscode-docker";

// Both tables are from the extensions' manifests and sources. Formatting is in none: where there are several formatters, the editor asks the
// person which one it shall be, and whoever was chosen has to format.

const FOR_COMPOSE: readonly Neighbour<ComposeFeature>[] = [
  {
    extension: DOCKER_DX,
    switch: "docker.extension.enableComposeLanguageServer",
    features: {
      completion: true,
      hover: true,
      navigation: true,
      symbols: true,
      links: true,
      inlayHints: true,
    },
  },
  {
    extension: CONTAINER_TOOLS,
    switch: "containers.enableComposeLanguageService",
    features: { completion: true, hover: true, codeLens: true },
  },
  {
    extension: "redhat.vscode-yaml",
    yieldsTo: [DOCKER_DX],
    features: {
      validation: "yaml.validate",
      completion: "yaml.completion",
      hover: "yaml.hover",
      symbols: true,
    },
  },
];

/**
 * What the language server for Dockerfiles that they share would show a second time. The editor asks one provider only for semantic tokens and
 * renames, and merges places and folding ranges: these can be on in both.
 */
const SHARED_SERVER = {
  completion: true,
  hover: true,
  signatureHelp: true,
  symbols: true,
  links: true,
} as const;

const FOR_DOCKERFILES: readonly Neighbour<DockerfileFeature>[] = [
  { extension: CONTAINER_TOOLS, features: { ...SHARED_SERVER, validation: true } },
  { extension: DOCKER, features: { ...SHARED_SERVER, validation: true } },
  // It shows none of that server's findings, and does not start it beside the other two.
  { extension: DOCKER_DX, features: SHARED_SERVER, yieldsTo: [CONTAINER_TOOLS, DOCKER] },
  {
    extension: DOCKER_DX,
    features: { stageSeparators: "docker.extension.editor.dockerfileBuildStageDecorationLines" },
  },
];

/** The features somebody else serves. */
export const claimedByOthers = (editor: Editor): readonly Claim[] => [
  ...claimedIn(FOR_COMPOSE, editor).map((feature): Claim => `compose.${feature}`),
  ...claimedIn(FOR_DOCKERFILES, editor).map((feature): Claim => `dockerfile.${feature}`),
];

function claimedIn<Feature extends string>(
  neighbours: readonly Neighbour<Feature>[],
  editor: Editor,
): readonly Feature[] {
  const isOn = ({ extension, switch: name }: Neighbour<Feature>): boolean =>
    editor.isInstalled(extension) && (name === undefined || editor.setting(name) !== false);
  const active = neighbours.filter(
    (neighbour) =>
      isOn(neighbour) &&
      !neighbours.some((other) => neighbour.yieldsTo?.includes(other.extension) === true && isOn(other)),
  );
  const claimed = active.flatMap(({ features }) =>
    (Object.entries(features) as [Feature, true | string][]).flatMap(([feature, name]) =>
      name === true || editor.setting(name) !== false ? [feature] : [],
    ),
  );
  return [...new Set(claimed)].sort();
}
