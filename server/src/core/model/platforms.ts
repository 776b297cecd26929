/** Platforms of images, as `linux/arm64/v8`: one name for each, and which image runs where. */

/** Other names for the same (containerd/platforms, normalizeArch). */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
  ["i386", "386"],
  ["i686", "386"],
  ["armhf", "arm/v7"],
  ["armel", "arm/v6"],
]);

/** Undefined for what is no `os/architecture`. */
export function normalPlatform(platform: string): string | undefined {
  const [os, architecture, variant] = platform.toLowerCase().split("/");
  if (!os || !architecture) return undefined;
  const name = ARCHITECTURES.get(architecture) ?? architecture;
  // v8 is what arm64 is without a word, v7 what arm is.
  const plain = (name === "arm64" && variant === "v8") || (name === "arm" && variant === "v7") || variant === undefined;
  return `${os}/${name === "arm/v7" ? "arm" : name}${plain ? "" : `/${variant}`}`;
}

/** Whether one of the platforms there are is the wanted one, a normal one. An image without a variant, or for a lower one, runs too. */
export const hasPlatform = (there: readonly string[], wanted: string): boolean =>
  there
    .map((each) => normalPlatform(each) ?? each)
    .some((each) => each === wanted || wanted.startsWith(`${each}/`) || each.startsWith(`${wanted}/`));
