/**
 * Docker Scout: arguments and SARIF. It prints progress among its report, so the report goes into a file; it needs a login and sends
 * what is in the image to Docker; of layers it says nothing.
 */
import {
  type Fields,
  fieldsOf,
  linkOf,
  listOf,
  objectIn,
  objectsOf,
  oneLine,
  pathOf,
  purlType,
  textOf,
  textsOf,
} from "./json.ts";
import type { Finding, PackageFacts, Severity, Target } from "./report.ts";
import { withoutRepeats } from "./report.ts";
import type { Call, ScanOptions, Scanner } from "./scanner.ts";

const SEVERITY: ReadonlySet<string> = new Set(["critical", "high", "medium", "low"]);
const severityOf = (value: unknown): Severity => {
  const text = textOf(value)?.toLowerCase() ?? "";
  return SEVERITY.has(text) ? (text as Severity) : "unknown";
};

function scan(target: Target, { output, source, archive }: ScanOptions): Call {
  const common = ["cves", "--format", "sarif", "--output", output];
  const env = { DOCKER_SCOUT_NEW_VERSION_WARN: "false" };
  if (target.kind === "folder") return { args: [...common, "--", `fs://${target.folder}`], env };
  const platform = target.platform === undefined ? [] : ["--platform", target.platform];
  const where = source === "registry" ? "registry" : "local";
  const what = archive === undefined ? `${where}://${target.image}` : `archive://${archive}`;
  return { args: [...common, ...platform, "--", what], env };
}

/** `pkg:deb/debian/zlib1g@1%3A1.2.13?os_name=debian` */
function packageOf(purl: string): PackageFacts | undefined {
  const [, path = "", version = ""] = /^pkg:([^@?#]+)(?:@([^?#]*))?/.exec(purl) ?? [];
  const parts = path.split("/").map(unescaped);
  const type = purlType(purl);
  // A namespace is part of an npm or Maven name, and the distribution of a system package.
  const name = NAMESPACED[type] ? parts.slice(1).join(NAMESPACED[type]) : parts.at(-1);
  return name === undefined || name === "" ? undefined : { name, version: unescaped(version), type };
}

const NAMESPACED: Readonly<Record<string, string>> = { npm: "/", maven: ":", golang: "/", composer: "/" };

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function findingsOf(rule: Fields, results: readonly Fields[]): readonly Finding[] {
  const id = textOf(rule["id"]);
  if (id === undefined) return [];
  const properties = fieldsOf(rule["properties"]);
  const messages = results.flatMap((result) => textOf(fieldsOf(result["message"])["text"]) ?? []);
  const listed = [...textsOf(properties["purls"]), ...textsOf([properties["purl"]])];
  const packages = (listed.length > 0 ? listed : messages.flatMap(purlIn)).flatMap((purl) => packageOf(purl) ?? []);
  const fixed = textOf(properties["fixed_version"]);
  const path = pathOf(
    fieldsOf(
      fieldsOf(fieldsOf(results.flatMap((result) => listOf(result["locations"]))[0])["physicalLocation"])[
        "artifactLocation"
      ],
    )["uri"],
  );
  const link = linkOf(rule["helpUri"]);
  const title = textOf(fieldsOf(rule["help"])["text"]) ?? textOf(fieldsOf(rule["shortDescription"])["text"]) ?? id;
  const found: Finding = {
    kind: "vulnerability",
    id,
    aliases: [],
    severity: severityOf(properties["cvssV3_severity"] ?? textsOf(properties["tags"])[0]),
    title: oneLine(title),
    fixed: fixed === undefined || /^not fixed$/i.test(fixed) ? [] : [fixed],
    ...(path !== undefined && { path }),
    ...(link !== undefined && { link }),
  };
  // A rule that names no package is still found in the image, as long as there is a result of it.
  if (packages.length === 0) return results.length > 0 ? [found] : [];
  return packages.map((of) => ({ ...found, package: of }));
}

/** `Package : pkg:npm/lodash@4.17.20` in what a result says. */
const purlIn = (message: string): readonly string[] => /^\s*Package\s*:\s*(pkg:\S+)/m.exec(message)?.slice(1) ?? [];

export const scout: Scanner = {
  name: "scout",
  title: "Docker Scout",
  program: "docker",
  prefix: ["scout"],
  page: "https://docs.docker.com/scout/install/",
  toFile: true,
  ignoreFiles: [],
  cacheFolder: "/root/.docker/scout",
  versionCalls: [["version"]],
  versions([output = ""]) {
    const version = /version:\s*v?(\d[^\s(]*)/i.exec(output)?.[1];
    return version === undefined ? undefined : { version };
  },
  scan,
  // A part of docker, which finds its engine itself, and of Podman knows nothing.
  reach: ({ engine, context }) =>
    engine === "podman" ? undefined : { ...(context !== undefined && { DOCKER_CONTEXT: context }) },
  parse(text) {
    const report = objectIn(text);
    if (!report || !Array.isArray(report["runs"])) return undefined;
    const findings = objectsOf(report["runs"]).flatMap((run) => {
      const results = objectsOf(run["results"]);
      return objectsOf(fieldsOf(fieldsOf(run["tool"])["driver"])["rules"]).flatMap((rule) =>
        findingsOf(
          rule,
          results.filter(({ ruleId }) => ruleId === rule["id"]),
        ),
      );
    });
    return { findings: withoutRepeats(findings), suppressed: 0 };
  },
  complaints: [
    {
      pattern: /log in with your Docker ID|docker login|not logged in|user is not entitled/i,
      meaning: "Docker Scout needs a login: run `docker login`",
    },
    {
      pattern: /is not a docker command|unknown command[^\n]*scout/i,
      meaning: "this docker has no Scout; install its plugin",
    },
  ],
};
