/** What a registry says of an image, for who points at its reference. Everything of the registry is a text of a stranger. */
import { plainPlatform } from "../../model/image-platform.ts";
import type { ImageRef } from "../../model/image-ref.ts";
import type { ToldBy } from "../../model/recalled-image.ts";
import { bytesText } from "../../text/bytes.ts";
import { escaped, webLink } from "../../text/markdown.ts";
import { code } from "../compose/markdown.ts";
import { isBehind, type KnownImage } from "./facts.ts";

/** Where looking it up stands. */
export type Manner =
  /** It was asked a moment ago, or is asked whenever it is of interest. */
  | { readonly is: "answered" }
  | { readonly is: "asking" }
  /** Nobody asks by itself. `link`: the address of what asks; undefined where the editor has nothing to ask with. */
  | { readonly is: "on-command"; readonly link: string | undefined }
  /** Nothing may be asked, nor recalled. `why`: a clause without its full stop. */
  | { readonly is: "not-asked"; readonly why: string };

export interface HoverSetting {
  readonly ref: ImageRef;
  readonly known: KnownImage;
  readonly toldBy: ToldBy | undefined;
  readonly manner: Manner;
  /** `3 days`: how long ago a time is, as milliseconds or as ISO 8601; undefined for what is no time. */
  readonly ageOf: (time: number | string) => string | undefined;
  /** This machine's: `linux/amd64`. */
  readonly ownPlatform: string;
  /** The one that is asked for here. */
  readonly platform?: string | undefined;
}

const MOST_PLATFORMS = 12;
const DIGITS = 12;

/** `sha256:` and as many digits as people compare. */
export const shortDigest = (digest: string): string => {
  const end = digest.indexOf(":") + 1 + DIGITS;
  return digest.length > end ? `${digest.slice(0, end)}…` : digest;
};

/** Markdown; paragraphs and a table, no pictures and no colours. */
export function registryText(setting: HoverSetting): string {
  const { manner } = setting;
  if (manner.is === "not-asked") return `Not looked up: ${escaped(manner.why)}.`;
  // Editors show so many lines at once: the table may be scrolled to, the link is in front of it.
  return [factLines(setting).join("\n"), origin(setting), platformTable(setting)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function factLines(setting: HoverSetting): readonly string[] {
  const { ref, known, ageOf } = setting;
  const { overview, today } = known;
  const made = (created: string | undefined): string => {
    const age = created === undefined ? undefined : ageOf(created);
    return created === undefined || age === undefined ? "" : `, made on ${escaped(created.slice(0, 10))}, ${age} ago`;
  };
  const tag = code(ref.tag ?? "latest");
  const lines: string[] = [];
  // A pinned digest stands in the text already.
  if (overview && ref.digest === undefined)
    lines.push(`${tag} is ${code(shortDigest(overview.digest))}${made(overview.created)}`);
  else if (overview) lines.push(`${code(shortDigest(ref.digest ?? overview.digest))}${made(overview.created)}`);
  if (isBehind(ref, known))
    lines.push(
      `**The digest is behind its tag**: ${tag} is ${code(shortDigest(today?.digest ?? ""))}${made(today?.created)}`,
    );
  else if (today && ref.tag !== undefined && ref.digest !== undefined) lines.push(`The digest is what ${tag} leads to`);
  const source = sourceLine(overview?.labels ?? {});
  if (source !== undefined) lines.push(source);
  const evidence = evidenceLine(known);
  if (evidence !== undefined) lines.push(evidence);
  return lines.map((line) => `- ${line}`);
}

const SOURCES = ["org.opencontainers.image.source", "org.label-schema.vcs-url"];
const REVISIONS = ["org.opencontainers.image.revision", "org.label-schema.vcs-ref"];
const COMMIT = /^[0-9a-f]{7,64}$/i;
const SHOWN_COMMIT = 12;
/** Where these have the page of a commit, behind the repository's. */
const COMMIT_PAGES: readonly (readonly [host: RegExp, way: string])[] = [
  [/^github\.com$/, "/commit/"],
  [/^gitlab\./, "/-/commit/"],
  [/^bitbucket\.org$/, "/commits/"],
  [/^codeberg\.org$/, "/commit/"],
];

function sourceLine(labels: Readonly<Record<string, string>>): string | undefined {
  const labelled = (keys: readonly string[]): string | undefined =>
    keys.flatMap((key) => (Object.hasOwn(labels, key) && labels[key]?.trim()) || []).at(0);
  const source = labelled(SOURCES);
  const revision = labelled(REVISIONS);
  if (source === undefined && revision === undefined) return undefined;
  const parts = [
    ...(source === undefined ? [] : [`Source: ${webLink(source) ?? code(source)}`]),
    ...(revision === undefined
      ? []
      : [`${source === undefined ? "Revision" : "revision"} ${revisionText(source, revision)}`]),
  ];
  return parts.join(", ");
}

function revisionText(source: string | undefined, revision: string): string {
  if (!COMMIT.test(revision)) return code(revision);
  const shown = code(revision.slice(0, SHOWN_COMMIT));
  if (source === undefined || webLink(source) === undefined) return shown;
  const { host, protocol, pathname } = new URL(source);
  const way = COMMIT_PAGES.find(([hosts]) => hosts.test(host))?.[1];
  const repository = /^(?:\/[\w.-]+){2,}?(?=\.git$|\/?$)/.exec(pathname)?.[0];
  if (way === undefined || repository === undefined) return shown;
  return `[${shown}](${protocol}//${host}${repository.replace(/\.git$/, "")}${way}${revision})`;
}

/** Whether they hold nobody has looked, and the line says so. */
function evidenceLine({ evidence }: KnownImage): string | undefined {
  if (!evidence) return undefined;
  const { signed, sbom, provenance } = evidence;
  const kinds = [
    ["signature", signed],
    ["SBOM", sbom],
    ["provenance", provenance],
  ] as const;
  const there = kinds.flatMap(([name, isThere]) => (isThere ? [name] : []));
  const missing = kinds.flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (there.length === 0) return "Signature, SBOM, provenance: none found";
  const found = `Found beside it, not verified: ${there.join(", ")}`;
  return missing.length === 0 ? found : `${found}. Not found: ${missing.join(", ")}`;
}

function platformTable({ known, ownPlatform, platform }: HoverSetting): string {
  const all = known.overview?.platforms ?? [];
  if (all.length === 0) return "";
  const is = (one: string, other: string | undefined): boolean =>
    other !== undefined && plainPlatform(one) === plainPlatform(other);
  const rank = (each: string): number => (is(each, platform) ? 0 : is(each, ownPlatform) ? 1 : 2);
  const shown = all.toSorted((a, b) => rank(a.platform) - rank(b.platform)).slice(0, MOST_PLATFORMS);
  const note = (each: string): string =>
    is(each, platform) ? ", asked for here" : is(each, ownPlatform) ? ", as this machine" : "";
  const rows = shown.map(
    (each) =>
      `| ${escaped(each.platform.slice(0, 60))}${note(each.platform)} | ${each.bytes === undefined ? "not known" : bytesText(each.bytes)} |`,
  );
  const others = all.length - shown.length;
  return [
    "| Platform | Compressed |",
    "| :--- | ---: |",
    ...rows,
    ...(others > 0 ? ["", `and ${others} more`] : []),
  ].join("\n");
}

/** Who said so and when, what could not be had, and how to ask. */
function origin({ ref, known: { overview, failures }, toldBy, manner, ageOf }: HoverSetting): string {
  const age = toldBy && ageOf(toldBy.at);
  const who = toldBy && `${code(toldBy.host)}${toldBy.isMirror ? `, a mirror of ${code(ref.domain)},` : ""}`;
  const parts: string[] = [];
  if (manner.is === "asking") parts.push(`Asking ${code(ref.domain)} …`);
  if (who !== undefined && age !== undefined) parts.push(`Said by ${who} ${age} ago.`);
  if (manner.is !== "asking" && failures.length > 0) parts.push(`Not found out: ${failures.map(escaped).join("; ")}.`);
  if (manner.is === "on-command") {
    if (overview === undefined && failures.length === 0) parts.push("Not looked up yet.");
    if (manner.link !== undefined) parts.push(`[Ask the registry](${manner.link})`);
  }
  return parts.join(" ");
}
