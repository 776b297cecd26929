/** Trivy: arguments and JSON report (schema 2) of 0.48 to 0.74. Valid JSON is the success, whatever the exit code. */
import {
  type Fields,
  fieldsOf,
  linkOf,
  numberOf,
  objectIn,
  objectsOf,
  oneLine,
  pathOf,
  purlType,
  textOf,
  textsOf,
} from "./json.ts";
import { type Daemon, dockerEnvironment } from "./daemon.ts";
import { quotedSecret, stepOf } from "./history.ts";
import type { DatabaseFacts, Finding, ImageFacts, PackageFacts, Severity, Target } from "./report.ts";
import { withoutRepeats } from "./report.ts";
import type { Call, ScanOptions, Scanner } from "./scanner.ts";

const SEVERITY: Readonly<Record<string, Severity>> = {
  CRITICAL: "critical",
  HIGH: "high",
  MEDIUM: "medium",
  LOW: "low",
};
const severityOf = (value: unknown): Severity => SEVERITY[textOf(value)?.toUpperCase() ?? ""] ?? "unknown";

/**
 * As variables rather than options: a release that does not know one takes no offence. Packages say of which source they are, and what a
 * file ignores is counted.
 */
const ALWAYS = {
  TRIVY_SKIP_VERSION_CHECK: "true",
  TRIVY_DISABLE_TELEMETRY: "true",
  TRIVY_LIST_ALL_PKGS: "true",
  TRIVY_SHOW_SUPPRESSED: "true",
};
const OFFLINE = {
  TRIVY_SKIP_DB_UPDATE: "true",
  TRIVY_SKIP_JAVA_DB_UPDATE: "true",
  TRIVY_SKIP_CHECK_UPDATE: "true",
  TRIVY_SKIP_POLICY_UPDATE: "true",
  TRIVY_OFFLINE_SCAN: "true",
};

function scan(target: Target, { offline, ignoreFile, archive, source }: ScanOptions): Call {
  const ignore = ignoreFile === undefined ? [] : ["--ignorefile", ignoreFile];
  const env = { ...ALWAYS, ...(offline && OFFLINE) };
  const common = ["--format", "json", "--no-progress", ...ignore];
  if (target.kind === "folder")
    return { args: ["fs", ...common, "--scanners", "vuln,secret,misconfig", "--", target.folder], env };
  const platform = target.platform === undefined ? [] : ["--platform", target.platform];
  const scanners = ["--scanners", "vuln,secret", "--image-config-scanners", "misconfig,secret"];
  // Else another engine's image of that name may be the first it finds.
  const from = ["--image-src", source === "registry" ? "remote" : source];
  const what = archive === undefined ? [...from, "--", target.image] : ["--input", archive];
  return { args: ["image", ...common, ...scanners, ...platform, ...what], env };
}

function databaseOf(value: unknown): DatabaseFacts | undefined {
  const fields = fieldsOf(value);
  const built = textOf(fields["UpdatedAt"]);
  const schema = numberOf(fields["Version"]);
  return built === undefined && schema === undefined
    ? undefined
    : { version: `${schema ?? "?"}/${built ?? "?"}`, ...(built !== undefined && { built }) };
}

/** Misconfigurations have been `DS002`, `AVD-DS-0002` and `DS-0002`. */
export const checkId = (id: string): string =>
  id.replace(
    /^(?:AVD-)?([A-Z]+)-?0*(\d+)$/,
    (_, family: string, number: string) => `${family}-${number.padStart(4, "0")}`,
  );

function packageOf(found: Fields): PackageFacts | undefined {
  const name = textOf(found["PkgName"]);
  if (name === undefined) return undefined;
  const type = purlType(fieldsOf(found["PkgIdentifier"])["PURL"]);
  return { name, version: textOf(found["InstalledVersion"]) ?? "", type };
}

const layerOf = (found: Fields): { layer?: string } => {
  const layer = textOf(fieldsOf(found["Layer"])["DiffID"]);
  return layer === undefined ? {} : { layer };
};

/** Source packages by the id of the part, where packages are listed. */
function sourcesOf(result: Fields): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const each of objectsOf(result["Packages"])) {
    const [id, source] = [textOf(each["ID"]), textOf(each["SrcName"])];
    if (id !== undefined && source !== undefined) sources.set(id, source);
  }
  return sources;
}

function vulnerabilities(result: Fields): readonly Finding[] {
  const target = pathOf(result["Target"]);
  const sources = sourcesOf(result);
  return objectsOf(result["Vulnerabilities"]).flatMap((found): Finding[] => {
    const id = textOf(found["VulnerabilityID"]);
    const of = packageOf(found);
    if (id === undefined || of === undefined) return [];
    // The target of a lock file is its path; that of an operating system or of a kind of package is a title.
    const inFile =
      result["Class"] === "lang-pkgs" && target !== undefined && /[./]/.test(target) && target !== "Node.js";
    const path = pathOf(found["PkgPath"]) ?? (inFile ? target : undefined);
    const source = sources.get(textOf(found["PkgID"]) ?? "");
    const link = linkOf(found["PrimaryURL"]);
    const status = textOf(found["Status"]);
    return [
      {
        kind: "vulnerability",
        id,
        aliases: textsOf(found["VendorIDs"]),
        severity: severityOf(found["Severity"]),
        title: oneLine(textOf(found["Title"]) ?? textOf(found["Description"]) ?? id),
        package: { ...of, ...(source !== undefined && { source }) },
        fixed: fixedIn(found["FixedVersion"]),
        ...(status === "will_not_fix" || status === "end_of_life" ? { wontFix: true } : {}),
        ...(path !== undefined && { path }),
        ...layerOf(found),
        ...(link !== undefined && { link }),
      },
    ];
  });
}

/** `1.2.6, 0.2.4` */
const fixedIn = (value: unknown): readonly string[] =>
  (textOf(value) ?? "")
    .split(",")
    .map((version) => version.trim())
    .filter((version) => version !== "");

/** Lines around a secret are shown in clear by Trivy, other secrets among them: of a secret nothing but its place is taken. */
const secrets = (result: Fields, { artifact, history }: Scanned): readonly Finding[] =>
  objectsOf(result["Secrets"]).flatMap((found): Finding[] => {
    const id = textOf(found["RuleID"]);
    const { path, line } = filePlace(result, artifact, found["StartLine"]);
    const step = path === undefined ? quotedSecret(history, textOf(found["Match"]) ?? "").step : undefined;
    return id === undefined
      ? []
      : [
          {
            kind: "secret",
            id,
            aliases: [],
            severity: severityOf(found["Severity"]),
            title: oneLine(textOf(found["Title"]) ?? id),
            fixed: [],
            ...(path !== undefined && { path }),
            ...(line !== undefined && { line }),
            ...(step !== undefined && { step }),
            ...layerOf(found),
          },
        ];
  });

/** What was scanned, where that is an image: its name, and its history as it was written. */
interface Scanned {
  readonly artifact: unknown;
  readonly history: readonly string[];
}

/** What is found in an image's configuration has the image for its target, and a line in a text nobody has. */
function filePlace(
  result: Fields,
  artifact: unknown,
  line: unknown,
): { readonly path?: string; readonly line?: number } {
  const path = pathOf(result["Target"]);
  if (path === undefined || path === pathOf(artifact)) return {};
  const number = numberOf(line);
  return { path, ...(number !== undefined && number > 0 && { line: number }) };
}

const misconfigurations = (result: Fields, { artifact, history }: Scanned): readonly Finding[] =>
  objectsOf(result["Misconfigurations"]).flatMap((found): Finding[] => {
    const names = [found["AVDID"], found["ID"]].flatMap((name) => textOf(name) ?? []);
    const [name] = names;
    if (name === undefined || (found["Status"] !== undefined && found["Status"] !== "FAIL")) return [];
    const cause = fieldsOf(found["CauseMetadata"]);
    const { path, line } = filePlace(result, artifact, cause["StartLine"]);
    const step = path === undefined ? stepOf(history, quotedIn(cause)) : undefined;
    const link = linkOf(found["PrimaryURL"]);
    const advice = textOf(found["Resolution"]);
    return [
      {
        kind: "misconfiguration",
        id: checkId(name),
        aliases: names.filter((each) => each !== checkId(name)),
        severity: severityOf(found["Severity"]),
        title: oneLine(textOf(found["Message"]) ?? textOf(found["Title"]) ?? name),
        fixed: [],
        ...(path !== undefined && { path }),
        ...(line !== undefined && { line }),
        ...(step !== undefined && { step }),
        ...layerOf(found),
        ...(link !== undefined && { link }),
        ...(advice !== undefined && { advice: oneLine(advice) }),
      },
    ];
  });

/** The lines a check blames. */
const quotedIn = (cause: Fields): string =>
  objectsOf(fieldsOf(cause["Code"])["Lines"])
    .filter((line) => line["IsCause"] === true)
    .flatMap((line) => textOf(line["Content"]) ?? [])
    .join("\n");

const configOf = (report: Fields): Fields => fieldsOf(fieldsOf(report["Metadata"])["ImageConfig"]);

/** Without the secrets that were found in it. */
const hidden = (text: string, results: readonly Fields[]): string =>
  results
    .flatMap((result) => objectsOf(result["Secrets"]))
    .reduce((shown, found) => quotedSecret([], textOf(found["Match"]) ?? "").hide(shown), text);

function imageOf(report: Fields, results: readonly Fields[]): ImageFacts | undefined {
  const metadata = fieldsOf(report["Metadata"]);
  const config = configOf(report);
  const diffIds = textsOf(metadata["DiffIDs"]);
  if (diffIds.length === 0 && Object.keys(config).length === 0) return undefined;
  const id = textOf(metadata["ImageID"]);
  return {
    ...(id !== undefined && { id }),
    digests: textsOf(metadata["RepoDigests"]),
    diffIds: diffIds.length > 0 ? diffIds : textsOf(fieldsOf(config["rootfs"])["diff_ids"]),
    history: objectsOf(config["history"]).map((entry) => ({
      createdBy: hidden(textOf(entry["created_by"]) ?? "", results),
      empty: entry["empty_layer"] === true,
    })),
  };
}

/** Its own variables too, for a configuration file of Trivy's would win over Docker's. */
function reach(daemon: Daemon): Call["env"] {
  const { engine, host } = daemon;
  if (host === undefined) return {};
  return engine === "podman"
    ? { TRIVY_PODMAN_HOST: host.replace(/^unix:\/\//, "") }
    : { ...dockerEnvironment(daemon), TRIVY_DOCKER_HOST: host };
}

export const trivy: Scanner = {
  name: "trivy",
  title: "Trivy",
  program: "trivy",
  prefix: [],
  page: "https://trivy.dev/latest/getting-started/installation/",
  toFile: false,
  ignoreFiles: [".trivyignore.yaml", ".trivyignore"],
  cacheFolder: "/root/.cache/trivy",
  versionCalls: [["version", "--format", "json"]],
  versions([output = ""]) {
    const fields = objectIn(output);
    const version = textOf(fields?.["Version"]);
    const database = databaseOf(fields?.["VulnerabilityDB"]);
    return version === undefined ? undefined : { version, ...(database && { database }) };
  },
  scan,
  reach,
  parse(text) {
    const report = objectIn(text);
    if (numberOf(report?.["SchemaVersion"]) === undefined || !report) return undefined;
    const results = objectsOf(report["Results"]);
    const image = imageOf(report, results);
    const scanned: Scanned = {
      artifact: report["ArtifactType"] === "container_image" ? report["ArtifactName"] : undefined,
      history: objectsOf(configOf(report)["history"]).map((entry) => textOf(entry["created_by"]) ?? ""),
    };
    const findings = results.flatMap((result) => [
      ...vulnerabilities(result),
      ...secrets(result, scanned),
      ...misconfigurations(result, scanned),
    ]);
    const suppressed = results.flatMap((result) => objectsOf(result["ExperimentalModifiedFindings"])).length;
    return { findings: withoutRepeats(findings), suppressed, ...(image && { image }) };
  },
  complaints: [
    {
      pattern: /first run cannot skip downloading DB|--skip-db-update cannot be specified/,
      meaning:
        "it has no vulnerability database yet, and downloads are off. Set dockwright.registry.lookups to onCommand once, or run `trivy image --download-db-only`",
    },
    {
      pattern: /failed to download vulnerability DB|DB error|init error: DB/i,
      meaning:
        "its vulnerability database could not be downloaded. Check the network, or name a mirror in TRIVY_DB_REPOSITORY",
    },
    {
      pattern: /the local DB has an old schema version|old schema/,
      meaning: "its vulnerability database is too old for it. Let it update",
    },
    {
      pattern: /unable to find the specified image/,
      meaning: "the image is neither in an engine here nor in its registry; build or pull it and scan again",
    },
    {
      pattern: /unknown (?:flag|shorthand)|Usage:\s*\n\s*trivy/,
      meaning: "it does not know an option it was given. Update Trivy to 0.48 or newer",
    },
  ],
};
