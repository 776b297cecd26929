/**
 * What instructions, flags, mounts and directives are for, in a sentence each, and where the reference says more. Only features of
 * editors read it: checking does not load it. Releases are in instructions.ts.
 */

export interface Doc {
  /** One sentence, Markdown. */
  readonly about: string;
  /** Of the reference's page. */
  readonly anchor: string;
  /** What the known values mean. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface InstructionDoc extends Doc {
  /** By name, with its dashes. */
  readonly flags: Readonly<Record<string, Doc>>;
}

export interface MountDoc extends Doc {
  /** By the option's first name. */
  readonly options: Readonly<Record<string, Doc>>;
}

const REFERENCE = "https://docs.docker.com/reference/dockerfile/";

export const referenceOf = ({ anchor }: Pick<Doc, "anchor">): string => `${REFERENCE}#${anchor}`;

const doc = (anchor: string, about: string, values?: Doc["values"]): Doc => ({
  about,
  anchor,
  ...(values && { values }),
});

const yes = (about: string): Doc["values"] => ({ true: about, false: "as without the flag" });

const COPIED = (name: string): Readonly<Record<string, Doc>> => ({
  "--chown": doc(
    `${name}---chown`,
    "Owner of what is copied: `user`, `user:group` or numbers; names are looked up in the image's own `/etc/passwd`. Root, if not given.",
  ),
  "--chmod": doc(
    `${name}---chmod`,
    "Permissions of what is copied: octal as in `755`, or symbolic as in `u=rwX,go=rX` (since 1.14).",
    {
      "755": "programs and folders everybody may use",
      "644": "files everybody may read",
      "600": "files only their owner may read",
      "700": "programs and folders of their owner alone",
      "u=rwX,go=rX": "folders and programs 755, other files 644",
    },
  ),
  "--link": doc(
    `${name}---link`,
    "Puts the files into a layer that does not depend on those below, so that it stays cached when they change.",
    yes("a layer of its own; symbolic links in the destination are not followed"),
  ),
  "--exclude": doc(
    `${name}---exclude`,
    "Leaves out the sources that match the pattern, written as in a .dockerignore.",
  ),
});

export const INSTRUCTION_DOCS: Readonly<Record<string, InstructionDoc>> = {
  FROM: {
    ...doc("from", "Begins a stage on an image, on an earlier stage, or on nothing at all (`scratch`)."),
    flags: {
      "--platform": doc(
        "from",
        "Platform the image is taken for, where it has several. The one that is built for, if not given.",
        {
          $BUILDPLATFORM: "the machine that builds: for stages that cross-compile",
          $TARGETPLATFORM: "what is built for, as without the flag",
        },
      ),
    },
  },
  RUN: {
    ...doc("run", "Runs a command while the image is built and keeps what it changed in a layer."),
    flags: {
      "--mount": doc(
        "run---mount",
        "Lends the command files while it runs: a cache, a secret, an SSH agent, memory, or files of the build context or another stage.",
      ),
      "--network": doc("run---network", "Network the command is in.", {
        default: "the network of the build",
        none: "no network: what is needed has to be there already",
        host: "the builder's own; the build has to allow it (`--allow network.host`)",
      }),
      "--security": doc("run---security", "How the command is fenced in.", {
        sandbox: "as every command of a build",
        insecure:
          "without a fence, as `docker run --privileged`; the build has to allow it (`--allow security.insecure`)",
      }),
      "--device": doc(
        "run---device",
        "Device of the builder the command may use, by its CDI name; the build has to allow it (`--allow device`).",
      ),
    },
  },
  COPY: {
    ...doc("copy", "Copies files of the build context, of another stage or of an image into the image."),
    flags: {
      "--from": doc(
        "copy---from",
        "What to copy from instead of the build context: a stage, a named context or an image.",
      ),
      ...COPIED("copy"),
      "--parents": doc(
        "copy---parents",
        "Keeps the folders the sources stand in, from `/./` on where that is part of them.",
        yes("folders are kept"),
      ),
    },
  },
  ADD: {
    ...doc(
      "add",
      "Copies files, downloads from addresses, clones Git repositories, and unpacks tar archives of the context.",
    ),
    flags: {
      "--keep-git-dir": doc("add---keep-git-dir", "Whether a cloned repository keeps its `.git`.", yes("it is kept")),
      "--checksum": doc(
        "add---checksum",
        "What the download has to be: `sha256:…` of a file, the commit of a repository. The build stops at anything else.",
      ),
      "--unpack": doc(
        "add---unpack",
        "Whether archives are unpacked. Without it those of the context are, and downloaded ones are not.",
        { true: "downloaded ones too", false: "none" },
      ),
      ...COPIED("add"),
    },
  },
  WORKDIR: {
    ...doc("workdir", "Folder that the instructions below and the container work in; it is made where it is missing."),
    flags: {},
  },
  ENV: {
    ...doc("env", "Sets variables for the instructions below and for every container of the image."),
    flags: {},
  },
  ARG: {
    ...doc(
      "arg",
      "Declares variables that `--build-arg` can set: for the rest of the stage, or for FROM where it stands above the first.",
    ),
    flags: {},
  },
  LABEL: { ...doc("label", "Writes facts about the image into it, as pairs of key and value."), flags: {} },
  USER: {
    ...doc("user", "User, and group, that the instructions below and the container run as."),
    flags: {},
  },
  EXPOSE: {
    ...doc("expose", "Says which ports the container listens on. Nothing is published by it."),
    flags: {},
  },
  VOLUME: {
    ...doc("volume", "Makes folders volumes: what containers write there is kept outside of their layers."),
    flags: {},
  },
  CMD: {
    ...doc("cmd", "What a container starts, or the arguments of its ENTRYPOINT, unless somebody gives others."),
    flags: {},
  },
  ENTRYPOINT: {
    ...doc("entrypoint", "The program that every container of the image starts."),
    flags: {},
  },
  HEALTHCHECK: {
    ...doc(
      "healthcheck",
      "How Docker finds out whether the container still works; `NONE` switches off what the base image has.",
    ),
    flags: {
      "--interval": doc("healthcheck", "Time from one check to the next; 30s, if not given."),
      "--timeout": doc("healthcheck", "A check that takes longer has failed; 30s, if not given."),
      "--start-period": doc(
        "healthcheck",
        "Time the application has to start, in which failures do not count; none, if not given.",
      ),
      "--start-interval": doc("healthcheck", "Time from one check to the next while it starts; 5s, if not given."),
      "--retries": doc("healthcheck", "Failures in a row after which the container is unhealthy; 3, if not given."),
    },
  },
  SHELL: {
    ...doc("shell", "Program and options that run the shell form of the instructions below."),
    flags: {},
  },
  STOPSIGNAL: { ...doc("stopsignal", "Signal that asks the container to stop; SIGTERM, if not given."), flags: {} },
  ONBUILD: {
    ...doc(
      "onbuild",
      "Keeps an instruction for builds that are FROM this image; it runs there, right after their FROM.",
    ),
    flags: {},
  },
  MAINTAINER: {
    ...doc(
      "maintainer-deprecated",
      "Author of the image. The label `org.opencontainers.image.authors` has taken its place.",
    ),
    flags: {},
  },
};

/** Releases that are about an instruction as a whole or a form of it; shown where the instruction is. */
export const FORM_RELEASES: Readonly<Record<string, string>> = {
  RUN: "Heredocs need Dockerfile 1.4",
  COPY: "Heredocs need Dockerfile 1.4",
  ADD: "Git repositories need Dockerfile 1.6, heredocs 1.4",
  ARG: "Several in one instruction need Dockerfile 1.2",
};

const TARGET = "Path in the container, absolute or from the working folder.";
const BOTH: Readonly<Record<string, string>> = {
  readonly: "The command cannot write there.",
  readwrite: "The command may write there; what it writes is dropped afterwards.",
};

const options = (anchor: string, texts: Readonly<Record<string, string>>): Readonly<Record<string, Doc>> =>
  Object.fromEntries(Object.entries({ ...BOTH, ...texts }).map(([name, about]) => [name, doc(anchor, about)]));

const owner = (of: string, mode: string): Readonly<Record<string, string>> => ({
  mode: `Permissions of the ${of}, octal; ${mode}, if not given.`,
  uid: `Number of the user the ${of} belongs to; 0, if not given.`,
  gid: `Number of the group the ${of} belongs to; 0, if not given.`,
});

const SHARING = {
  shared: "all at the same time, as without it",
  private: "each its own copy",
  locked: "one after the other: for apt and whatever locks its folder",
};

const CACHE = options("run---mounttypecache", {
  target: TARGET,
  id: "Name of the cache: mounts with one name share it. The target, if not given.",
  from: "Stage, named context or image the cache begins with; empty, if not given.",
  source: "Folder in `from` the cache begins with.",
  ...owner("folder", "0755"),
});

/** By type. */
export const MOUNT_DOCS: Readonly<Record<string, MountDoc>> = {
  bind: {
    ...doc(
      "run---mounttypebind",
      "Shows the command files of the build context, a stage or an image without copying them.",
    ),
    options: options("run---mounttypebind", {
      target: TARGET,
      source: "File or folder in what it comes from; all of it, if not given.",
      from: "Stage, named context or image the files come from; the build context, if not given.",
    }),
  },
  cache: {
    ...doc(
      "run---mounttypecache",
      "A folder the builder keeps from build to build, for packages and compilers; it is no part of the image.",
    ),
    options: {
      ...CACHE,
      sharing: doc("run---mounttypecache", "What builds at the same time do with the cache.", SHARING),
    },
  },
  tmpfs: {
    ...doc("run---mounttypetmpfs", "An empty folder in memory that is gone after the command."),
    options: options("run---mounttypetmpfs", { target: TARGET, size: "The most it may hold, as in `64m`." }),
  },
  secret: {
    ...doc(
      "run---mounttypesecret",
      "A secret of `docker build --secret` as a file or a variable; it gets into no layer.",
    ),
    options: options("run---mounttypesecret", {
      id: "Name of the secret, as `--secret id=…` gives it; the last part of the target, if not given.",
      target: "File to put it in; `/run/secrets/` and the id, if neither this nor `env` is given.",
      env: "Variable to put it in.",
      required: "The build stops when the secret is not given.",
      ...owner("file", "0400"),
    }),
  },
  ssh: {
    ...doc("run---mounttypessh", "The SSH agent or keys of `docker build --ssh`, for one command."),
    options: options("run---mounttypessh", {
      id: "Name of the agent or key, as `--ssh` gives it; `default`, if not given.",
      target: "Socket to put it at.",
      required: "The build stops when it is not given.",
      ...owner("socket", "0600"),
    }),
  },
};

export const MOUNT_TYPE_DOC: Doc = doc("run---mount", "What is mounted; `bind`, if not given.", {
  bind: "files of the build context, a stage or an image",
  cache: "a folder that is kept between builds",
  tmpfs: "memory",
  secret: "a secret of the build",
  ssh: "an SSH agent",
});

export interface DirectiveDoc extends Doc {
  readonly since?: string;
}

/** Comments at the very top that say how the file is read. */
export const DIRECTIVE_DOCS: Readonly<Record<string, DirectiveDoc>> = {
  syntax: doc("syntax", "The image that reads this file, which also decides what may stand in it.", {
    "docker/dockerfile:1": "today's Dockerfile, whatever the builder comes with",
    "docker/dockerfile:1-labs": "with what is still being tried out",
  }),
  escape: doc("escape", "The character that continues a line and takes away the meaning of the next one.", {
    "\\": "as without it",
    "`": "for Windows, where backslashes are part of paths",
  }),
  check: {
    ...doc("check", "How BuildKit's own checks treat this file.", {
      skip: "checks that do not run, or `all`",
      error: "`true`: a finding stops the build",
      experimental: "checks that only run when they are named, or `all`",
    }),
    since: "1.8",
  },
};

const PREDEFINED = "predefined-args";
const PLATFORM = "automatic-platform-args-in-the-global-scope";
const BUILT_IN = "buildkit-built-in-build-args";

/** Variables BuildKit sets or listens to. */
export const VARIABLE_DOCS: Readonly<Record<string, Doc>> = {
  TARGETPLATFORM: doc(PLATFORM, "What is built for, as in `linux/arm64`."),
  TARGETOS: doc(PLATFORM, "Operating system that is built for: `linux`, `windows`."),
  TARGETARCH: doc(PLATFORM, "Architecture that is built for: `amd64`, `arm64`, `arm`."),
  TARGETVARIANT: doc(PLATFORM, "Variant of that architecture, as `v7` of `arm`; often empty."),
  TARGETOSVERSION: doc(PLATFORM, "Version of the operating system that is built for, on Windows."),
  TARGETSTAGE: doc(PLATFORM, "The stage that is built (`--target`)."),
  BUILDPLATFORM: doc(PLATFORM, "What the machine that builds is, as in `linux/amd64`."),
  BUILDOS: doc(PLATFORM, "Operating system of the machine that builds."),
  BUILDARCH: doc(PLATFORM, "Architecture of the machine that builds."),
  BUILDVARIANT: doc(PLATFORM, "Variant of the architecture of the machine that builds."),
  BUILDOSVERSION: doc(PLATFORM, "Version of the operating system of the machine that builds."),
  HTTP_PROXY: doc(PREDEFINED, "Proxy for http, if the build is given one; kept out of the image and its history."),
  HTTPS_PROXY: doc(PREDEFINED, "Proxy for https, if the build is given one; kept out of the image and its history."),
  FTP_PROXY: doc(PREDEFINED, "Proxy for ftp, if the build is given one; kept out of the image and its history."),
  NO_PROXY: doc(PREDEFINED, "Hosts that are reached without a proxy, if the build is given some."),
  ALL_PROXY: doc(
    PREDEFINED,
    "Proxy for everything else, if the build is given one; kept out of the image and its history.",
  ),
  SOURCE_DATE_EPOCH: doc(BUILT_IN, "Seconds since 1970 that BuildKit takes for the time of the image and its files."),
  BUILDKIT_SBOM_SCAN_STAGE: doc("arg", "`true`: the SBOM of the build lists what is in this stage as well."),
  BUILDKIT_SBOM_SCAN_CONTEXT: doc("arg", "`true`: the SBOM of the build lists what is in the build context as well."),
};
