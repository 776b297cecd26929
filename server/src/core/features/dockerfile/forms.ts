/** The forms of each instruction for signature help, with what each part of them is. */

export interface Parameter {
  /** As it stands in the label. */
  readonly text: string;
  readonly about: string;
  /** `each`: every word but the last; `last`: the last one; `value`: behind a separator. Without one: by its position. */
  readonly role?: "options" | "each" | "last" | "value";
}

export interface Form {
  readonly label: string;
  /** How its arguments begin; the first form is any other. */
  readonly kind?: "json" | "heredoc" | "none";
  readonly parameters: readonly Parameter[];
}

const options = (text: string, about: string): Parameter => ({ text, about, role: "options" });
const each = (text: string, about: string): Parameter => ({ text, about, role: "each" });
const last = (text: string, about: string): Parameter => ({ text, about, role: "last" });
const value = (text: string, about: string): Parameter => ({ text, about, role: "value" });
const at = (text: string, about: string): Parameter => ({ text, about });

const RUN_OPTIONS = options("[OPTIONS]", "`--mount`, `--network`, `--security`, `--device`");
const COPY_OPTIONS = options("[OPTIONS]", "`--from`, `--chown`, `--chmod`, `--link`, `--parents`, `--exclude`");
const ADD_OPTIONS = options(
  "[OPTIONS]",
  "`--checksum`, `--unpack`, `--keep-git-dir`, `--chown`, `--chmod`, `--link`, `--exclude`",
);
const DEST =
  "Where to, absolute or from the working folder. A slash at its end makes it a folder; several sources need one.";
const COPY_SRC =
  "File, folder or pattern in the build context, or in what `--from` names. Of a folder what is in it is copied.";
const ADD_SRC = "File, folder or pattern in the build context, an address, or a Git repository.";
const PROGRAM = "The program; no shell takes part, so variables and `&&` mean nothing to it.";
const ARGUMENT = "An argument, as it is.";

const pairs = (keyword: string, key: string, keyAbout: string, valueAbout: string): readonly Form[] => [
  { label: `${keyword} <${key}>=<value> ...`, parameters: [each(`<${key}>`, keyAbout), value("<value>", valueAbout)] },
];

const command = (keyword: string, about: string): readonly Form[] => [
  { label: `${keyword} <command> ...`, parameters: [at("<command> ...", about)] },
  {
    label: `${keyword} ["<program>", "<argument>", ...]`,
    kind: "json",
    parameters: [at('"<program>"', PROGRAM), at('"<argument>"', ARGUMENT)],
  },
];

export const FORMS: Readonly<Record<string, readonly Form[]>> = {
  FROM: [
    {
      label: "FROM [--platform=<platform>] <image> [AS <name>]",
      parameters: [
        options("[--platform=<platform>]", "Platform the image is taken for."),
        at("<image>", "An image with tag or digest, a stage above, or `scratch`."),
        at("AS", "Gives the stage a name."),
        at("<name>", "Lower case letters, digits, `-`, `_` and `.`; a letter first."),
      ],
    },
  ],
  RUN: [
    { label: "RUN [OPTIONS] <command> ...", parameters: [RUN_OPTIONS, at("<command> ...", "What the shell runs.")] },
    {
      label: 'RUN [OPTIONS] ["<program>", "<argument>", ...]',
      kind: "json",
      parameters: [RUN_OPTIONS, at('"<program>"', PROGRAM), at('"<argument>"', ARGUMENT)],
    },
    {
      label: "RUN [OPTIONS] <<EOF",
      kind: "heredoc",
      parameters: [RUN_OPTIONS, at("<<EOF", "The lines below, up to one that is `EOF`, are a script.")],
    },
  ],
  COPY: [
    {
      label: "COPY [OPTIONS] <src> ... <dest>",
      parameters: [COPY_OPTIONS, each("<src> ...", COPY_SRC), last("<dest>", DEST)],
    },
    {
      label: 'COPY [OPTIONS] ["<src>", ... "<dest>"]',
      kind: "json",
      parameters: [COPY_OPTIONS, each('"<src>", ...', COPY_SRC), last('"<dest>"', DEST)],
    },
    {
      label: "COPY [OPTIONS] <<EOF <dest>",
      kind: "heredoc",
      parameters: [
        COPY_OPTIONS,
        each("<<EOF", "The lines below, up to one that is `EOF`, are the file."),
        last("<dest>", DEST),
      ],
    },
  ],
  ADD: [
    {
      label: "ADD [OPTIONS] <src> ... <dest>",
      parameters: [ADD_OPTIONS, each("<src> ...", ADD_SRC), last("<dest>", DEST)],
    },
    {
      label: 'ADD [OPTIONS] ["<src>", ... "<dest>"]',
      kind: "json",
      parameters: [ADD_OPTIONS, each('"<src>", ...', ADD_SRC), last('"<dest>"', DEST)],
    },
  ],
  WORKDIR: [{ label: "WORKDIR <path>", parameters: [at("<path>", "Absolute, or from the working folder there is.")] }],
  ENV: pairs(
    "ENV",
    "key",
    "Name of the variable.",
    "Its value, in quotes if there are blanks in it; variables are put in.",
  ),
  ARG: [
    {
      label: "ARG <name>[=<default>] ...",
      parameters: [
        each("<name>", "Name of the variable."),
        value("[=<default>]", "Its value, unless `--build-arg` gives another."),
      ],
    },
  ],
  LABEL: pairs(
    "LABEL",
    "key",
    "Name of the label, as in `org.opencontainers.image.source`.",
    "Its value, in double quotes.",
  ),
  USER: [
    {
      label: "USER <user>[:<group>]",
      parameters: [
        each("<user>", "Name or number."),
        value("[:<group>]", "Name or number; without it the user's own groups count."),
      ],
    },
  ],
  EXPOSE: [
    {
      label: "EXPOSE <port>[/<protocol>] ...",
      parameters: [
        each("<port>", "The container's port, or a range of them."),
        value("[/<protocol>]", "`tcp`, if not given, `udp` or `sctp`."),
      ],
    },
  ],
  VOLUME: [
    { label: "VOLUME <path> ...", parameters: [at("<path> ...", "Folder in the container.")] },
    { label: 'VOLUME ["<path>", ...]', kind: "json", parameters: [at('"<path>"', "Folder in the container.")] },
  ],
  CMD: command("CMD", "What the shell runs, with the shell as the container's first process."),
  ENTRYPOINT: command("ENTRYPOINT", "What the shell runs; arguments of CMD and of `docker run` do not reach it."),
  HEALTHCHECK: [
    {
      label: "HEALTHCHECK [OPTIONS] CMD <command>",
      parameters: [
        options("[OPTIONS]", "`--interval`, `--timeout`, `--start-period`, `--start-interval`, `--retries`"),
        at("CMD", "A command follows."),
        at("<command>", "Ends with 0 when all is well, with 1 when not; a shell line or an array."),
      ],
    },
    { label: "HEALTHCHECK NONE", kind: "none", parameters: [at("NONE", "No check, whatever the base image has.")] },
  ],
  SHELL: [
    {
      label: 'SHELL ["<program>", "<option>", ...]',
      parameters: [
        at('"<program>"', "The shell."),
        at('"<option>"', "The last one makes it take the command: `-c`, `-Command`, `/C`."),
      ],
    },
  ],
  STOPSIGNAL: [{ label: "STOPSIGNAL <signal>", parameters: [at("<signal>", "A name as `SIGTERM`, or a number.")] }],
  ONBUILD: [
    { label: "ONBUILD <instruction>", parameters: [at("<instruction>", "Any but FROM, ONBUILD and MAINTAINER.")] },
  ],
  MAINTAINER: [{ label: "MAINTAINER <name>", parameters: [at("<name>", "Deprecated: use a label.")] }],
};
