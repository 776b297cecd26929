/** Which release of which distribution is in a base image, and for which processor: by what its tag says. */
import { parseImageRef } from "../image-ref.ts";
import { knownBase } from "./bases.ts";

export interface Release {
  readonly system: "debian" | "ubuntu" | "alpine";
  /** As its repositories are called: `trixie`, `noble`, `v3.22`. */
  readonly name: string;
}

const DEBIAN: Readonly<Record<string, string>> = { 11: "bullseye", 12: "bookworm", 13: "trixie", 14: "forky" };
const UBUNTU: Readonly<Record<string, string>> = {
  "20.04": "focal",
  "22.04": "jammy",
  "24.04": "noble",
  "25.04": "plucky",
  "25.10": "questing",
  "26.04": "resolute",
};

const DEBIAN_NAME = new RegExp(`(?:^|[-_.])(${Object.values(DEBIAN).join("|")}|sid)(?=$|[-_.\\d])`);
const UBUNTU_NAME = new RegExp(`(?:^|[-_.])(${Object.values(UBUNTU).join("|")})(?=$|[-_.\\d])`);

/**
 * Undefined where neither the image's name nor its tag says it: `node:22` is today's stable Debian and will be another one. `tag` is a
 * more precise one where a registry has said it.
 */
export function releaseOf(reference: string, tag?: string): Release | undefined {
  const parsed = parseImageRef(reference);
  if (!parsed.ok) return undefined;
  const { path } = parsed.ref;
  const said = tag ?? parsed.ref.tag;
  if (said === undefined) return undefined;
  const base = path.slice(path.lastIndexOf("/") + 1);
  const [first = ""] = said.split("-");
  if (base === "alpine") return alpine(/^edge$|^v?\d+\.\d+/.exec(first)?.[0]);
  if (base === "debian" && /^\d/.test(first)) return debian(DEBIAN[/^\d+/.exec(first)?.[0] ?? ""]);
  if (base === "ubuntu" && /^\d/.test(first)) return ubuntu(UBUNTU[/^\d+\.\d+/.exec(first)?.[0] ?? ""]);
  const inTag = /(?:^|-)alpine(?:v?(\d+\.\d+))?/.exec(said);
  if (inTag) return alpine(inTag[1]);
  return (
    debian(DEBIAN_NAME.exec(said)?.[1]) ??
    ubuntu(UBUNTU_NAME.exec(said)?.[1]) ??
    ubuntu(UBUNTU[/(?:^|-)ubuntu-?(\d\d\.\d\d)/.exec(said)?.[1] ?? ""]) ??
    debian(DEBIAN[/(?:^|-)debian-?(\d\d)/.exec(said)?.[1] ?? ""])
  );
}

const debian = (name: string | undefined): Release | undefined =>
  name === undefined ? undefined : { system: "debian", name };
const ubuntu = (name: string | undefined): Release | undefined =>
  name === undefined ? undefined : { system: "ubuntu", name };
const alpine = (version: string | undefined): Release | undefined =>
  version === undefined
    ? undefined
    : { system: "alpine", name: version === "edge" ? version : `v${/\d+\.\d+/.exec(version)?.[0] ?? version}` };

/** By Docker's name for a platform: Debian's, and Alpine's. */
const ARCHITECTURES: Readonly<Record<string, readonly [debian: string, alpine: string]>> = {
  "linux/amd64": ["amd64", "x86_64"],
  "linux/arm64": ["arm64", "aarch64"],
  "linux/arm64/v8": ["arm64", "aarch64"],
  "linux/arm/v7": ["armhf", "armv7"],
  "linux/arm/v6": ["armel", "armhf"],
  "linux/386": ["i386", "x86"],
  "linux/ppc64le": ["ppc64el", "ppc64le"],
  "linux/s390x": ["s390x", "s390x"],
  "linux/riscv64": ["riscv64", "riscv64"],
};

/** What a distribution calls a platform; undefined for one it does not have. */
export function architectureOf(platform: string, { system }: Release): string | undefined {
  const names = Object.hasOwn(ARCHITECTURES, platform) ? ARCHITECTURES[platform] : undefined;
  return names?.[system === "alpine" ? 1 : 0];
}

/** The version of the language an official image is for: `3.12` of `python:3.12-slim`. */
export function languageVersion(reference: string, language: "python" | "ruby" | "node"): string | undefined {
  if (knownBase(reference)?.name !== language) return undefined;
  const parsed = parseImageRef(reference);
  return parsed.ok ? /^\d+\.\d+(?:\.\d+)?(?=$|-)/.exec(parsed.ref.tag ?? "")?.[0] : undefined;
}
