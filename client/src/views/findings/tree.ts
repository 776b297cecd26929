/** Reports as a tree: what stands under what, in which words. Without the editor, so that it can be tested. */
import { type FilePlace, whyNoPlace } from "../../scanners/places.ts";
import { shortImage } from "../../short-image.ts";
import {
  builtFrom,
  contentsText,
  countsOf,
  countsText,
  type Finding,
  isFixable,
  keyOf,
  nameOf,
  ofKind,
  type Report,
  SEVERITIES,
  type Severity,
} from "../../scanners/report.ts";

export type Grouping = "severity" | "package" | "layer";

export interface Filter {
  readonly fixableOnly: boolean;
  /** This one and graver ones. */
  readonly least: Severity;
  /** Part of a path or of a package's name; empty: all. */
  readonly text: string;
}

export const noFilter: Filter = { fixableOnly: false, least: "unknown", text: "" };

export interface TreeNode {
  /** The same for the same thing after the next scan, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** A codicon. */
  readonly icon: string;
  /** A theme colour of the icon. */
  readonly color?: string;
  readonly open: boolean;
  /** For menus: `report`, `group`, `vulnerability`, `vulnerability.fixable`, `secret`, `misconfiguration`, `note`. */
  readonly kind: string;
  readonly children: readonly TreeNode[];
  readonly report?: Report;
  readonly finding?: Finding;
  readonly place?: FilePlace;
}

/** One of our own findings in a file that was scanned. */
export interface Own {
  readonly rule: string;
  readonly message: string;
  readonly place: FilePlace;
  /** Checks of the scanner that say the same: `DS-0002`. */
  readonly same: readonly string[];
}

export interface TreeInput {
  readonly report: Report;
  readonly title: string;
  readonly placeOf: (finding: Finding) => FilePlace | undefined;
  /** How the lines of the Dockerfile begin, for layers. */
  readonly lineText: (place: FilePlace) => string;
  readonly own: readonly Own[];
  /** It was kept from an earlier session of the window. */
  readonly restored?: boolean;
}

export function treeOf(inputs: readonly TreeInput[], grouping: Grouping, filter: Filter): readonly TreeNode[] {
  return inputs.map((input) => reportNode(input, grouping, filter, inputs.length === 1));
}

export function matches(finding: Finding, { fixableOnly, least, text }: Filter): boolean {
  if (fixableOnly && finding.kind === "vulnerability" && !isFixable(finding)) return false;
  if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(least)) return false;
  const wanted = text.toLowerCase();
  return [finding.path, finding.package?.name, finding.id].some((part) => part?.toLowerCase().includes(wanted));
}

/** Each its own shape, for whoever sees no colours; the colours are in client/contributes.json, one for each kind of theme. */
export const ICONS: Readonly<Record<Severity, readonly [icon: string, color: string]>> = {
  critical: ["flame", "dockwright.severity.critical"],
  high: ["error", "dockwright.severity.high"],
  medium: ["warning", "dockwright.severity.medium"],
  low: ["info", "dockwright.severity.low"],
  negligible: ["circle-small", "dockwright.severity.negligible"],
  unknown: ["question", "dockwright.severity.unknown"],
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const findingsText = (count: number): string => (count === 1 ? "1 finding" : `${count} findings`);

function reportNode(input: TreeInput, grouping: Grouping, filter: Filter, open: boolean): TreeNode {
  const { report, title } = input;
  const name = nameOf(report.target);
  const id = `${report.scanner}:${name}`;
  const shown = report.findings.filter((finding) => matches(finding, filter) && !isOurs(finding, input));
  // What stands below, so that the numbers of the groups add up to these.
  const counts = contentsText(shown, input.own.length > 0 ? [`${input.own.length} of Dockwright`] : []);
  const all = shown.length === report.findings.length ? "" : `\nWithout filters: ${contentsText(report.findings)}`;
  const version = report.scannerVersion === "" ? title : `${title} ${report.scannerVersion}`;
  const built = report.database?.built?.slice(0, 10);
  const database = built === undefined ? "" : `, database of ${built}`;
  const when = new Date(report.scannedAt).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
  const children = [
    ...(input.restored === true ? [note(`${id}/restored`, `From ${when}`, "Scan Again looks anew", "history")] : []),
    ...report.warnings.map((warning, at) => warningNote(`${id}/warning/${at}`, warning)),
    ...kindGroup(id, "secret", "Secrets", shown, input),
    ...ownGroup(id, input),
    ...kindGroup(id, "misconfiguration", "Misconfigurations", shown, input),
    ...grouped(id, grouping, ofKind(shown, "vulnerability"), input),
    ...emptyNote(id, input, shown.length),
  ];
  const [label, rest] = shortened(name, report.target.kind);
  return {
    id,
    label,
    description: [counts, rest].filter((part) => part !== "").join(" · "),
    tooltip: `${name}\n${counts}${all}\n${version}${database}\nScanned ${when}${
      input.restored === true ? ", and kept since then; Scan Again looks anew" : ""
    }${report.suppressed > 0 ? `\n${report.suppressed} ignored` : ""}`,
    spoken: `${name}: ${counts}, found by ${version}${database}${input.restored === true ? `, from ${when}` : ""}`,
    icon: report.target.kind === "image" ? "package" : "folder",
    open,
    kind: "report",
    children,
    report,
  };
}

/** What tells it apart first, for a side bar shows thirty letters. */
const shortened = (name: string, kind: Report["target"]["kind"]): readonly [label: string, rest: string] =>
  kind === "image" ? shortImage(name) : [name.split(/[\\/]/).findLast((part) => part !== "") ?? name, ""];

/** Our own finding says the same at the same file, with a fix. */
const isOurs = (finding: Finding, { own, placeOf, report }: TreeInput): boolean =>
  finding.kind === "misconfiguration" &&
  own.some(
    ({ same, place }) => same.includes(finding.id) && place.uri === (placeOf(finding)?.uri ?? builtFrom(report)),
  );

/** `Old database (20 days): what follows from it.` */
function warningNote(id: string, warning: string): TreeNode {
  const [, head = warning, rest = ""] = /^([^:]{1,60}): ([\s\S]+)$/.exec(warning) ?? [];
  return { ...note(id, head, rest, "warning"), tooltip: warning, spoken: warning };
}

function note(id: string, label: string, description: string, icon: string): TreeNode {
  const text = description === "" ? label : `${label}: ${description}`;
  return {
    id,
    label,
    description,
    tooltip: text,
    spoken: text,
    icon,
    open: false,
    kind: "note",
    children: [],
  };
}

/** Why there is nothing to see is said. */
function emptyNote(id: string, { report, own }: TreeInput, shown: number): readonly TreeNode[] {
  if (shown > 0 || own.length > 0) return [];
  const hidden = report.findings.length;
  if (hidden > 0) return [note(`${id}/empty`, `${findingsText(hidden)} hidden`, "by the filters", "filter")];
  const ignored = report.suppressed > 0 ? `${report.suppressed} ignored` : "";
  return [note(`${id}/empty`, "Nothing found", ignored, "pass")];
}

function kindGroup(
  id: string,
  kind: Finding["kind"],
  label: string,
  shown: readonly Finding[],
  input: TreeInput,
): readonly TreeNode[] {
  const findings = ofKind(shown, kind);
  if (findings.length === 0) return [];
  const children = sorted(findings).map((finding) => findingNode(`${id}/${kind}`, finding, input));
  return [group(`${id}/${kind}`, label, findingsText(findings.length), kind === "secret" ? "key" : "gear", children)];
}

/** What we found ourselves in the same files stands first: it can be repaired with a click. */
function ownGroup(id: string, { own }: TreeInput): readonly TreeNode[] {
  if (own.length === 0) return [];
  const children = own.map(
    ({ rule, message, place }, at): TreeNode => ({
      id: `${id}/own/${at}/${rule}`,
      label: rule,
      description: message,
      tooltip: message,
      spoken: `${rule}: ${message}, line ${place.line}`,
      icon: "lightbulb",
      open: false,
      kind: "own",
      children: [],
      place,
    }),
  );
  return [group(`${id}/own`, "Dockwright", findingsText(own.length), "lightbulb", children)];
}

function group(
  id: string,
  label: string,
  description: string,
  icon: string,
  children: readonly TreeNode[],
  more: Partial<TreeNode> = {},
): TreeNode {
  const spoken = `${label}: ${description}`;
  return { id, label, description, tooltip: spoken, spoken, icon, open: false, kind: "group", children, ...more };
}

const GROUPS: Readonly<
  Record<Grouping, (id: string, findings: readonly Finding[], input: TreeInput) => readonly TreeNode[]>
> = {
  severity: (id, findings, input) =>
    SEVERITIES.flatMap((severity) => {
      const those = findings.filter((finding) => finding.severity === severity);
      if (those.length === 0) return [];
      const [icon, color] = ICONS[severity];
      const children = packageNodes(`${id}/${severity}`, those, input);
      const open = severity === "critical" || severity === "high";
      return [
        group(`${id}/${severity}`, capital(severity), findingsText(those.length), icon, children, { color, open }),
      ];
    }),
  package: packageNodes,
  layer: layerNodes,
};

const grouped = (id: string, grouping: Grouping, findings: readonly Finding[], input: TreeInput): readonly TreeNode[] =>
  GROUPS[grouping](id, findings, input);

function packageNodes(id: string, findings: readonly Finding[], input: TreeInput): readonly TreeNode[] {
  const packages = Map.groupBy(
    findings,
    ({ package: of, path }) => `${of?.source ?? of?.name} ${of?.version} ${of?.type === "" ? path : ""}`,
  );
  return [...packages]
    .map(([key, those]) => ({ key, those: sorted(those) }))
    .toSorted((a, b) => byGravity(a.those, b.those) || (a.key < b.key ? -1 : 1))
    .map(({ key, those }) => {
      const of = those[0]?.package;
      const worst = those[0]?.severity ?? "unknown";
      const children = those.map((finding) => findingNode(`${id}/${key}`, finding, input));
      const name = of?.source ?? of?.name ?? "No package is named";
      const counts = countsText(countsOf(those));
      const parts = of?.parts === undefined ? "" : `\nIn ${of.parts.join(", ")}`;
      return group(`${id}/${key}`, `${name} ${of?.version ?? ""}`.trim(), counts, "package", children, {
        color: ICONS[worst][1],
        tooltip: `${name} ${of?.version ?? ""}\n${counts}${parts}`,
      });
    });
}

function layerNodes(id: string, findings: readonly Finding[], input: TreeInput): readonly TreeNode[] {
  const { report, placeOf, lineText } = input;
  const order = report.image?.diffIds ?? [];
  const layerKey = (finding: Finding): string => {
    const place = placeOf(finding);
    return place?.base ? "base" : (finding.layer ?? "");
  };
  const rank = (key: string): number => (key === "base" ? -1 : key === "" ? order.length : order.indexOf(key));
  return [...Map.groupBy(findings, layerKey)]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([key, those]) => {
      const [first] = those;
      const place = first && placeOf(first);
      const label = place
        ? `Line ${place.line}: ${lineText(place)}`
        : key === ""
          ? "No layer is known"
          : (createdBy(report, key) ?? key.slice(0, 19));
      const children = packageNodes(`${id}/layer/${key}`, those, input);
      const description = `${key === "base" ? "base image, " : ""}${countsText(countsOf(those))}`;
      return group(`${id}/layer/${key}`, label, description, "layers", children, {
        open: true,
        ...(place && { place }),
      });
    });
}

/** The history's words for a layer. */
function createdBy({ image }: Report, layer: string): string | undefined {
  const at = image?.diffIds.indexOf(layer) ?? -1;
  const filled = image?.history.filter(({ empty }) => !empty) ?? [];
  return filled.length === image?.diffIds.length ? filled[at]?.createdBy : undefined;
}

function findingNode(id: string, finding: Finding, { report, placeOf }: TreeInput): TreeNode {
  const place = placeOf(finding);
  const [icon, color] = ICONS[finding.severity];
  const at =
    place === undefined ? "" : place.base ? `, from the base image (line ${place.line})` : `, line ${place.line}`;
  const description = descriptionOf(finding, report, place);
  return {
    id: `${id}/${keyOf(finding)}`,
    label: finding.id,
    description,
    tooltip: tooltipOf(finding, report, place),
    spoken: `${finding.severity}: ${finding.id}${finding.package ? ` in ${finding.package.name} ${finding.package.version}` : ""}, ${description}${at}`,
    icon,
    color,
    open: false,
    kind: finding.kind === "vulnerability" && isFixable(finding) ? "vulnerability.fixable" : finding.kind,
    children: [],
    report,
    finding,
    ...(place && { place }),
  };
}

const remedyOf = ({ fixed, wontFix }: Finding): string =>
  fixed.length > 0 ? `fixed in ${fixed.join(" or ")}` : wontFix ? "will not be fixed" : "no fix yet";

/** What is to be done, or where it is; then what it is. */
function descriptionOf(finding: Finding, report: Report, place: FilePlace | undefined): string {
  const { kind, title, path, line } = finding;
  if (kind === "vulnerability") return `${remedyOf(finding)} · ${title}`;
  const inImage = report.target.kind === "image";
  const at = place === undefined ? "no line" : place.base ? "base image" : `line ${place.line}`;
  return [path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}`, inImage ? at : "", title]
    .filter((part) => part !== "")
    .join(" · ");
}

function tooltipOf(finding: Finding, report: Report, place: FilePlace | undefined): string {
  const { id, aliases, severity, title, package: of, path, advice, link } = finding;
  return [
    [id, ...aliases].join(", "),
    `${capital(severity)}: ${title}`,
    of && `${of.name} ${of.version}`,
    finding.kind === "vulnerability" ? remedyOf(finding) : undefined,
    path,
    place === undefined
      ? whyNoPlace(report, finding)
      : place.base
        ? `Came with the base image, line ${place.line}`
        : `Brought by line ${place.line}`,
    advice,
    link,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  );

/** Those with the graver first finding, then those with more. */
const byGravity = (a: readonly Finding[], b: readonly Finding[]): number =>
  SEVERITIES.indexOf(a[0]?.severity ?? "unknown") - SEVERITIES.indexOf(b[0]?.severity ?? "unknown") ||
  b.length - a.length;
