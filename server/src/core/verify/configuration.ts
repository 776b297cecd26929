/** The rows about what two images say of themselves. */
import { isRoot } from "../model/dockerfile/facts.ts";
import { isSecretName } from "../model/secret-names.ts";
import type { Configuration } from "./facts.ts";
import type { Own } from "./own.ts";
import { type Judged, listed, type Row, row } from "./rows.ts";

const BASE = "it came with the base image";

export function configurationRows(before: Configuration, after: Configuration, own: Own): readonly Row[] {
  return [
    row("command", "command", [commandText(before), commandText(after)], judgedCommand(before, after, own)),
    environmentRow(before, after, own),
    row(
      "folder",
      "working directory",
      [before.folder, after.folder],
      before.folder === after.folder ? ["same"] : own.instructions.has("WORKDIR") ? ["different"] : ["expected", BASE],
    ),
    listRow("ports", "exposed ports", before.ports, after.ports, own.ports),
    listRow("volumes", "volumes", before.volumes, after.volumes, own.volumes),
    labelRow(before, after, own),
    row(
      "stop-signal",
      "stop signal",
      [before.stopSignal, after.stopSignal],
      before.stopSignal === after.stopSignal
        ? ["same"]
        : own.instructions.has("STOPSIGNAL")
          ? ["different"]
          : ["expected", BASE],
    ),
    row("user", "user", [before.user, after.user], judgedUser(before.user, after.user)),
    row(
      "healthcheck",
      "HEALTHCHECK",
      [before.hasHealthcheck ? "yes" : "none", after.hasHealthcheck ? "yes" : "none"],
      before.hasHealthcheck === after.hasHealthcheck
        ? ["same"]
        : after.hasHealthcheck
          ? ["expected", "it has one now"]
          : ["different", "it has none any more"],
    ),
  ];
}

export function judgedUser(before: string, after: string): Judged {
  const [was, is] = [accountOf(before), accountOf(after)];
  if (was === is) return ["same"];
  if (isRoot(is)) return ["different", "it runs as root now"];
  return ["expected", isRoot(was) ? "it does not run as root any more" : "another account"];
}

/** Without its group. */
const accountOf = (user: string): string => user.split(":")[0] || "root";

const commandText = ({ entrypoint, command }: Configuration): string =>
  entrypoint.length === 0 ? JSON.stringify(command) : `${JSON.stringify(entrypoint)} ${JSON.stringify(command)}`;

function judgedCommand(before: Configuration, after: Configuration, own: Own): Judged {
  if (sameLists(before.entrypoint, after.entrypoint) && sameLists(before.command, after.command)) return ["same"];
  const [was, is] = [argvOf(before), argvOf(after)];
  const inherited = before.entrypoint.length > 0 && !own.instructions.has("ENTRYPOINT");
  if (inherited && (sameLists(is, before.command) || sameLists(is, was)))
    return ["expected", `the entrypoint ${before.entrypoint.join(" ")} came with the base image`];
  const script = scriptOf(inherited ? before.command : was);
  if (script !== undefined && withoutShell(is) === script)
    return ["expected", "the same command without a shell around it, so that signals reach it"];
  if (sameLists(was, is)) return ["different", "arguments given at run time take the place of another part"];
  return ["different"];
}

const argvOf = ({ entrypoint, command }: Configuration): readonly string[] =>
  // In shell form an entrypoint takes no arguments.
  scriptOf(entrypoint) === undefined ? [...entrypoint, ...command] : entrypoint;

/** What a shell is given to run, in the form of every shell-form instruction. */
function scriptOf(argv: readonly string[]): string | undefined {
  const [shell, flag, script, ...rest] = argv;
  if (script === undefined || rest.length > 0 || flag !== "-c" || !/^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(shell ?? ""))
    return undefined;
  return script.trim().replace(/^exec\s+/, "");
}

const withoutShell = (argv: readonly string[]): string => scriptOf(argv) ?? argv.join(" ");

const sameLists = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);

function environmentRow(before: Configuration, after: Configuration, own: Own): Row {
  const changed = Object.entries(before.environment).filter(([name, value]) => {
    const now = after.environment[name];
    return now === undefined || (now !== value && !keepsOwnPath(name, value, now, own));
  });
  const lost = changed.filter(([name]) => own.environment.has(name));
  const shown = lost.length > 0 ? lost : changed;
  const values: readonly [string, string] =
    shown.length === 0
      ? [listed(Object.keys(before.environment)), listed(Object.keys(after.environment))]
      : [
          listed(shown.map(([name, value]) => settingText(name, value))),
          listed(shown.map(([name]) => settingText(name, after.environment[name]))),
        ];
  const judged: Judged =
    lost.length > 0 ? ["different"] : changed.length > 0 ? ["expected", "they came with the base image"] : ["same"];
  return row("environment", "environment", values, judged);
}

/** Folders of a PATH that the Dockerfile adds are still there, in their order; those of the base may be others. */
function keepsOwnPath(name: string, value: string, now: string, own: Own): boolean {
  const written = own.environment.get(name);
  if (name !== "PATH" || !written?.includes("$")) return false;
  const added = new Set(written.split(":"));
  const kept = now.split(":");
  return sameLists(
    value.split(":").filter((folder) => added.has(folder)),
    kept.filter((folder) => added.has(folder)),
  );
}

const settingText = (name: string, value: string | undefined): string =>
  value === undefined ? `${name} not set` : `${name}=${isSecretName(name) ? "‹hidden›" : value}`;

function listRow(
  subject: "ports" | "volumes",
  what: string,
  before: readonly string[],
  after: readonly string[],
  own: ReadonlySet<string>,
): Row {
  const gone = before.filter((each) => !after.includes(each));
  const judged: Judged = gone.some((each) => own.has(each))
    ? ["different", `without ${listed(gone)}`]
    : gone.length > 0
      ? ["expected", BASE]
      : after.length > before.length
        ? ["expected", "more than before"]
        : ["same"];
  return row(subject, what, [listed(before), listed(after)], judged);
}

function labelRow(before: Configuration, after: Configuration, own: Own): Row {
  const changed = Object.keys(before.labels).filter((name) => after.labels[name] !== before.labels[name]);
  const lost = changed.filter((name) => own.labels.has(name));
  const shown = lost.length > 0 ? lost : changed;
  const text = (labels: Configuration["labels"]): string =>
    listed(shown.length === 0 ? Object.keys(labels) : shown.map((name) => settingText(name, labels[name])));
  const judged: Judged = lost.length > 0 ? ["different"] : changed.length > 0 ? ["expected", BASE] : ["same"];
  return row("labels", "labels", [text(before.labels), text(after.labels)], judged);
}
