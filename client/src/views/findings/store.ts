/** What was scanned so far, how it is shown, and which lines its layers belong to. */
import { basename } from "node:path";
import { Disposable, EventEmitter, languages, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type {
  BaseImage,
  BaseImagesParams,
  BuildFacts,
  BuildFactsParams,
  RuleSummary,
  ScanSummary,
  ScanSummaryParams,
} from "../../../../server/src/lsp/messages.ts";
import { SCANNERS } from "../../scanners/find.ts";
import type { KeptReports } from "../../scanners/kept.ts";
import { chainOf, type ImageLines, imageLines, noLines } from "../../scanners/layer-lines.ts";
import { type FilePlace, placeOf } from "../../scanners/places.ts";
import {
  builtFrom,
  countsOf,
  type Finding,
  isFixable,
  keyOf,
  nameOf,
  ofKind,
  type Report,
} from "../../scanners/report.ts";
import { type Filter, type Grouping, noFilter, type Own, type TreeInput } from "./tree.ts";

export interface Findings extends Disposable {
  readonly onChange: (listener: () => void) => Disposable;
  readonly reports: () => readonly Report[];
  /** Replaces the report of the same thing by the same scanner. */
  readonly add: (report: Report) => Promise<void>;
  /** Shows what was kept from an earlier session of this window. */
  readonly restore: () => Promise<void>;
  /** All of them when none is given. */
  readonly remove: (report?: Report) => void;
  /** Takes out what was accepted. */
  readonly accept: (report: Report, finding: Finding) => void;
  readonly inputs: () => readonly TreeInput[];
  readonly placeOf: (report: Report, finding: Finding) => FilePlace | undefined;
  readonly grouping: () => Grouping;
  readonly filter: () => Filter;
  readonly show: (how: { readonly grouping?: Grouping; readonly filter?: Filter }) => void;
}

interface Entry {
  readonly report: Report;
  readonly lines: ImageLines;
  /** The base image by name, where the report is of an image built on it. */
  readonly base?: string;
  /** It was kept from an earlier session of this window. */
  readonly restored?: boolean;
}

const entryKey = ({ scanner, target }: Report): string => `${scanner}:${nameOf(target)}`;

export const titleOf = ({ scanner }: Report): string => SCANNERS.find(({ name }) => name === scanner)?.title ?? scanner;

export function createFindings(client: BaseLanguageClient, kept: KeptReports): Findings {
  const entries = new Map<string, Entry>();
  const changed = new EventEmitter<void>();
  let grouping: Grouping = "severity";
  let filter: Filter = noFilter;
  let same: ReadonlyMap<string, readonly string[]> = new Map();

  const tell = (): void => {
    changed.fire();
    sendSummaries();
  };

  const keep = (): void => void kept.write([...entries.values()].map(({ report }) => report));

  const sendSummaries = (): void => {
    if (!client.isRunning()) return;
    const shown = workspace.getConfiguration("dockwright").get("scan.hover", true);
    const params: ScanSummaryParams = { summaries: shown ? summariesOf([...entries.values()]) : [] };
    void client.sendNotification("dockwright/scanSummary", params);
  };

  const place = ({ report, lines }: Entry, finding: Finding): FilePlace | undefined =>
    placeOf(report, finding, lines, (folder, path) => Uri.joinPath(Uri.file(folder), path).toString());

  /** Without lines where the Dockerfile is gone, or the server does not run. */
  const located = async (report: Report): Promise<Entry> => {
    try {
      return await locatedIn(report);
    } catch {
      return { report, lines: noLines };
    }
  };

  const locatedIn = async (report: Report): Promise<Entry> => {
    if (report.target.kind === "folder" || !report.dockerfile) return { report, lines: noLines };
    const { dockerfile, target } = report;
    // The server knows the files that are open.
    const document = await workspace.openTextDocument(Uri.parse(dockerfile.uri));
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const bases = await client.sendRequest<readonly BaseImage[]>("dockwright/baseImages", {
      uri,
    } satisfies BaseImagesParams);
    if (dockerfile.baseLine !== undefined) {
      const line = bases.find(({ image }) => image === target.image)?.line;
      return {
        report: { ...report, dockerfile: { ...dockerfile, baseLine: (line ?? dockerfile.baseLine - 1) + 1 } },
        lines: noLines,
      };
    }
    const facts = await client.sendRequest<BuildFacts | null>("dockwright/buildFacts", {
      uri,
    } satisfies BuildFactsParams);
    const chain = facts && chainOf(facts, dockerfile.target);
    if (!chain || !report.image) return { report, lines: noLines };
    const base = bases.find(({ line }) => line + 1 === chain.baseLine)?.image;
    return { report, lines: imageLines(report.image, chain), ...(base !== undefined && { base }) };
  };

  const rules = async (): Promise<void> => {
    if (same.size > 0 || !client.isRunning()) return;
    const list = await client.sendRequest<readonly RuleSummary[]>("dockwright/rules", {});
    same = new Map(list.map(({ id, sameAs }) => [id, sameAs]));
  };

  /** Our findings in the files a report has misconfigurations for. */
  const ownOf = (entry: Entry): readonly Own[] => {
    const { report } = entry;
    const files = ofKind(report.findings, "misconfiguration").flatMap(
      (finding) => place(entry, finding)?.uri ?? builtFrom(report) ?? [],
    );
    return [...new Set(files)].flatMap((uri) =>
      languages
        .getDiagnostics(Uri.parse(uri))
        .filter(({ source }) => source === "dockwright")
        .flatMap(({ code, message, range }): Own[] => {
          const rule = String(typeof code === "object" ? code.value : (code ?? ""));
          const names = (same.get(rule) ?? []).filter((name) => name.startsWith(`${report.scanner}:`));
          if (names.length === 0) return [];
          const found = { uri, line: range.start.line + 1, base: false };
          return [{ rule, message, place: found, same: names.map((name) => name.slice(report.scanner.length + 1)) }];
        }),
    );
  };

  const lineText = ({ uri, line }: FilePlace): string => {
    const document = workspace.textDocuments.find((open) => open.uri.toString() === Uri.parse(uri).toString());
    const text = document && line <= document.lineCount ? document.lineAt(line - 1).text.trim() : basename(uri);
    return text.slice(0, 100);
  };

  const relocate = async (uri: Uri): Promise<void> => {
    const those = [...entries].filter(
      ([, { report }]) => report.dockerfile && Uri.parse(report.dockerfile.uri).toString() === uri.toString(),
    );
    for (const [key, { report, restored }] of those)
      entries.set(key, { ...(await located(report)), ...(restored === true && { restored }) });
    if (those.length > 0) tell();
  };

  const listening = Disposable.from(
    changed,
    workspace.onDidSaveTextDocument(({ uri }) => void relocate(uri)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("dockwright.scan.hover")) sendSummaries();
    }),
    // A server that was started anew knows nothing of scans.
    client.onDidChangeState(() => sendSummaries()),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const scanned = [...entries.values()].some(({ report }) => report.target.kind === "folder");
      if (scanned && uris.length > 0) changed.fire();
    }),
  );

  return {
    onChange: (listener) => changed.event(listener),
    reports: () => [...entries.values()].map(({ report }) => report),
    async add(report) {
      await rules().catch(() => {});
      entries.delete(entryKey(report));
      entries.set(entryKey(report), await located(report));
      tell();
      keep();
    },
    async restore() {
      const reports = await kept.read();
      if (reports.length === 0) return;
      await rules().catch(() => {});
      const restored: Entry[] = [];
      for (const report of reports) restored.push({ ...(await located(report)), restored: true });
      // What was scanned meanwhile is newer, and stands last.
      const meanwhile = [...entries.values()];
      entries.clear();
      for (const entry of [...restored, ...meanwhile]) {
        entries.delete(entryKey(entry.report));
        entries.set(entryKey(entry.report), entry);
      }
      tell();
      if (meanwhile.length > 0) keep();
    },
    remove(report) {
      if (report) entries.delete(entryKey(report));
      else entries.clear();
      tell();
      keep();
    },
    accept(report, finding) {
      const entry = entries.get(entryKey(report));
      if (!entry) return;
      const findings = entry.report.findings.filter((each) => keyOf(each) !== keyOf(finding));
      const suppressed = entry.report.suppressed + 1;
      entries.set(entryKey(report), { ...entry, report: { ...entry.report, findings, suppressed } });
      tell();
      keep();
    },
    inputs: () =>
      [...entries.values()].reverse().map((entry) => ({
        report: entry.report,
        title: titleOf(entry.report),
        placeOf: (finding) => place(entry, finding),
        lineText,
        own: ownOf(entry),
        ...(entry.restored === true && { restored: true }),
      })),
    placeOf(report, finding) {
      const entry = entries.get(entryKey(report));
      return entry && place(entry, finding);
    },
    grouping: () => grouping,
    filter: () => filter,
    show(how) {
      grouping = how.grouping ?? grouping;
      filter = how.filter ?? filter;
      changed.fire();
    },
    dispose: () => listening.dispose(),
  };
}

/** Of base images as far as the layers of others tell, then of what was scanned itself: the later of two for one image holds. */
const summariesOf = (entries: readonly Entry[]): readonly ScanSummary[] => [
  ...entries.flatMap(inheritedSummary),
  ...entries.flatMap(({ report }) =>
    report.target.kind === "image" ? summaryOf(report, report.target.image, report.findings) : [],
  ),
];

function inheritedSummary({ report, lines: { layers }, base }: Entry): readonly ScanSummary[] {
  if (base === undefined || ![...layers.values()].some((layer) => layer.base)) return [];
  const inherited = report.findings.filter(({ layer }) => layer !== undefined && layers.get(layer)?.base === true);
  return [summaryOf(report, base, inherited, `, as part of ${nameOf(report.target)}`)];
}

const summaryOf = (report: Report, image: string, findings: readonly Finding[], how = ""): ScanSummary => ({
  image,
  scanner: `${titleOf(report)} ${report.scannerVersion}`.trim() + how,
  scanned: new Date(report.scannedAt).toLocaleString(),
  counts: countsOf(ofKind(findings, "vulnerability")),
  secrets: ofKind(findings, "secret").length,
  misconfigurations: ofKind(findings, "misconfiguration").length,
  fixable: findings.filter(isFixable).length,
  ...(report.database?.built !== undefined && { database: report.database.built.slice(0, 10) }),
});
