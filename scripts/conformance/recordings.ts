/**
 * Recorded outputs of Trivy, Grype, Docker Scout, Syft and cosign through the extension's parsers, beside what raw.ts counts in them.
 * Every file is in the table: what reads it, or which of our readers has to refuse it.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Outcome } from "../../client/src/process.ts";
import { readSboms } from "../../client/src/sbom/read.ts";
import { grype } from "../../client/src/scanners/grype.ts";
import { type Finding, SEVERITIES } from "../../client/src/scanners/report.ts";
import { failureOf, type Scanner } from "../../client/src/scanners/scanner.ts";
import { scout } from "../../client/src/scanners/scout.ts";
import { trivy } from "../../client/src/scanners/trivy.ts";
import {
  at,
  items,
  type Json,
  type RawComponent,
  rawCycloneDx,
  type RawFinding,
  rawGrype,
  rawScout,
  rawSpdx,
  rawSystem,
  rawTrivy,
} from "./raw.ts";

interface ScannerReader {
  readonly scanner: Scanner;
  readonly raw: (report: Json) => readonly RawFinding[];
}
type SbomReader = (document: Json) => readonly RawComponent[];
interface Refusal {
  /** Why none of ours reads it; nothing for a run that failed, which has a list of its own. */
  readonly refused: string;
}

const TRIVY: ScannerReader = { scanner: trivy, raw: rawTrivy };
const GRYPE: ScannerReader = { scanner: grype, raw: rawGrype };
const SCOUT: ScannerReader = { scanner: scout, raw: rawScout };
const refused = (why: string): Refusal => ({ refused: why });

/** By path below the folder; the first that fits. */
const READERS: readonly (readonly [path: RegExp, reader: ScannerReader | SbomReader | Refusal])[] = [
  [/^real-trivy\/errors(?:-048)?\/exit-code\.stdout$/, TRIVY],
  [/^real-trivy\/config-(?:Dockerfile|compose\.yml)$|\/rc\.txt$/, refused("what was scanned, and exit codes")],
  [/\.(?:stderr|stdout)$/, refused("")],
  [/sarif(?:\.json|\.golden)$|Sarif/, refused("SARIF of a scanner that is asked for JSON")],
  [/gitlab|gsbom|github\.json$|cosign-vuln|vuln-predicate|sigstore\.json$/, refused("made for another service")],
  [/^peers\/syft\/syftjson-/, refused("Syft's own JSON")],
  [/cyclonedx(?:-vuln)?\.json(?:\.golden)?$|cyclonedxjson-|TestCycloneDx/i, rawCycloneDx],
  [/spdx(?:-json)?\.json$|spdxjson-/, rawSpdx],
  [/^(?:real-trivy|peers\/trivy)\//, TRIVY],
  [/^peers\/grype\//, GRYPE],
];
/** The exceptions to the words above. */
const BY_PATH: Readonly<Record<string, ScannerReader | Refusal>> = {
  "peers/scout/SYNTHETIC.scout.sarif.json": SCOUT,
  "peers/trivy/license-cyclonedx.json.golden": TRIVY,
};
/** Nothing is found in these, and that is right. */
const EMPTY: readonly RegExp[] = [/TestEmptyJson/, /license-cyclonedx/, /-waste\.json$/, /bom-go-mod/];

/** What people are told of a failed run, by the recording's name; Trivy's wrapper says too little for the others. */
const FAILURES: Readonly<Record<string, RegExp>> = {
  "no-db": /no vulnerability database yet/,
  "bad-flag": /does not know an option/,
};

const PARTS = ["findings", "packages", "fixed", "layers", "places", "lines", "steps"] as const;
type Part = (typeof PARTS)[number];

/** Prints a table; gives how many recordings are not read as they are. */
export function checkRecordings(folder: string): number {
  if (!existsSync(folder)) {
    console.log(`there is no ${folder}: recorded outputs of scanners were not read`);
    return 1;
  }
  const paths = globSync("**", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted();
  console.log(`recorded outputs: ${[...SEVERITIES, "secrets", "misconfigurations", ...PARTS].join(" ")}`);
  let read = 0;
  let faults = 0;
  for (const path of paths) {
    const { line, wrong, counted } = check(path, readFileSync(join(folder, path), "utf8"));
    read += Number(counted);
    faults += Number(wrong.length > 0);
    if (line !== undefined) console.log(`  ${path}: ${line}`);
    for (const each of wrong) console.log(`    wrong: ${each}`);
  }
  faults += checkFailures(folder);
  console.log(`recorded outputs: ${read} read, ${faults} with faults`);
  return faults;
}

interface Checked {
  /** Undefined for what another list shows. */
  readonly line?: string;
  readonly wrong: readonly string[];
  readonly counted: boolean;
}

function check(path: string, text: string): Checked {
  const reader = BY_PATH[path] ?? READERS.find(([pattern]) => pattern.test(path))?.[1];
  if (reader === undefined) return { line: "no reader", wrong: ["nothing says what reads it"], counted: false };
  if ("refused" in reader) {
    const wrong = misread(path, text);
    return reader.refused === ""
      ? { wrong, counted: false }
      : { line: `refused: ${reader.refused}`, wrong, counted: false };
  }
  const raw: Json = JSON.parse(text);
  const isEmpty = EMPTY.some((pattern) => pattern.test(path));
  return typeof reader === "function"
    ? { ...checkSbom(text, reader(raw), rawSystem(raw), isEmpty), counted: true }
    : { ...checkReport(reader.scanner, text, reader.raw(raw), isEmpty), counted: true };
}

/** A report of ours only where one of our scanners would have written it. */
function misread(path: string, text: string): readonly string[] {
  const scanners = [trivy, grype, ...(/sarif/i.test(path) ? [] : [scout])];
  const sboms = readSboms(text);
  return [
    ...scanners.filter(({ parse }) => parse(text) !== undefined).map(({ title }) => `${title} reads it as a report`),
    ...(typeof sboms === "string" ? [] : ["it is read as an SBOM"]),
  ];
}

/** As the finding is shown: once for all packages of its source. */
const groupOf = ({ kind, id, package: of, source, path, line }: RawFinding): string =>
  JSON.stringify([kind, id, source || of, of.slice(of.lastIndexOf("@")), source === "" ? path : "", line]);

function checkReport(
  { parse }: Scanner,
  text: string,
  raw: readonly RawFinding[],
  isEmpty: boolean,
): Omit<Checked, "counted"> {
  const parsed = parse(text);
  if (!parsed) return { line: "not read", wrong: ["the parser takes it for no report"] };
  const groups = [...Map.groupBy(raw, groupOf).values()].flatMap(([first]) => first ?? []);
  const { findings } = parsed;
  const ofKind = (kind: string): readonly [number, number] => [
    groups.filter((each) => each.kind === kind).length,
    findings.filter((each) => each.kind === kind).length,
  ];
  const counts: readonly (readonly [string, readonly [number, number]])[] = [
    ...SEVERITIES.map(
      (severity) =>
        [
          severity,
          [
            groups.filter((each) => each.severity === severity).length,
            findings.filter((each) => each.severity === severity).length,
          ],
        ] as const,
    ),
    ["secrets", ofKind("secret")],
    ["misconfigurations", ofKind("misconfiguration")],
  ];
  const differing = PARTS.map((part) => [part, rowsOf[part].raw(raw, groups), rowsOf[part].ours(findings)] as const);
  const hidden = suppressedIn(text);
  const known = new Set(parsed.image?.diffIds);
  const strangers = findings.filter(({ layer }) => layer !== undefined && known.size > 0 && !known.has(layer));
  return {
    line: [...counts.map(([, [, ours]]) => ours), ...differing.map(([, , ours]) => ours.length)].join(" "),
    wrong: [
      ...counts
        .filter(([, [theirs, ours]]) => theirs !== ours)
        .map(([what, [theirs, ours]]) => `${what}: ${ours}, and ${theirs} are in it`),
      ...differing.flatMap(([part, theirs, ours]) => differences(part, theirs, ours)),
      ...strangers.map(({ id, layer }) => `${id} is in layer ${layer}, which the image does not have`),
      ...(parsed.suppressed === hidden ? [] : [`${parsed.suppressed} ignored, and ${hidden} are in it`]),
      ...(raw.length === 0 && !isEmpty ? ["nothing is found in it"] : []),
    ],
  };
}

/** What the scanner left out, and lists. */
function suppressedIn(text: string): number {
  const report: Json = JSON.parse(text);
  const results = items(at(report, "Results")).flatMap((result) => items(at(result, "ExperimentalModifiedFindings")));
  return results.length + items(at(report, "ignoredMatches")).length;
}

interface Rows {
  readonly raw: (raw: readonly RawFinding[], groups: readonly RawFinding[]) => readonly string[];
  readonly ours: (findings: readonly Finding[]) => readonly string[];
}

const nameIn = ({ package: of }: Finding, name?: string): string =>
  of === undefined ? "" : `${name ?? of.name}@${of.version}`;

/** Rows that have to be the same on both sides, whatever their order. */
const rowsOf: Readonly<Record<Part, Rows>> = {
  findings: {
    raw: (raw) => [
      ...new Set(raw.map(({ id, severity, package: of, path, source }) => row(id, severity, of, source ? "" : path))),
    ],
    ours: (findings) => [
      ...new Set(
        findings.flatMap((finding) =>
          (finding.package?.parts ?? [finding.package?.name]).map((name) =>
            row(
              finding.id,
              finding.severity,
              nameIn(finding, name),
              finding.package?.source === undefined ? finding.path : "",
            ),
          ),
        ),
      ),
    ],
  },
  packages: {
    raw: (raw) => unique(raw.map(({ package: of }) => of)),
    ours: (findings) =>
      unique(
        findings.flatMap((finding) =>
          (finding.package?.parts ?? [finding.package?.name]).map((name) => nameIn(finding, name)),
        ),
      ),
  },
  fixed: {
    raw: (_, groups) =>
      groups.filter(({ fixed }) => fixed !== "").map((each) => row(each.id, each.package, each.fixed)),
    ours: (findings) =>
      findings
        .filter(({ fixed }) => fixed.length > 0)
        .map((finding) => row(finding.id, nameIn(finding), finding.fixed.join(" "))),
  },
  layers: {
    raw: (_, groups) =>
      groups.filter(({ layer }) => layer !== "").map((each) => row(each.id, each.package, each.layer)),
    ours: (findings) =>
      findings
        .filter(({ layer }) => layer !== undefined)
        .map((finding) => row(finding.id, nameIn(finding), finding.layer)),
  },
  places: {
    raw: (_, groups) => groups.filter(({ path }) => path !== "").map((each) => row(each.id, each.package, each.path)),
    ours: (findings) =>
      findings
        .filter(({ path }) => path !== undefined)
        .map((finding) => row(finding.id, nameIn(finding), finding.path)),
  },
  steps: {
    raw: (_, groups) => groups.filter(({ step }) => step !== undefined).map(({ id, step }) => row(id, String(step))),
    ours: (findings) => findings.filter(({ step }) => step !== undefined).map(({ id, step }) => row(id, String(step))),
  },
  lines: {
    raw: (_, groups) =>
      groups.filter(({ line }) => line !== undefined).map(({ id, path, line }) => row(id, path, String(line))),
    ours: (findings) =>
      findings.filter(({ line }) => line !== undefined).map(({ id, path, line }) => row(id, path, String(line))),
  },
};

const row = (...cells: readonly (string | undefined)[]): string => cells.map((cell) => cell ?? "").join(" | ");
const unique = (rows: readonly string[]): readonly string[] => [...new Set(rows.filter((each) => each !== ""))];

function differences(part: string, theirs: readonly string[], ours: readonly string[]): readonly string[] {
  const missing = [...theirs];
  const more = ours.filter((each) => {
    const found = missing.indexOf(each);
    if (found >= 0) missing.splice(found, 1);
    return found < 0;
  });
  return [
    ...missing.map((each) => `${part}: lost ${each}`),
    ...more.map((each) => `${part}: not in the recording ${each}`),
  ];
}

function checkSbom(
  text: string,
  raw: readonly RawComponent[],
  system: string,
  isEmpty: boolean,
): Omit<Checked, "counted"> {
  const read = readSboms(text);
  if (typeof read === "string") return { line: "not read", wrong: [read] };
  const components = read.flatMap(({ sbom }) => sbom.components);
  const licensed = components.filter(({ licences }) => licences.length > 0).length;
  const systems = read.flatMap(({ sbom }) => sbom.system ?? []).join();
  const layered = components.filter(({ layer }) => layer !== undefined).length;
  return {
    line: `SBOM, ${components.length} components, ${licensed} with a licence, ${layered} with a layer`,
    wrong: [
      ...differences(
        "component",
        raw.map(({ name, version, purl, licences, layer }) => row(name, version, purl, licences, layer)),
        components.map(({ name, version, purl, licences, layer }) =>
          row(name, version, purl, licences.join(" "), layer),
        ),
      ),
      ...(systems === system ? [] : [`the system is ${systems || "not said"}, and ${system || "none"} is in it`]),
      ...(raw.length === 0 && !isEmpty ? ["nothing is in it"] : []),
    ],
  };
}

/** Runs that failed: the person gets a sentence, and never a report. */
function checkFailures(folder: string): number {
  let faults = 0;
  for (const path of globSync("real-trivy/errors*/*.stdout", { cwd: folder }).toSorted()) {
    const name = /([^/]+)\.stdout$/.exec(path)?.[1] ?? "";
    if (name === "exit-code") continue;
    const read = (end: string): string => readFileSync(join(folder, path.replace(/stdout$/, end)), "utf8");
    const outcome: Outcome = {
      code: 1,
      stdout: read("stdout"),
      stderr: read("stderr"),
      truncated: false,
      missing: false,
    };
    const message = failureOf(trivy, outcome, "app:1");
    const isReport = trivy.parse(outcome.stdout) !== undefined;
    const isRight = !isReport && (FAILURES[name] ?? /could not scan app:1|for app:1: /).test(message);
    if (!isRight) faults += 1;
    console.log(`  ${path}: ${isRight ? "" : "wrong: "}${isReport ? "a report" : message}`);
  }
  return faults;
}
