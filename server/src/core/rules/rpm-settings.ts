/** Settings that calls of yum, dnf and their like give for once or for good. Shared by sig-yum and tls-yum-config. */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { programsCalled } from "../model/dockerfile/programs.ts";
import type { Report } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { commandRemoval, wordRemoval } from "./verification.ts";

const PROGRAMS = [
  "yum",
  "dnf",
  "dnf5",
  "dnf-3",
  "microdnf",
  "tdnf",
  "zypper",
  "yum-builddep",
  "yum-config-manager",
  "dnf-config-manager",
];

export interface RpmSetting {
  readonly program: string;
  readonly value: string;
  /** With the `--setopt` in front of it. */
  readonly span: Span;
  /** Takes it away: the whole command where a config manager sets nothing else. */
  readonly remedy: Pick<Report, "fixes" | "refusal">;
}

/** The words of their calls that match. */
export const rpmSettings = (dockerfile: Dockerfile, pattern: RegExp): readonly RpmSetting[] =>
  PROGRAMS.flatMap((name) => programsCalled(dockerfile, name)).flatMap((program) => {
    const { args, name = "" } = program.command;
    return args.flatMap((word, at): readonly RpmSetting[] => {
      if (!pattern.test(word.value)) return [];
      const before = args[at - 1];
      const first = before?.value === "--setopt" ? before : word;
      const rest = args.filter((each) => each !== word && each !== first);
      const alone =
        (name.endsWith("config-manager") || rest[0]?.value === "config-manager") &&
        rest.every(({ value }) => value === "--save" || !value.startsWith("-"));
      return [
        {
          program: name,
          value: word.value,
          span: { start: first.span.start, end: word.span.end },
          remedy: alone ? commandRemoval(dockerfile, program) : wordRemoval(dockerfile, program, first, word),
        },
      ];
    });
  });
