/** What every scanner is to the rest: how it is called, and how its output is read. */
import type { Invocation, Outcome } from "../process.ts";
import type { Daemon } from "./daemon.ts";
import type { DatabaseFacts, Parsed, ScannerName, Target } from "./report.ts";

export interface ScanOptions {
  /** The scanner downloads nothing: the database it has is used. */
  readonly offline: boolean;
  /** The file with what is not to be reported. */
  readonly ignoreFile?: string;
  /** Where the image is: in an engine on this machine, or in its registry. */
  readonly source: "docker" | "podman" | "registry";
  /** An archive of the image instead of the image. */
  readonly archive?: string;
  /** Where a scanner that cannot be trusted with stdout writes its report. */
  readonly output: string;
}

/** Arguments and variables, whatever runs them: the program, or a container of its image. */
export interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Versions {
  readonly version: string;
  readonly database?: DatabaseFacts;
}

export interface Scanner {
  readonly name: ScannerName;
  /** As people write it. */
  readonly title: string;
  readonly program: string;
  /** What comes before the scanner's own arguments: Scout is part of docker. */
  readonly prefix: readonly string[];
  /** The page that says how to install it. */
  readonly page: string;
  /** It writes its report into a file: what it prints is not the report alone. */
  readonly toFile: boolean;
  /** The file people list what they accept in; undefined where it has none. */
  readonly ignoreFiles: readonly string[];
  /** In its container image: where it keeps its database. */
  readonly cacheFolder: string;
  /** What to call to learn versions, one call after the other. */
  readonly versionCalls: readonly (readonly string[])[];
  /** From the outputs of those calls; undefined when the first is no answer of this program. */
  readonly versions: (outputs: readonly string[]) => Versions | undefined;
  /** Undefined where it cannot look at this. */
  readonly scan: (target: Target, options: ScanOptions) => Call;
  /** The variables that lead it to an engine; undefined where it does not get there, and is handed the image as an archive. */
  readonly reach: (daemon: Daemon) => Call["env"] | undefined;
  /** Undefined when the text is no report. */
  readonly parse: (report: string) => Parsed | undefined;
  /** What its complaints mean; the first pattern that is found. */
  readonly complaints: readonly Complaint[];
}

export interface Complaint {
  readonly pattern: RegExp;
  readonly meaning: string;
}

/** The scanner as a program of this machine. */
export const asProgram = (scanner: Scanner, { args, env }: Call): Invocation => ({
  command: scanner.program,
  args: [...scanner.prefix, ...args],
  env,
});

/** Image names come from files: one that begins with a dash would be an option, blanks and control characters are in none. */
export function whyNoImage(image: string): string | undefined {
  if (image.trim() === "") return "No image is named";
  if (image.startsWith("-")) return `${JSON.stringify(image)} begins with a dash, which no image name does`;
  if (/[\s\p{Cc}]/u.test(image)) return `${JSON.stringify(image)} has blanks in it, which no image name has`;
  return undefined;
}

/** Releases somebody else than the scanner's authors published. */
const COMPROMISED: readonly {
  readonly scanner: ScannerName;
  readonly versions: readonly string[];
  readonly advisory: string;
}[] = [{ scanner: "trivy", versions: ["0.69.4", "0.69.5", "0.69.6"], advisory: "CVE-2026-33634" }];

/** A warning when this release is known to have been tampered with. */
export function compromised(scanner: Scanner, version: string): string | undefined {
  const bare = version.replace(/^v/, "");
  const found = COMPROMISED.find((each) => each.scanner === scanner.name && each.versions.includes(bare));
  return (
    found &&
    `Tampered release: ${scanner.title} ${bare} was published by attackers (${found.advisory}). Remove it, install another one and renew the credentials this machine had when it ran`
  );
}

const DAY_MS = 86_400_000;
const OLD_DAYS = 7;

/** What a reader should know about the database. */
export function databaseWarning(
  scanner: Scanner,
  database: DatabaseFacts | undefined,
  now: number,
): string | undefined {
  if (scanner.name === "scout") return undefined;
  const built = database?.built === undefined ? Number.NaN : Date.parse(database.built);
  if (Number.isNaN(built) || built <= 0) return undefined;
  const days = Math.floor((now - built) / DAY_MS);
  return days < OLD_DAYS
    ? undefined
    : `Old database (${days} days): ${scanner.title} does not find what became known since. Let it update`;
}

/** Complaints that all scanners have in common: they pass on what engines, registries and the system say. */
const COMMON: readonly Complaint[] = [
  { pattern: /no space left on device|not enough space/i, meaning: "the disk is full; make room and scan again" },
  {
    pattern: /permission denied[^\n]*(?:docker|podman)[^\n]*sock|dial unix[^\n]*permission denied/i,
    meaning: "this account may not use the engine's socket; add it to the group that may, or run rootless",
  },
  {
    pattern: /TOOMANYREQUESTS|too many requests|rate limit/i,
    meaning: "the registry takes no more requests for now; log in with `docker login`, or wait",
  },
  {
    pattern: /x509:|certificate signed by unknown authority|tls: failed to verify/i,
    meaning: "a certificate is not trusted; give the scanner the authority it was signed by (SSL_CERT_FILE)",
  },
  {
    pattern: /UNAUTHORIZED|authentication required|denied: |insufficient_scope/,
    meaning: "the registry wants a login; run `docker login` for it and scan again",
  },
  {
    pattern:
      /MANIFEST_UNKNOWN|manifest unknown|NAME_UNKNOWN|No such image|no such image|image not known|could not find image|manifest[^\n]*not found/,
    meaning: "the image is not there any more; build or pull it and scan again",
  },
  {
    pattern: /no such host|connection refused|i\/o timeout|network is unreachable|deadline exceeded/i,
    meaning: "something it needs could not be reached; see the log for the address",
  },
];

const LINES = 3;
const ESCAPE = String.fromCharCode(27);
const COLORS = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
const TIME = /^\d{4}-\d{2}-\d{2}T\S+\s+/;
/** Said loudly, and yet no reason to fail: the checks that come with Trivy are used then. */
const HARMLESS = /\b(?:INFO|DEBUG)\b|Falling back to embedded checks/;

/** Why a run gave no report, in one sentence. */
export function failureOf(scanner: Scanner, outcome: Outcome, what: string): string {
  const { title } = scanner;
  if (outcome.missing) return `${title} is not installed`;
  if (outcome.truncated)
    return `${title} printed more about ${what} than can be read (over 64 MB). Leave out folders or severities in its own configuration`;
  const beginning = outcome.stdout.slice(0, 4096);
  // What a scanner was given is explained on stdout, everything else on stderr.
  const complaint =
    [...scanner.complaints, ...COMMON].find(({ pattern }) => pattern.test(outcome.stderr)) ??
    scanner.complaints.find(({ pattern }) => pattern.test(beginning));
  if (complaint) return `${title} could not scan ${what}: ${complaint.meaning}`;
  if (outcome.code === null && !/did not end within|cannot be started/.test(outcome.stderr))
    return `${title} was ended from outside while it scanned ${what}; too little memory is the usual reason`;
  if (beginning.includes("\uFFFD") || beginning.includes("\0"))
    return `${title} printed something about ${what} that is neither UTF-8 text nor a report`;
  const said = lastLines(outcome.stderr) || lastLines(outcome.stdout.slice(-2000)) || "it said nothing";
  const how = outcome.code === 0 || outcome.code === null ? "gave no report" : `ended with ${outcome.code}`;
  return `${title} ${how} for ${what}: ${said}`;
}

/** The last lines that are no mere information, in one; of mere information the last, as what it is. */
function lastLines(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(COLORS, "").replace(TIME, "").trim())
    .filter((line) => line !== "");
  const loud = lines.filter((line) => !HARMLESS.test(line));
  if (loud.length > 0) return loud.slice(-LINES).join(" · ").slice(0, 500);
  const last = lines.at(-1);
  return last === undefined ? "" : `it gave no reason; the last it said is: ${last.slice(0, 300)}`;
}
