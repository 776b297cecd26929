/** Grype: arguments and JSON report. It finds vulnerabilities only. */
import {
  type Fields,
  fieldsOf,
  linkOf,
  objectIn,
  objectsOf,
  oneLine,
  pathOf,
  purlType,
  textOf,
  textsOf,
} from "./json.ts";
import { dockerEnvironment } from "./daemon.ts";
import type { DatabaseFacts, Finding, ImageFacts, Severity, Target } from "./report.ts";
import { withoutRepeats } from "./report.ts";
import type { Call, ScanOptions, Scanner } from "./scanner.ts";

const SEVERITY: ReadonlySet<string> = new Set(["critical", "high", "medium", "low", "negligible"]);
const severityOf = (value: unknown): Severity => {
  const text = textOf(value)?.toLowerCase() ?? "";
  return SEVERITY.has(text) ? (text as Severity) : "unknown";
};

const ALWAYS = { GRYPE_CHECK_FOR_APP_UPDATE: "false" };
const OFFLINE = { GRYPE_DB_AUTO_UPDATE: "false", GRYPE_DB_VALIDATE_AGE: "false" };

/** With its scheme: `registry:2` would else be an image called 2. */
function scan(target: Target, { offline, ignoreFile, source, archive }: ScanOptions): Call {
  const config = ignoreFile === undefined ? [] : ["--config", ignoreFile];
  const env = { ...ALWAYS, ...(offline && OFFLINE) };
  const common = ["--output", "json", "--quiet", ...config];
  if (target.kind === "folder") return { args: [...common, "--", `dir:${target.folder}`], env };
  const platform = target.platform === undefined ? [] : ["--platform", target.platform];
  const what = archive === undefined ? `${source}:${target.image}` : `docker-archive:${archive}`;
  return { args: [...common, ...platform, "--", what], env };
}

/** Packages of these are built from source packages, several from one. */
const OF_SYSTEMS: ReadonlySet<string> = new Set(["deb", "rpm", "apk"]);

function findingOf(match: Fields): readonly Finding[] {
  const found = fieldsOf(match["vulnerability"]);
  const artifact = fieldsOf(match["artifact"]);
  const [id, name] = [textOf(found["id"]), textOf(artifact["name"])];
  if (id === undefined || name === undefined) return [];
  const fix = fieldsOf(found["fix"]);
  const [place = {}] = objectsOf(artifact["locations"]);
  const path = pathOf(place["path"]);
  const layer = textOf(place["layerID"]);
  const link = linkOf(found["dataSource"]) ?? textsOf(found["urls"]).flatMap((url) => linkOf(url) ?? [])[0];
  const type = purlType(artifact["purl"]) || (textOf(artifact["type"]) ?? "");
  const [upstream] = objectsOf(artifact["upstreams"]).flatMap((each) => textOf(each["name"]) ?? []);
  // The package that has its source's name is listed without one.
  const source = upstream ?? (OF_SYSTEMS.has(type) ? name : undefined);
  const related = objectsOf(match["relatedVulnerabilities"]);
  const description = [found, ...related].flatMap((each) => textOf(each["description"]) ?? [])[0];
  return [
    {
      kind: "vulnerability",
      id,
      aliases: [...new Set(related.flatMap((each) => textOf(each["id"]) ?? []))].filter((other) => other !== id),
      severity: severityOf(found["severity"]),
      title: oneLine(description ?? id),
      package: {
        name,
        version: textOf(artifact["version"]) ?? "",
        type,
        ...(source !== undefined && { source }),
      },
      fixed: fix["state"] === "fixed" || fix["state"] === undefined ? textsOf(fix["versions"]) : [],
      ...(fix["state"] === "wont-fix" && { wontFix: true }),
      ...(path !== undefined && { path }),
      ...(layer !== undefined && { layer }),
      ...(link !== undefined && { link }),
    },
  ];
}

function imageOf(report: Fields): ImageFacts | undefined {
  const source = fieldsOf(report["source"]);
  if (source["type"] !== "image") return undefined;
  const target = fieldsOf(source["target"]);
  const config = objectIn(decoded(target["config"])) ?? {};
  const id = textOf(target["imageID"]);
  const layers = objectsOf(target["layers"]).flatMap((layer) => textOf(layer["digest"]) ?? []);
  const diffIds = textsOf(fieldsOf(config["rootfs"])["diff_ids"]);
  return {
    ...(id !== undefined && { id }),
    digests: textsOf(target["repoDigests"]),
    diffIds: diffIds.length > 0 ? diffIds : layers,
    history: objectsOf(config["history"]).map((entry) => ({
      createdBy: textOf(entry["created_by"]) ?? "",
      empty: entry["empty_layer"] === true,
    })),
  };
}

const decoded = (value: unknown): string => Buffer.from(textOf(value) ?? "", "base64").toString("utf8");

/** Grype has moved it: `{built, schemaVersion}` once, below `status` now. */
function databaseOf(value: unknown): DatabaseFacts | undefined {
  const outer = fieldsOf(value);
  const fields = Object.keys(fieldsOf(outer["status"])).length > 0 ? fieldsOf(outer["status"]) : outer;
  const built = textOf(fields["built"]);
  const { schemaVersion } = fields;
  const schema = typeof schemaVersion === "number" ? String(schemaVersion) : textOf(schemaVersion);
  return built === undefined && schema === undefined
    ? undefined
    : { version: `${schema ?? "?"}/${built ?? "?"}`, ...(built !== undefined && { built }) };
}

export const grype: Scanner = {
  name: "grype",
  title: "Grype",
  program: "grype",
  prefix: [],
  page: "https://github.com/anchore/grype#installation",
  toFile: false,
  ignoreFiles: [".grype.yaml"],
  cacheFolder: "/.cache/grype",
  versionCalls: [
    ["version", "--output", "json"],
    ["db", "status", "--output", "json"],
  ],
  versions([first = "", second = ""]) {
    const version = textOf(objectIn(first)?.["version"]);
    const database = databaseOf(objectIn(second));
    return version === undefined ? undefined : { version, ...(database && { database }) };
  },
  scan,
  // Podman's socket it takes from containers.conf alone, where few people have written it.
  reach: (daemon) => (daemon.engine === "podman" ? undefined : dockerEnvironment(daemon)),
  parse(text) {
    const report = objectIn(text);
    if (!report || !("matches" in report) || !(report["matches"] === null || Array.isArray(report["matches"])))
      return undefined;
    const image = imageOf(report);
    const database = databaseOf(fieldsOf(report["descriptor"])["db"]);
    return {
      findings: withoutRepeats(objectsOf(report["matches"]).flatMap(findingOf)),
      suppressed: objectsOf(report["ignoredMatches"]).length,
      ...(image && { image }),
      ...(database && { database }),
    };
  },
  complaints: [
    {
      pattern: /database was built .* ago|max allowed age/i,
      meaning: "its vulnerability database is too old. Run `grype db update`",
    },
    {
      pattern: /failed to load vulnerability db|database does not exist|no existing database|unable to find.*database/i,
      meaning:
        "it has no vulnerability database. Set dockwright.registry.lookups to onCommand once, or run `grype db update`",
    },
    {
      pattern: /unable to (?:update|download|check for) (?:vulnerability )?(?:db|database)/i,
      meaning:
        "its vulnerability database could not be downloaded. Check the network, or import one with `grype db import`",
    },
    { pattern: /unknown (?:flag|shorthand)/, meaning: "it does not know an option it was given. Update Grype" },
  ],
};
