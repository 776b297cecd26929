/** `dockwright compare`: what differs between two images on disk, file by file, below the instructions that made them. */
import { resolve } from "node:path";
import type { Aspect, Comparison, ConfigDifference } from "../../core/image/compare.ts";
import { type FileReport, type ImageReport, type LayerReport, reportOf, type Source } from "../../core/image/report.ts";
import { inspect } from "../../core/findings/inspect.ts";
import { defaultSettings } from "../../core/findings/settings.ts";
import type { Args } from "../args.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import { locator } from "../locate.ts";
import { HELP } from "../options.ts";
import type { Parts } from "../parts.ts";
import { printable } from "../printable.ts";
import type { Command } from "./command.ts";

const MOST_FILES = 1_000;

export const compare: Command = {
  name: "compare",
  summary: "show what differs between two images",
  usage: "[options] <image> <image>",
  details: `An image is an OCI layout, or an archive as docker save, podman save and --output type=oci write it. Two builds of
one Dockerfile tell what keeps it from being reproducible.

Exit code: 0 the images are the same, 1 they differ, 2 wrong usage, or an image that could not be read.`,
  options: [
    {
      name: "file",
      value: "DOCKERFILE",
      help: "the Dockerfile they were built from: its lines and the rules that help are named",
    },
    { name: "target", value: "STAGE", help: "the stage they were built from; the last by default" },
    { name: "platform", value: "PLATFORM", help: "linux/arm64; the first image of an archive by default" },
    { name: "format", short: "f", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" },
    HELP,
  ],
  async run(args, io, parts) {
    const [a, b, ...others] = args.positionals;
    if (a === undefined || b === undefined || others.length > 0)
      throw new UsageError("name two images: dockwright compare first.tar second.tar");
    const { compareArchives } = await import("../../effects/image/compare.ts");
    const { ImageError } = await import("../../effects/image/error.ts");
    const { keepYoungSpaceSmall } = await import("../../effects/image/memory.ts");
    keepYoungSpaceSmall();
    const source = await sourceOf(args, io, parts);
    if (source === "failed") return EXIT.trouble;
    try {
      const compared = await compareArchives(resolve(io.cwd, a), resolve(io.cwd, b), {
        platform: args.value("platform"),
        signal: io.signal,
      });
      const report = reportOf(compared, source, MOST_FILES);
      io.stdout.write(args.value("format") === "json" ? json(report, source) : text(report, source));
      return same(compared.comparison) ? EXIT.clean : EXIT.findings;
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      complain(io, error.message);
      return EXIT.trouble;
    }
  },
};

/** Archives made at different times may have other names in them and still hold the same image. */
const same = ({ identical, files, layers, config }: Comparison): boolean =>
  identical || files.length + layers.length + config.length === 0;

async function sourceOf(args: Args, io: Io, { rules }: Parts): Promise<Source | undefined | "failed"> {
  const file = args.value("file");
  if (file === undefined) return undefined;
  const { readText } = await import("../../effects/files/read.ts");
  const read = await readText(resolve(io.cwd, file));
  if ("failure" in read) {
    complainAboutFile(io, read.failure);
    return "failed";
  }
  const settings = { ...defaultSettings, profile: "all", inlineIgnores: false } as const;
  const { document, findings } = inspect(read.text, rules, settings, new Map());
  return document.language === "dockerfile"
    ? { dockerfile: document, target: args.value("target"), findings }
    : undefined;
}

function json(report: ImageReport, source: Source | undefined): string {
  const lineOf = linesIn(source);
  const layers = report.layers.map(({ madeBy, ...layer }) => ({
    ...layer,
    madeBy: madeBy.map((maker) => ({ text: maker.text, line: lineOf(maker) })),
  }));
  return `${JSON.stringify({ ...report, layers }, undefined, 2)}\n`;
}

function text(report: ImageReport, source: Source | undefined): string {
  const shown = report.layers.reduce((sum, { files }) => sum + files.length, 0);
  const lines = [
    summary(report),
    ...report.layers.flatMap((layer) => ["", ...layerText(layer, linesIn(source))]),
    ...(shown < report.count ? ["", `${report.count - shown} more files are not shown`] : []),
    ...(report.config.length > 0 ? ["", "Configuration", ...report.config.map(configText)] : []),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function summary({ identical, count, timeOnly, layers, config }: ImageReport): string {
  if (identical) return "The images are the same";
  const times = timeOnly === 0 ? "" : `, ${timeOnly === count ? "all" : timeOnly} of them in their time alone`;
  if (count > 0) return `${count} ${count === 1 ? "file differs" : "files differ"}${times}`;
  if (layers.length > 0) return "No file differs, and layers do";
  return config.length > 0 ? "No file differs, and the configuration does" : "The images hold the same";
}

function layerText({ layer, madeBy, ofBase, only, files, rules }: LayerReport, lineOf: LineOf): readonly string[] {
  const makers = madeBy.map((maker) => {
    const line = lineOf(maker);
    return line === undefined ? maker.text : `line ${line}: ${maker.text}`;
  });
  return [
    `Layer ${layer + 1}${ofBase ? " of the base image" : ""}${makers.length > 0 ? `, ${makers.join("; ")}` : ""}`,
    ...(only ? [`  ${ONLY[only]}`] : []),
    ...files.map(fileText),
    ...(rules.length > 0 ? [`  see dockwright explain ${rules.join(" ")}`] : []),
  ];
}

const ONLY = {
  compression: "the files are the same, compressed differently",
  order: "the files are the same, stored in another order",
  headers: "the files are the same, the headers of the archive are not",
} as const;

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

function fileText({ path, change, aspects, advice }: FileReport): string {
  const what = aspects.map(({ what: name, a, b }) =>
    name === "content" ? name : `${name} ${valueText(name, a)} → ${valueText(name, b)}`,
  );
  const details = [...what, ...(advice === undefined ? [] : [advice])];
  // A name may hold a line break.
  return `  ${SIGNS[change]} /${path.replaceAll("\n", "\\n")}${details.length > 0 ? `: ${details.join(", ")}` : ""}`;
}

const LAST_DATE = 8_640_000_000_000;

function valueText(what: Aspect, value: string): string {
  if (what !== "mtime" || !(Math.abs(Number(value)) <= LAST_DATE)) return value || "none";
  return new Date(Number(value) * 1000).toISOString().replace(/\.000Z$/, "Z");
}

const configText = ({ key, a, b }: ConfigDifference): string => `  ${key}: ${a || "nothing"} → ${b || "nothing"}`;

type LineOf = (maker: { readonly span: ImageReport["layers"][number]["madeBy"][number]["span"] }) => number | undefined;

/** From 1. */
function linesIn(source: Source | undefined): LineOf {
  if (!source) return () => undefined;
  const locate = locator(source.dockerfile.text);
  return ({ span }) => span && locate(span).line;
}
