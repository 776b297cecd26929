/** Reads the file that `--metadata-file` has a builder write: what it has built, by which names. Tolerant: fields come and go. */

export interface BuildMetadata {
  /** What a registry would know the image by. */
  readonly digest?: string;
  /** Of the image's configuration: what the engine's image list shows where images are not kept as in a registry. */
  readonly imageId?: string;
  readonly names: readonly string[];
  /** `builder/node/id`, for `docker buildx history`. */
  readonly ref?: string;
}

export function readMetadata(text: string): BuildMetadata {
  const fields = fieldsOf(text);
  const textOf = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const digest = textOf("containerimage.digest");
  const imageId = textOf("containerimage.config.digest");
  const ref = textOf("buildx.build.ref");
  const names =
    textOf("image.name")
      ?.split(",")
      .map((name) => name.trim()) ?? [];
  return {
    names,
    ...(digest !== undefined && { digest }),
    ...(imageId !== undefined && { imageId }),
    ...(ref !== undefined && { ref }),
  };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
