/** The report of two builds for people: Markdown that reads well as it is, with headings and lists to move along. Pure. */
import type { ComparedLayer, ImagesReport } from "../../../server/src/lsp/messages.ts";
import { code, plain } from "./markdown.ts";

export interface Reproducibility {
  /** What was built, as people know it: `api/Dockerfile`. */
  readonly name: string;
  readonly engine: string;
  readonly report: ImagesReport;
  /** Seconds; `ofCommit` where it is that of the last commit. Undefined where the engine takes none. */
  readonly epoch: { readonly seconds: number; readonly ofCommit: boolean } | undefined;
  /** What the engine has no word for. */
  readonly leftOut: readonly string[];
  readonly rewritten: boolean;
  /** Addresses of a line, from 0, and of a rule's page. */
  readonly lineLink: (line: number) => string;
  readonly ruleLink: (rule: string) => string;
}

export function reproducibilityText(said: Reproducibility): string {
  const { report } = said;
  return [
    `# Reproducibility of ${plain(said.name)}`,
    verdict(report),
    [
      `- Built twice without a cache by ${plain(said.engine)}`,
      ...(said.epoch ? [epochText(said.epoch)] : []),
      ...(said.leftOut.length > 0 ? [`- Left out, because this engine has none: ${said.leftOut.join(", ")}`] : []),
      `- ${said.rewritten ? "Later times of files were set to it" : "This engine leaves the times of files as they are; BuildKit 0.13 and newer can set them"}`,
      `- First build: ${code(report.a.digest ?? "no digest")}`,
      `- Second build: ${code(report.b.digest ?? "no digest")}`,
    ].join("\n"),
    ...report.layers.map((layer) => layerText(layer, said)),
    ...restText(report),
    ...configText(report),
  ]
    .join("\n\n")
    .concat("\n");
}

const filesText = (count: number): string => `${count} ${count === 1 ? "file" : "files"}`;

function epochText({ seconds, ofCommit }: NonNullable<Reproducibility["epoch"]>): string {
  const source = ofCommit
    ? "the time of the last commit"
    : "the time of this check: there is no commit to take it from";
  return `- SOURCE_DATE_EPOCH was ${seconds}, ${timeOf(seconds)}, ${source}`;
}

/** One sentence, for a notification as well. */
export function verdict({ identical, count, timeOnly, layers, config }: ImagesReport): string {
  if (identical) return "Reproducible: both builds made the same image.";
  const makers = layers.filter((layer) => layer.count > 0).length;
  const by = `made by ${makers} ${makers === 1 ? "instruction" : "instructions"}`;
  if (count > 0 && timeOnly === count) return `Not reproducible: the times of ${filesText(count)} differ, ${by}.`;
  const times = timeOnly === 0 ? "" : `, ${timeOnly} of them in their time alone`;
  if (count > 0) return `Not reproducible: ${filesText(count)} ${count === 1 ? "differs" : "differ"}${times}, ${by}.`;
  if (layers.length > 0) return "Not reproducible: the files are the same, and the layers that hold them are not.";
  return config.length > 0
    ? "Not reproducible: the files are the same, and the configuration is not."
    : "Both builds hold the same files and the same configuration; the manifests differ.";
}

function layerText({ layer, madeBy, ofBase, only, files, count, rules }: ComparedLayer, said: Reproducibility): string {
  const lines = madeBy.flatMap(({ line }) => line ?? []);
  const [first] = lines;
  const where = first === undefined ? `Layer ${layer + 1}` : `Line ${first + 1}`;
  const helpful = rules.map((rule) => `[${rule}](${said.ruleLink(rule)})`);
  return [
    `## ${where}${ofBase ? ", the base image" : ""}`,
    madeBy.map(({ text }) => code(text)).join("\n\n"),
    [
      ...lines.map((line) => `[Go to line ${line + 1}](${said.lineLink(line)})`),
      ...(helpful.length > 0 ? [`What helps: ${helpful.join(", ")}`] : []),
      ...(only ? [ONLY[only]] : []),
    ].join(" · "),
    files.map(fileText).join("\n"),
    count > files.length ? `${count - files.length} more files of this layer differ.` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const ONLY = {
  compression: "The files are the same, compressed differently",
  order: "The files are the same, stored in another order",
  headers: "The files are the same, the headers of the archive are not",
} as const;

const CHANGES = { added: "only in the second build", removed: "only in the first build", changed: "" } as const;

function fileText({ path, change, aspects, advice }: ComparedLayer["files"][number]): string {
  const gone = /^(.*\/|)\.wh\.(?!\.wh\.)(.+)$/.exec(path);
  const shown = gone ? `the removal of ${code(`/${gone[1]}${gone[2]}`)}` : code(`/${path}`);
  const names = change === "changed" ? aspects.map(({ what }) => NAMES[what]).join(", ") : CHANGES[change];
  return [
    `- ${shown}: ${names}`,
    ...aspects.map(({ what, a, b }) => `  - ${NAMES[what]}: ${valueText(what, a)} → ${valueText(what, b)}`),
    ...(advice === undefined ? [] : [`  - ${plain(advice)}`]),
  ].join("\n");
}

type What = ComparedLayer["files"][number]["aspects"][number]["what"];

const NAMES: Readonly<Record<What, string>> = {
  type: "kind of file",
  content: "content",
  mtime: "time",
  mode: "mode",
  owner: "owner",
  link: "link target",
  device: "device",
  attributes: "extended attributes",
};

function valueText(what: What, value: string): string {
  if (value === "") return "none";
  return what === "mtime" ? timeOf(Number(value)) : code(what === "content" ? shortened(value) : value);
}

/** A digest is told apart by its beginning. */
const shortened = (content: string): string => content.replace(/([0-9a-f]{12})[0-9a-f]{52}/, "$1…");

function restText({ layers, count }: ImagesReport): readonly string[] {
  const told = layers.reduce((sum, layer) => sum + layer.count, 0);
  return told < count ? [`${count - told} more files differ.`] : [];
}

const configText = ({ config }: ImagesReport): readonly string[] =>
  config.length === 0
    ? []
    : [
        "## Configuration",
        config
          .map(({ key, a, b }) => `- ${code(key)}: ${a ? code(a) : "nothing"} → ${b ? code(b) : "nothing"}`)
          .join("\n"),
      ];

const LAST_DATE = 8_640_000_000_000;

/** Hostile archives have times that no calendar has. */
function timeOf(seconds: number): string {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > LAST_DATE) return String(seconds);
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, "Z");
}
