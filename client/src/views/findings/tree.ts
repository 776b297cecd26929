/** Reports as a tree: what stands under what, in which words. Without the editor, so that it can be tested. */
import type { FilePlace } from "../../scanners/places.ts";
import {
  countsOf,
  countsText,
  type Finding,
  isFixable,
  keyOf,
  nameOf,
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

const ICONS: Readonly<Record<Severity, readonly [icon: string, color: string]>> = {
  critical: ["error", "problemsErrorIcon.foreground"],
  high: ["error", "problemsErrorIcon.foreground"],
  medium: ["warning", "problemsWarningIcon.foreground"],
  low: ["info", "problemsInfoIcon.foreground"],
  negligible: ["circle-small", "descriptionForeground"],
  unknown: ["question", "descriptionForeground"],
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const findingsText = (count: number): string => (count === 1 ? "1 finding" : `${count} findings`);

function reportNode(input: TreeInput, grouping: Grouping, filter: Filter, open: boolean): TreeNode {
  const { report, title } = input;
  const name = nameOf(report.target);
  const id = `${report.scanner}:${name}`;
  const shown = report.findings.filter((finding) => matches(finding, filter) && !isOurs(finding, input));
  const counts = countsText(countsOf(report.findings));
  const version = report.scannerVersion === "" ? title : `${title} ${report.scannerVersion}`;
  const built = report.database?.built?.slice(0, 10);
  const database = built === undefined ? "" : `, database of ${built}`;
  const children = [
    ...report.warnings.map((warning, at) => note(`${id}/warning/${at}`, warning, "warning")),
    ...kindGroup(id, "secret", "Secrets", shown, input),
    ...ownGroup(id, input),
    ...kindGroup(id, "misconfiguration", "Misconfigurations", shown, input),
    ...grouped(id, grouping, vulnerabilitiesOf(shown), input),
    ...emptyNote(id, input, shown.length),
  ];
  return {
    id,
    label: report.target.kind === "image" ? name : (name.split(/[\\/]/).findLast((part) => part !== "") ?? name),
    description: counts,
    tooltip: `${name}\n${counts}\n${version}${database}\nScanned ${new Date(report.scannedAt).toLocaleString()}${
      report.suppressed > 0 ? `\n${report.suppressed} ignored` : ""
    }`,
    spoken: `${name}: ${counts}, found by ${version}${database}`,
    icon: report.target.kind === "image" ? "package" : "folder",
    open,
    kind: "report",
    children,
    report,
  };
}

const vulnerabilitiesOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ kind }) => kind === "vulnerability");

/** Our own finding says the same at the same file, with a fix. */
const isOurs = (finding: Finding, { own, placeOf }: TreeInput): boolean =>
  finding.kind === "misconfiguration" &&
  own.some(({ same, place }) => same.includes(finding.id) && place.uri === placeOf(finding)?.uri);

function note(id: string, text: string, icon: string): TreeNode {
  return {
    id,
    label: text,
    description: "",
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
  const text =
    hidden > 0
      ? `${findingsText(hidden)} hidden by the filters`
      : report.suppressed > 0
        ? `Nothing found but what is ignored (${report.suppressed})`
        : "Nothing found";
  return [note(`${id}/empty`, text, hidden > 0 ? "filter" : "pass")];
}

function kindGroup(
  id: string,
  kind: Finding["kind"],
  label: string,
  shown: readonly Finding[],
  input: TreeInput,
): readonly TreeNode[] {
  const findings = shown.filter((finding) => finding.kind === kind);
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
      const name = of?.source ?? of?.name ?? "";
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
  return {
    id: `${id}/${keyOf(finding)}`,
    label: finding.id,
    description: descriptionOf(finding),
    tooltip: tooltipOf(finding, place),
    spoken: `${finding.severity}: ${finding.id}${finding.package ? ` in ${finding.package.name} ${finding.package.version}` : ""}, ${descriptionOf(finding)}${at}`,
    icon: finding.kind === "secret" ? "key" : icon,
    color,
    open: false,
    kind: finding.kind === "vulnerability" && isFixable(finding) ? "vulnerability.fixable" : finding.kind,
    children: [],
    report,
    finding,
    ...(place && { place }),
  };
}

function descriptionOf({ kind, fixed, wontFix, title, path, line }: Finding): string {
  if (kind !== "vulnerability")
    return [title, path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}`]
      .filter((part) => part !== "")
      .join(" · ");
  const remedy = fixed.length > 0 ? `fixed in ${fixed.join(" or ")}` : wontFix ? "will not be fixed" : "no fix yet";
  return `${remedy} · ${title}`;
}

function tooltipOf(finding: Finding, place: FilePlace | undefined): string {
  const { id, aliases, severity, title, package: of, path, advice, link } = finding;
  return [
    [id, ...aliases].join(", "),
    `${capital(severity)}: ${title}`,
    of && `${of.name} ${of.version}`,
    finding.kind === "vulnerability" ? descriptionOf(finding).split(" · ")[0] : undefined,
    path,
    place && (place.base ? `Came with the base image, line ${place.line}` : `Brought by line ${place.line}`),
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
