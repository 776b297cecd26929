/**
 * The grammar of compose files: the editor's own YAML, and inside its texts what compose reads there. Only files the editor takes for compose
 * files have it, so that `image:` of other YAML stays as it is.
 */
import { imageRules } from "./image.ts";
import { type Grammar, include, oneOf, type Rule, scopes } from "./rule.ts";

const SCOPE = "source.yaml.compose";

/** Right behind the key, and behind the quote that may open its value. */
const valueOf = (keys: string): string =>
  `(?<=${[" ", ...[`"`, "'"].map((quote) => ` ${quote}`)].map((between) => `(?:${keys}):${between}`).join("|")})`;
const ITEM = `(?<=- |- "|- ')`;
const VALUE_END = String.raw`(?=["'\s,}\]]|$)`;

/** Keys whose values are durations, as `30s`; of sizes, as `512m`. */
const DURATIONS = oneOf([
  ...["interval", "timeout", "start_period", "start_interval"],
  ...["stop_grace_period", "delay", "monitor", "window"],
]);
const SIZES = oneOf(["memory", "mem_limit", "mem_reservation", "memswap_limit", "shm_size", "size"]);

const CHOICES: readonly (readonly [string, readonly string[]])[] = [
  ["restart", ["no", "always", "on-failure", "unless-stopped"]],
  ["condition", ["none", "any", "on-failure", "service_started", "service_healthy", "service_completed_successfully"]],
  ["pull_policy", ["always", "never", "missing", "if_not_present", "build", "daily", "weekly"]],
  ["network_mode", ["bridge", "host", "none"]],
  ["type", ["volume", "bind", "tmpfs", "npipe", "cluster", "image"]],
  ["action", ["rebuild", "sync", "sync+restart", "sync+exec", "restart"]],
  ["protocol", ["tcp", "udp", "sctp"]],
  ["driver", ["bridge", "host", "overlay", "none", "local", "json-file", "syslog", "journald"]],
];

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
const OPERATOR = "keyword.operator.expansion.compose";

const VARIABLE: Rule = {
  patterns: [
    { match: String.raw`\$\$`, name: "constant.character.escape.compose" },
    {
      // What stands for it may hold further variables in braces.
      match: String.raw`(\$\{)(${NAME})(?:(:?[-+?])((?:[^{}$\n]|\$(?!\{)|\$\{(?:[^{}\n]|\$\{[^{}\n]*\})*\})*))?(\})`,
      name: "variable.other.bracket.compose",
      captures: {
        ...scopes({
          1: "punctuation.definition.variable.begin.compose",
          2: "variable.other.normal.compose",
          3: OPERATOR,
          5: "punctuation.definition.variable.end.compose",
        }),
        4: { name: "string.unquoted.expansion.compose", patterns: include("variable") },
      },
    },
    {
      match: String.raw`(\$)(${NAME})`,
      captures: scopes({ 1: "punctuation.definition.variable.compose", 2: "variable.other.normal.compose" }),
    },
  ],
};

const SEPARATOR = "punctuation.separator.port.compose";
/** A port or a range of them, or a variable for it. */
const PORTS = String.raw`(?:\$\{[^}\n]*\}|\d{1,5})(?:-\d{1,5})?`;
const PORT: readonly Rule[] = [
  ...include("variable"),
  { match: String.raw`\d+`, name: "constant.numeric.port.compose" },
  { match: "-", name: "keyword.operator.range.compose" },
];
const IN_TEXTS: readonly Rule[] = [
  {
    name: "meta.image.compose",
    begin: `${valueOf("image")}(?=[^\\s"'&*!|>])`,
    end: String.raw`(?=["'\s,\]}])|$`,
    patterns: imageRules("compose"),
  },
  {
    name: "meta.port.compose",
    match: String.raw`${ITEM}(?=(?:\$\{[^}\n]*\}|[^\s"'$:/])*[:/])(?:(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:]+\])(:))?(?:(${PORTS})(:))?(${PORTS})(?:(/)(tcp|udp|sctp))?${VALUE_END}`,
    captures: {
      ...scopes({ 1: "constant.other.ip-address.compose", 2: SEPARATOR, 4: SEPARATOR }),
      3: { patterns: PORT },
      5: { patterns: PORT },
      ...scopes({ 6: "punctuation.separator.protocol.compose", 7: "constant.language.protocol.compose" }),
    },
  },
  {
    name: "meta.mount.compose",
    match: String.raw`${ITEM}((?:\$\{[^}\n]*\}|[^\s:"'$])+)(:)(/[^\s:"']*)(?:(:)([a-zA-Z,]+))?${VALUE_END}`,
    captures: {
      1: { patterns: include("variable") },
      ...scopes({
        2: "punctuation.separator.mount.compose",
        4: "punctuation.separator.mount.compose",
        5: "constant.language.mode.compose",
      }),
      3: { patterns: include("variable") },
    },
  },
  {
    match: `${ITEM}(${NAME})(=)`,
    captures: scopes({ 1: "variable.other.readwrite.compose", 2: "keyword.operator.assignment.compose" }),
  },
  {
    match: String.raw`${valueOf(DURATIONS)}(?:(\d+(?:\.\d+)?)(us|ms|s|m|h))+${VALUE_END}`,
    name: "constant.numeric.duration.compose",
    captures: scopes({ 2: "keyword.other.unit.compose" }),
  },
  {
    match: String.raw`${valueOf(SIZES)}(\d+(?:\.\d+)?)([bkmgBKMG][bB]?)${VALUE_END}`,
    name: "constant.numeric.size.compose",
    captures: scopes({ 2: "keyword.other.unit.compose" }),
  },
  ...CHOICES.map(([key, values]) => ({
    match: `${valueOf(`[ "']${key}`)}${oneOf(values)}${VALUE_END}`,
    name: "constant.language.compose",
  })),
  ...include("variable"),
];

const IN_KEYS: readonly Rule[] = [
  {
    match: String.raw`^(?:${oneOf(["version", "name", "services", "networks", "volumes", "secrets", "configs", "include", "models"])})(?=[ \t]*:)`,
    name: "keyword.control.section.compose",
  },
  // Names of services, networks, … where two spaces are one level, as nearly everywhere.
  {
    match: String.raw`(?<=^  )[A-Za-z0-9._-]+(?=[ \t]*:[ \t]*(?:$|[#&*{]))`,
    name: "entity.name.function.compose",
  },
];

const READ = ["meta.image.compose", "meta.port.compose", "meta.mount.compose"];

export const compose: Grammar = {
  name: "Compose",
  scopeName: SCOPE,
  patterns: [{ include: "source.yaml" }],
  injections: {
    // What is in an image, a port and a mount is read by rules of its own; these would begin again inside themselves.
    [`L:${SCOPE} string - (meta.map.key.yaml | ${READ.join(" | ")})`]: { patterns: IN_TEXTS },
    [`L:${SCOPE} meta.map.key.yaml`]: { patterns: IN_KEYS },
  },
  repository: {
    variable: VARIABLE,
    // Quotes in these files are YAML's.
    quoted: { patterns: [] },
  },
};
