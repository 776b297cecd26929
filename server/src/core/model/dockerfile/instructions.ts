/**
 * The instructions of today's Dockerfile frontend: flags, mount options, how many arguments, which forms, and the release that
 * brought each. One table for the rules, completion, hover and signature help; what each is for says instruction-docs.ts, which
 * only the last three read. Source: BuildKit's instructions/parse.go, bflag.go, commands_run*.go, the option tables of its
 * reference.md and the notes of its releases.
 */

export type FlagValue =
  /** `true` or `false`; a bare flag is true. */
  | "boolean"
  /** Octal, or as chmod takes it. */
  | "permissions"
  | "text"
  | "duration"
  | "count"
  /** `key=value,…`, see MOUNT_TYPES. */
  | "mount"
  /** A stage, a build context or an image. */
  | "source"
  | "platform";

export interface FlagSpec {
  /** With its dashes. */
  readonly name: string;
  readonly value: FlagValue;
  /** May be given more than once. */
  readonly repeatable?: true;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** The docker/dockerfile release that brought it, where it was not there from the start. */
  readonly since?: string;
  /** The labs release that brought it. Without `since`: only the labs channel has it. */
  readonly labs?: string;
}

export interface InstructionSpec {
  readonly name: string;
  /** Forms, as the reference writes them. */
  readonly usage: readonly string[];
  readonly flags: readonly FlagSpec[];
  /** What its arguments are, to be put behind "needs": "a source and a destination". */
  readonly needs: string;
  /** RUN and CMD with nothing behind them are read, and run an empty command. */
  readonly least: number;
  /** Without it, any number. */
  readonly most?: number;
  /** `["a", "b"]` is a form of its arguments. */
  readonly json: boolean;
  readonly heredoc: boolean;
  /** May stand behind ONBUILD. */
  readonly trigger: boolean;
  readonly deprecated?: true;
}

const CHOWN: FlagSpec = { name: "--chown", value: "text" };
const CHMOD: FlagSpec = { name: "--chmod", value: "permissions", since: "1.2" };
const LINK: FlagSpec = { name: "--link", value: "boolean", since: "1.4" };
const EXCLUDE: FlagSpec = { name: "--exclude", value: "text", repeatable: true, since: "1.19", labs: "1.7" };

/** By name, in the order people write them. */
const SPECS: readonly InstructionSpec[] = [
  {
    name: "FROM",
    usage: ["FROM [--platform=<platform>] <image>[:<tag>][@<digest>] [AS <name>]"],
    flags: [{ name: "--platform", value: "platform" }],
    needs: "an image, or an image AS a name",
    least: 1,
    most: 3,
    json: false,
    heredoc: false,
    trigger: false,
  },
  {
    name: "RUN",
    usage: ["RUN [OPTIONS] <command> ...", 'RUN [OPTIONS] ["<command>", ...]', "RUN [OPTIONS] <<EOF"],
    flags: [
      { name: "--mount", value: "mount", repeatable: true, since: "1.2", labs: "1.0" },
      { name: "--network", value: "text", choices: ["default", "none", "host"], since: "1.3", labs: "1.1" },
      { name: "--security", value: "text", choices: ["sandbox", "insecure"], since: "1.20", labs: "1.0" },
      { name: "--device", value: "text", repeatable: true, labs: "1.14" },
    ],
    needs: "a command",
    least: 0,
    json: true,
    heredoc: true,
    trigger: true,
  },
  {
    name: "COPY",
    usage: ["COPY [OPTIONS] <src> ... <dest>", 'COPY [OPTIONS] ["<src>", ... "<dest>"]', "COPY [OPTIONS] <<EOF <dest>"],
    flags: [
      { name: "--from", value: "source" },
      CHOWN,
      CHMOD,
      LINK,
      { name: "--parents", value: "boolean", since: "1.20", labs: "1.7" },
      EXCLUDE,
    ],
    needs: "a source and a destination",
    least: 2,
    json: true,
    heredoc: true,
    trigger: true,
  },
  {
    name: "ADD",
    usage: ["ADD [OPTIONS] <src> ... <dest>", 'ADD [OPTIONS] ["<src>", ... "<dest>"]'],
    flags: [
      { name: "--keep-git-dir", value: "boolean", since: "1.6", labs: "1.1" },
      { name: "--checksum", value: "text", since: "1.6", labs: "1.5" },
      CHOWN,
      CHMOD,
      LINK,
      { name: "--unpack", value: "boolean", since: "1.17" },
      EXCLUDE,
    ],
    needs: "a source and a destination",
    least: 2,
    json: true,
    heredoc: true,
    trigger: true,
  },
  {
    name: "WORKDIR",
    usage: ["WORKDIR <path>"],
    flags: [],
    needs: "a path",
    least: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "ENV",
    usage: ["ENV <key>=<value> ..."],
    flags: [],
    needs: "a name and its value",
    least: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "ARG",
    usage: ["ARG <name>[=<default>] ..."],
    flags: [],
    needs: "the name of a variable",
    least: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "LABEL",
    usage: ["LABEL <key>=<value> ..."],
    flags: [],
    needs: "a key and its value",
    least: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "USER",
    usage: ["USER <user>[:<group>]"],
    flags: [],
    needs: "a user",
    least: 1,
    most: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "EXPOSE",
    usage: ["EXPOSE <port>[/<protocol>] ..."],
    flags: [],
    needs: "a port",
    least: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "VOLUME",
    usage: ["VOLUME <path> ...", 'VOLUME ["<path>", ...]'],
    flags: [],
    needs: "a path",
    least: 1,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "CMD",
    usage: ['CMD ["<command>", ...]', "CMD <command> ..."],
    flags: [],
    needs: "a command",
    least: 0,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "ENTRYPOINT",
    usage: ['ENTRYPOINT ["<program>", ...]', "ENTRYPOINT <command> ..."],
    flags: [],
    needs: "a command",
    least: 1,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "HEALTHCHECK",
    usage: ["HEALTHCHECK [OPTIONS] CMD <command>", "HEALTHCHECK NONE"],
    flags: [
      { name: "--interval", value: "duration" },
      { name: "--timeout", value: "duration" },
      { name: "--start-period", value: "duration" },
      { name: "--start-interval", value: "duration", since: "1.6" },
      { name: "--retries", value: "count" },
    ],
    needs: "CMD and a command, or NONE",
    least: 1,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "SHELL",
    usage: ['SHELL ["<program>", "<parameter>", ...]'],
    flags: [],
    needs: "a shell, as a JSON array",
    least: 1,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "STOPSIGNAL",
    usage: ["STOPSIGNAL <signal>"],
    flags: [],
    needs: "a signal",
    least: 1,
    most: 1,
    json: false,
    heredoc: false,
    trigger: true,
  },
  {
    name: "ONBUILD",
    usage: ["ONBUILD <instruction>"],
    flags: [],
    needs: "an instruction",
    least: 1,
    json: false,
    heredoc: false,
    trigger: false,
  },
  {
    name: "MAINTAINER",
    usage: ["MAINTAINER <name>"],
    flags: [],
    needs: "a name",
    least: 1,
    json: false,
    heredoc: false,
    trigger: false,
    deprecated: true,
  },
];

export const INSTRUCTIONS: ReadonlyMap<string, InstructionSpec> = new Map(SPECS.map((spec) => [spec.name, spec]));

export interface MountOption {
  readonly name: string;
  /** Other spellings of it. */
  readonly aliases: readonly string[];
  /** May stand without `=value`. */
  readonly bare?: true;
  readonly choices?: readonly string[];
  readonly since?: string;
}

export interface MountType {
  readonly name: string;
  readonly options: readonly MountOption[];
}

const option = (name: string, more: Partial<MountOption> = {}): MountOption => ({ name, aliases: [], ...more });
const TARGET = option("target", { aliases: ["dst", "destination"] });
const SOURCE = option("source", { aliases: ["src"] });
const READ_ONLY = option("readonly", { aliases: ["ro"], bare: true });
const READ_WRITE = option("readwrite", { aliases: ["rw"], bare: true });
const FROM = option("from");
const REQUIRED = option("required", { bare: true });
const OWNER = [option("mode"), option("uid"), option("gid")];

/** Of `RUN --mount=type=…`; a mount without type is a bind. */
export const MOUNT_TYPES: readonly MountType[] = [
  { name: "bind", options: [TARGET, SOURCE, FROM, READ_WRITE, READ_ONLY] },
  {
    name: "cache",
    options: [
      TARGET,
      option("id"),
      option("sharing", { choices: ["shared", "private", "locked"] }),
      FROM,
      SOURCE,
      READ_ONLY,
      READ_WRITE,
      ...OWNER,
    ],
  },
  { name: "tmpfs", options: [TARGET, option("size"), READ_ONLY, READ_WRITE] },
  {
    name: "secret",
    options: [
      option("id", { aliases: ["source", "src"] }),
      TARGET,
      option("env", { since: "1.10" }),
      REQUIRED,
      READ_ONLY,
      READ_WRITE,
      ...OWNER,
    ],
  },
  { name: "ssh", options: [option("id"), TARGET, REQUIRED, READ_ONLY, READ_WRITE, ...OWNER] },
];

/** Every spelling of every option of every mount type: what BuildKit reads before it looks at the type. */
export const MOUNT_KEYS: ReadonlySet<string> = new Set([
  "type",
  ...MOUNT_TYPES.flatMap(({ options }) => options.flatMap(({ name, aliases }) => [name, ...aliases])),
]);

/** Keys that may stand without `=value`. */
export const BARE_MOUNT_KEYS: ReadonlySet<string> = new Set(
  MOUNT_TYPES.flatMap(({ options }) =>
    options.filter(({ bare }) => bare).flatMap(({ name, aliases }) => [name, ...aliases]),
  ),
);
