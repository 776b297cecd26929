/** Platforms of images: `linux/arm64/v8`. */

/** What images call otherwise than Node; the others are called the same or are not in use. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x64", "amd64"],
  ["ia32", "386"],
]);

/** The one of a machine, by the name that Node has for its architecture. */
export const platformOn = (arch: string): string => `linux/${ARCHITECTURES.get(arch) ?? arch}`;

/** For comparing: arm64 means its variant v8 as well. */
export const plainPlatform = (platform: string): string => platform.toLowerCase().replace(/^(.*\/arm64)\/v8$/, "$1");
