/** SARIF 2.1.0, the OASIS format that code scanning services read. Section numbers are those of its specification. */
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, Fix, Rule, Severity } from "../../core/rule.ts";
import { renderRule } from "../../core/rules/page.ts";
import { linesOf } from "../../core/text/lines.ts";
import { HOME, rulePage } from "../../core/rules/page.ts";
import { sha256 } from "../../effects/sha256.ts";
import { locator, type Region } from "../locate.ts";
import { VERSION } from "../version.ts";
import type { ReportedFile, Reporter } from "./report.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT = "%SRCROOT%";

/** §3.27.10. */
const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

export const sarif: Reporter = ({ files, failures, rules, cwd }) => {
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "dockwright",
            version: VERSION,
            semanticVersion: VERSION,
            informationUri: HOME,
            rules: rules.map(descriptor),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [ROOT]: { uri: folderUri(cwd) } },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ path, message }) => ({
              level: "error",
              message: { text: `${path} ${message}` },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        results: files.flatMap((file) => resultsOf(file, rules)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

/** §3.49. */
const descriptor = (rule: Rule): object => ({
  id: rule.id,
  shortDescription: { text: sentence(rule.summary) },
  fullDescription: { text: `${sentence(rule.summary)} ${rule.why.trim()}` },
  helpUri: rulePage(rule.id),
  help: { text: rule.why.trim(), markdown: renderRule(rule) },
  defaultConfiguration: { level: LEVELS[rule.severity] },
  properties: { tags: ["dockerfile", rule.profile, ...rule.sameAs] },
});

function resultsOf(file: ReportedFile, rules: readonly Rule[]): readonly object[] {
  const locate = locator(file.text);
  const lines = linesOf(file.text);
  const seen = new Map<string, number>();
  return file.findings.map((finding) => {
    const index = rules.findIndex(({ id }) => id === finding.rule);
    const key = [finding.rule, file.name, lines.text(lines.position(finding.span.start).line).trim()].join("\0");
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return {
      ruleId: finding.rule,
      ...(index !== -1 && { ruleIndex: index }),
      level: LEVELS[finding.severity],
      message: { text: sentence(finding.message) },
      locations: [location(file, locate(finding.span))],
      ...relatedOf(file, finding, locate),
      ...fixesOf(file, finding, locate),
      partialFingerprints: { "dockwrightFinding/v1": fingerprint(key, occurrence) },
    };
  });
}

const location = (file: ReportedFile, region: Region): object => ({
  physicalLocation: { artifactLocation: artifact(file.name), region: regionOf(region) },
});

function relatedOf(file: ReportedFile, { related }: Finding, locate: Locate): object {
  if (related.length === 0) return {};
  return {
    relatedLocations: related.map(({ span, message }, id) => ({
      id,
      message: { text: sentence(message) },
      ...location(file, locate(span)),
    })),
  };
}

type Locate = (span: Finding["span"]) => Region;

/** §3.55: only those a person need not look at. */
function fixesOf(file: ReportedFile, { fixes }: Finding, locate: Locate): object {
  const safe = fixes.filter(({ safety }) => safety === "safe");
  if (safe.length === 0) return {};
  return { fixes: safe.map((fix) => ({ description: { text: sentence(fix.title) }, artifactChanges: changes(fix) })) };

  function changes({ edits }: Fix): readonly object[] {
    const replacements = edits.map(({ span, text }) => ({
      deletedRegion: regionOf(locate(span)),
      insertedContent: { text },
    }));
    return [{ artifactLocation: artifact(file.name), replacements }];
  }
}

const regionOf = ({ line, column, endLine, endColumn }: Region): object => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

/** §3.4: relative to the folder of the run, absolute for what is outside it. */
function artifact(name: string): object {
  if (isAbsolute(name)) return { uri: pathToFileURL(name).href };
  return { uri: name.split("/").map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}

/** §3.14.14: a base URI ends in a slash. */
const folderUri = (folder: string): string => pathToFileURL(join(folder, "/")).href;

/** Stays the same when lines are added above, so that a service knows the finding again. */
const fingerprint = (key: string, occurrence: number): string => sha256(`${key}\0${occurrence}`).slice(0, 32);

const sentence = (text: string): string => (/[.!?]$/.test(text) ? capitalised(text) : `${capitalised(text)}.`);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
