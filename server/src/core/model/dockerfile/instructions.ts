/**
 * The instructions of today's Dockerfile frontend: flags, mount options, how many arguments, which forms. One table for the
 * rules, completion, hover and signature help. Source: BuildKit's instructions/parse.go, bflag.go, commands_run*.go and the
 * option tables of its reference.md.
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
  readonly about: string;
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
  readonly about: string;
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

const CHOWN: FlagSpec = {
  name: "--chown",
  value: "text",
  about: "Owner of what is copied: `user`, `user:group` or numbers.",
};
const CHMOD: FlagSpec = {
  name: "--chmod",
  value: "permissions",
  about: "Permissions of what is copied: octal, or symbolic since 1.14.",
  since: "1.2",
};
const LINK: FlagSpec = {
  name: "--link",
  value: "boolean",
  about:
    "Copies into a layer of its own that does not depend on the layers below, so it stays cached when they change.",
  since: "1.4",
};
const EXCLUDE: FlagSpec = {
  name: "--exclude",
  value: "text",
  about: "Leaves out what matches the pattern.",
  repeatable: true,
  since: "1.19",
  labs: "1.7",
};

/** By name, in the order people write them. */
const SPECS: readonly InstructionSpec[] = [
  {
    name: "FROM",
    about: "Begins a stage on an image, on an earlier stage, or on nothing (`scratch`).",
    usage: ["FROM [--platform=<platform>] <image>[:<tag>][@<digest>] [AS <name>]"],
    flags: [
      {
        name: "--platform",
        value: "platform",
        about: "Platform of the image: `linux/amd64`, `$BUILDPLATFORM`. The target's, if it is not given.",
      },
    ],
    needs: "an image, or an image AS a name",
    least: 1,
    most: 3,
    json: false,
    heredoc: false,
    trigger: false,
  },
  {
    name: "RUN",
    about: "Runs a command and keeps what it changed as a layer.",
    usage: ["RUN [OPTIONS] <command> ...", 'RUN [OPTIONS] ["<command>", ...]', "RUN [OPTIONS] <<EOF"],
    flags: [
      {
        name: "--mount",
        value: "mount",
        about:
          "Mounts a cache, a secret, an SSH agent, a tmpfs, or files of the context or of a stage while the command runs.",
        repeatable: true,
        since: "1.2",
        labs: "1.0",
      },
      {
        name: "--network",
        value: "text",
        about: "Network of the command.",
        choices: ["default", "none", "host"],
        since: "1.3",
        labs: "1.1",
      },
      {
        name: "--security",
        value: "text",
        about: "`insecure` runs without sandbox and needs the entitlement security.insecure.",
        choices: ["sandbox", "insecure"],
        since: "1.20",
        labs: "1.0",
      },
      { name: "--device", value: "text", about: "CDI devices the command may use.", repeatable: true, labs: "1.14" },
    ],
    needs: "a command",
    least: 0,
    json: true,
    heredoc: true,
    trigger: true,
  },
  {
    name: "COPY",
    about: "Copies files of the build context, of a stage or of an image.",
    usage: ["COPY [OPTIONS] <src> ... <dest>", 'COPY [OPTIONS] ["<src>", ... "<dest>"]', "COPY [OPTIONS] <<EOF <dest>"],
    flags: [
      { name: "--from", value: "source", about: "Stage, build context or image to copy from." },
      CHOWN,
      CHMOD,
      LINK,
      {
        name: "--parents",
        value: "boolean",
        about: "Keeps the folders of the sources, below `/./` if that stands in them.",
        since: "1.20",
        labs: "1.7",
      },
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
    about: "Copies files, downloads URLs, clones Git repositories and unpacks local tar archives.",
    usage: ["ADD [OPTIONS] <src> ... <dest>", 'ADD [OPTIONS] ["<src>", ... "<dest>"]'],
    flags: [
      {
        name: "--keep-git-dir",
        value: "boolean",
        about: "Keeps the .git folder of a cloned repository.",
        since: "1.6",
        labs: "1.1",
      },
      {
        name: "--checksum",
        value: "text",
        about: "The build fails unless the download has this digest (`sha256:…`), or the repository this commit.",
        since: "1.6",
        labs: "1.5",
      },
      CHOWN,
      CHMOD,
      LINK,
      {
        name: "--unpack",
        value: "boolean",
        about: "Whether archives are unpacked: local ones are, downloaded ones are not, unless this says otherwise.",
        since: "1.17",
      },
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
    about: "Sets the folder of the instructions that follow and of the container, and makes it.",
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
    about: "Sets environment variables for the build and for the container.",
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
    about:
      "Declares variables that `--build-arg` sets, for the rest of the stage, or for FROM if it stands before the first.",
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
    about: "Adds metadata to the image.",
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
    about: "Sets the user, and group, of the instructions that follow and of the container.",
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
    about: "Says which ports the container listens on.",
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
    about: "Makes folders volumes: what the container writes there is kept outside its layers.",
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
    about: "The command a container runs, or the arguments of its ENTRYPOINT, unless others are given.",
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
    about: "The program a container runs.",
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
    about: "How to find out that the container still works; NONE switches off what the base image has.",
    usage: ["HEALTHCHECK [OPTIONS] CMD <command>", "HEALTHCHECK NONE"],
    flags: [
      { name: "--interval", value: "duration", about: "Time between two checks (30s)." },
      { name: "--timeout", value: "duration", about: "A check that takes longer has failed (30s)." },
      { name: "--start-period", value: "duration", about: "Time to start in which failures do not count (0s)." },
      {
        name: "--start-interval",
        value: "duration",
        about: "Time between two checks in the start period (5s).",
        since: "1.6",
      },
      { name: "--retries", value: "count", about: "Failures in a row that make the container unhealthy (3)." },
    ],
    needs: "CMD and a command, or NONE",
    least: 1,
    json: true,
    heredoc: false,
    trigger: true,
  },
  {
    name: "SHELL",
    about: "Sets the shell of the shell form.",
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
    about: "The signal that asks the container to stop.",
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
    about: "Keeps an instruction for the builds that are FROM this image.",
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
    about: "The author of the image. Deprecated: a label says it now.",
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
  readonly about: string;
  /** May stand without `=value`. */
  readonly bare?: true;
  readonly choices?: readonly string[];
  readonly since?: string;
}

export interface MountType {
  readonly name: string;
  readonly about: string;
  readonly options: readonly MountOption[];
}

const option = (name: string, about: string, more: Partial<MountOption> = {}): MountOption => ({
  name,
  aliases: [],
  about,
  ...more,
});
const TARGET = option("target", "Path in the container.", { aliases: ["dst", "destination"] });
const READ_ONLY = option("readonly", "Nothing can be written.", { aliases: ["ro"], bare: true });
const READ_WRITE = option("readwrite", "What is written is dropped after the command.", {
  aliases: ["rw"],
  bare: true,
});
const FROM = option("from", "Stage, build context or image it comes from.");
const REQUIRED = option("required", "The build fails when it is not given.", { bare: true });
const owner = (of: string, mode: string): MountOption[] => [
  option("mode", `Permissions of the ${of}, octal (${mode}).`),
  option("uid", `User of the ${of} (0).`),
  option("gid", `Group of the ${of} (0).`),
];

/** Of `RUN --mount=type=…`; a mount without type is a bind. */
export const MOUNT_TYPES: readonly MountType[] = [
  {
    name: "bind",
    about: "Files of the build context, a stage or an image, without copying them.",
    options: [
      TARGET,
      option("source", "Path in what it comes from.", { aliases: ["src"] }),
      FROM,
      READ_WRITE,
      READ_ONLY,
    ],
  },
  {
    name: "cache",
    about: "A folder that is kept between builds: packages, compiler caches.",
    options: [
      TARGET,
      option("id", "Name of the cache; its target, if not given."),
      option("sharing", "What several builds at once do with it.", { choices: ["shared", "private", "locked"] }),
      FROM,
      option("source", "Path in `from`.", { aliases: ["src"] }),
      READ_ONLY,
      READ_WRITE,
      ...owner("folder", "0755"),
    ],
  },
  {
    name: "tmpfs",
    about: "An empty folder in memory.",
    options: [TARGET, option("size", "The most it may hold."), READ_ONLY, READ_WRITE],
  },
  {
    name: "secret",
    about: "A secret of `docker build --secret`, as a file or a variable, never kept in a layer.",
    options: [
      option("id", "Name of the secret.", { aliases: ["source", "src"] }),
      TARGET,
      option("env", "Variable to put it in.", { since: "1.10" }),
      REQUIRED,
      READ_ONLY,
      READ_WRITE,
      ...owner("file", "0400"),
    ],
  },
  {
    name: "ssh",
    about: "The SSH agent or keys of `docker build --ssh`.",
    options: [
      option("id", "Name of the agent socket or key (default)."),
      TARGET,
      REQUIRED,
      READ_ONLY,
      READ_WRITE,
      ...owner("socket", "0600"),
    ],
  },
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
