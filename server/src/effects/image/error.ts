/** Why an image could not be read, said so that a person knows what to do. */

export type ImageErrorKind =
  | "missing"
  /** It is something, and no image. */
  | "no-image"
  /** Cut off, damaged, or with another digest than it says. */
  | "corrupt"
  /** More than is read: a limit that hostile archives run into. */
  | "too-large"
  /** A form that is not read here. */
  | "unsupported";

export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly kind: ImageErrorKind;

  constructor(kind: ImageErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }

  /** The same with where it happened before it. */
  at(place: string): ImageError {
    return new ImageError(this.kind, `${place}: ${this.message}`);
  }
}

/** What any exception of a stream means for the image. */
export function imageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ImageError("corrupt", message);
}
