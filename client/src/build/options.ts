/** What can be said about one build, whichever engine makes it. */

export interface BuildSecret {
  readonly id: string;
  /** A file, absolute; or the name of a variable of the environment. */
  readonly from: { readonly file: string } | { readonly variable: string };
}

export interface BuildOptions {
  /** Absolute. */
  readonly dockerfile: string;
  /** A folder, absolute. */
  readonly context: string;
  readonly tags: readonly string[];
  readonly target?: string;
  /** A name without a value takes it from the environment. */
  readonly buildArgs?: Readonly<Record<string, string | null>>;
  readonly platforms?: readonly string[];
  readonly secrets?: readonly BuildSecret[];
  /** `default`, or `id=socket-or-key`. */
  readonly ssh?: readonly string[];
  /** As buildx writes them: `type=registry,ref=…`; a plain reference is a registry's. */
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  readonly provenance?: "off" | "min" | "max";
  readonly sbom?: boolean;
  readonly noCache?: boolean;
  /** Ask the registry for newer base images. */
  readonly pull?: boolean;
  readonly network?: string;
  /** As buildx writes it: `type=oci,dest=…`. The engine keeps the image when there is none. */
  readonly output?: string;
  /** Seconds; the time that files and the image get. */
  readonly sourceDateEpoch?: number;
  /** Where the engine writes what it has built. */
  readonly metadataFile?: string;
  /** A builder of `docker buildx ls`. */
  readonly builder?: string;
  /** A context of `docker context ls`; wins over DOCKER_HOST. */
  readonly dockerContext?: string;
}

/** Names whose values are nobody's business: kept out of command lines, logs and what is remembered. */
export const isSecretName = (name: string): boolean =>
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|APIKEY|AUTH|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_KEY)(?:_|$)/i.test(
    name,
  );
