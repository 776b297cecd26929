/** `dockwright config`: what holds for a file, and who said so. */
import { resolve } from "node:path";
import { createChooser, type FileChoice, placed } from "../choose-rules.ts";
import { complain } from "../complain.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import { locator } from "../locate.ts";
import { CONFIG, FAIL_LEVEL, HELP, RULE_CHOICE, SHELLCHECK } from "../options.ts";
import { shownPath } from "../paths.ts";
import { plural } from "../plural.ts";
import { printable } from "../printable.ts";
import type { Command } from "./command.ts";

export const config: Command = {
  name: "config",
  summary: "say what holds for a file, and why",
  usage: "[options] <file>",
  details: "The file need not exist: what would hold for it is said.",
  options: [
    { name: "format", short: "f", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" },
    ...RULE_CHOICE,
    ...CONFIG,
    FAIL_LEVEL,
    SHELLCHECK,
    HELP,
  ],
  async run(args, io, { rules }) {
    const [file, ...more] = args.positionals;
    if (file === undefined || more.length > 0) throw new UsageError("name one file: dockwright config Dockerfile");
    const choice = await createChooser(args, rules, io)(resolve(io.cwd, file));
    const facts = factsOf(choice, io);
    const name = shownPath(io.cwd, file);
    if (args.value("format") === "json") io.stdout.write(json(name, choice, facts, io));
    else io.stdout.write(text(name, choice, facts, io));
    const { config: loaded } = choice;
    if (loaded)
      for (const note of placed(loaded.read.notes, loaded.text, shownPath(io.cwd, loaded.path)))
        complain(io, `not heeded: ${note}`);
    return EXIT.clean;
  },
};

interface Fact {
  /** As in a configuration file: `rules.apt-yes`. */
  readonly key: string;
  readonly value: unknown;
  /** `default`, or where it is said. */
  readonly from: string;
}

/** Every setting, and of rules and their options those that somebody named. */
function factsOf({ resolved, failLevel, shellcheck }: FileChoice, io: Io): readonly Fact[] {
  const { profile, rules, options, policy, inlineIgnores } = resolved.settings;
  const values: readonly (readonly [string, unknown])[] = [
    ["profile", profile],
    ["trustedRegistries", policy.trustedRegistries],
    ["labels.schema", policy.labels],
    ["labels.strict", policy.strictLabels],
    ["inlineIgnores", inlineIgnores],
    ...Object.entries(resolved.budget).map(([key, amount]) => [`budget.${key}`, amount] as const),
    ...Object.entries(resolved.format).map(([key, wish]) => [`format.${key}`, wish] as const),
    ["failLevel", failLevel],
    ["shellcheck", shellcheck],
    ...Object.entries(rules).map(([id, wish]) => [`rules.${id}`, wish] as const),
    ...Object.entries(options).flatMap(([id, of]) =>
      Object.entries(of).map(([name, value]) => [`options.${id}.${name}`, value] as const),
    ),
  ];
  return values.map(([key, value]) => ({ key, value, from: fromOf(key, resolved, io) }));
}

function fromOf(key: string, { origins }: FileChoice["resolved"], io: Io): string {
  const origin = origins.get(key);
  if (!origin) return "default";
  const { layer, key: said } = origin;
  if (layer.path === undefined && layer.text === undefined) return layer.source;
  const name = shownPath(io.cwd, layer.source);
  const span = layer.places?.get(said);
  const place = span && layer.text !== undefined ? `:${locator(layer.text)(span).line}` : "";
  return `${name}${place}${said === key ? "" : ` (${said})`}`;
}

function text(name: string, choice: FileChoice, facts: readonly Fact[], { cwd }: Io): string {
  const shown = facts.map(({ key, value, from }) => [key, valueText(value), from] as const);
  const widths = [0, 1].map((at) => Math.max(...shown.map((row) => row[at]?.length ?? 0)));
  const from = choice.config ? shownPath(cwd, choice.config.path) : "no configuration file";
  return [
    `${name}: ${from}`,
    ...(choice.ignoredBy === undefined ? [] : [`not checked: ${choice.ignoredBy} ignores it`]),
    ...shown.map(
      ([key, value, origin]) => `  ${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`,
    ),
    `${plural(choice.rules.length, "rule")} run`,
    "",
  ]
    .map(printable)
    .join("\n");
}

const valueText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const json = (name: string, choice: FileChoice, facts: readonly Fact[], { cwd }: Io): string =>
  `${JSON.stringify(
    {
      file: name,
      config: choice.config ? shownPath(cwd, choice.config.path) : null,
      ignored: choice.ignoredBy !== undefined,
      settings: facts,
      rules: choice.rules.map((rule) => ({
        id: rule.id,
        severity: choice.settings.rules[rule.id] ?? rule.severity,
      })),
    },
    undefined,
    2,
  )}\n`;
