/** What may stand behind the flags, by instruction. */
import { workdirAt } from "../../model/dockerfile/before.ts";
import { baseImageOf, familyUnder } from "../../model/dockerfile/facts.ts";
import { VARIABLE_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import { keywordLike } from "../../model/dockerfile/layout.ts";
import { lineageInstructions } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { isSecret } from "../compose/secret.ts";
import { accountCandidates } from "./completion-accounts.ts";
import { folderCandidates } from "./completion-folders.ts";
import type { Argument, Candidate, Inside } from "./completion-model.ts";
import { contextPaths, stagePaths } from "./completion-paths.ts";
import { portCandidates } from "./completion-ports.ts";
import { earlierStages } from "./completion-stages.ts";
import { linkTo, paragraphs } from "./documentation.ts";
import { LABEL_KEYS, USUAL_ENVIRONMENT } from "./usual.ts";
import { globalArgs, PLATFORM_NAMES } from "./variables-here.ts";

type Source = (inside: Inside, part: Argument) => readonly Candidate[];

export const argumentCandidates: Source = (inside, part) => {
  const { name } = inside.place;
  // A form that is no array has none of what an array holds.
  if (part.form === "array") return [];
  return SOURCES[name]?.(inside, part) ?? [];
};

const isFirst = ({ before }: Argument): boolean => before.length === 0;
const bare = ({ form, quote }: Argument): boolean => form === "plain" && quote === "";

const from: Source = ({ dockerfile, instruction }, part) => {
  if (part.before.length === 1)
    return [
      {
        label: keywordLike(dockerfile, "AS"),
        kind: "keyword",
        text: `${keywordLike(dockerfile, "AS")} `,
        about: "Gives the stage a name, for `FROM`, `--from` and `--target`.",
      },
    ];
  if (!isFirst(part)) return [];
  return [
    ...earlierStages(dockerfile, instruction.stage),
    {
      label: "scratch",
      kind: "image",
      detail: "nothing at all: no shell, no files",
      about: "An empty image: for programs that need no files but their own.",
    },
  ];
};

/** Sources first, and what the image has for the last word. */
const copied: Source = (inside, part) => {
  // The context, or the working folder: nothing is missing.
  if (part.typed === ".") return [];
  const isFrom = inside.place.flags.some(({ name }) => name === "--from");
  const sources = isFrom ? stagePaths(inside, part) : part.typed.startsWith("/") ? [] : contextPaths(inside, part);
  if (isFirst(part)) return sources;
  const targets = [...(part.typed === "" ? [HERE] : []), ...folderCandidates(inside, part)];
  const known = new Set(sources.map(({ label }) => label));
  return [...targets, ...sources].filter(
    ({ label }, at, all) =>
      at >= targets.length || !known.has(label) || all.findIndex((each) => each.label === label) === at,
  );
};

const HERE: Candidate = { label: "./", kind: "folder", detail: "the working folder" };

const folders =
  (...usual: readonly string[]): Source =>
  (inside, part) => {
    const known = folderCandidates(inside, part);
    const here = inside.place.name === "WORKDIR" ? workdirAt(inside.dockerfile, inside.instruction) : undefined;
    const isNew = (path: string): boolean => path !== here && known.every(({ label }) => label !== path);
    const others = part.typed.includes("$") ? [] : usual.filter(isNew);
    return [...known, ...others.map((label): Candidate => ({ label, kind: "folder" }))];
  };

const inImage: Source = (inside, part) =>
  part.typed.startsWith("/") || part.form === "string" ? folderCandidates(inside, part) : [];

/** A whole array, where nothing stands yet. */
const array =
  (inner: string, about: string): Source =>
  (inside, part) =>
    isFirst(part) && bare(part) && part.typed === ""
      ? [{ label: `[${inner}]`, kind: "value", detail: about, text: `["${inner}"]`, snippet: `["\${1:${inner}}"]` }]
      : inImage(inside, part);

const EXEC = "exec form: no shell in between";

const run: Source = (inside, part) => {
  if (!isFirst(part) || part.form !== "plain" || !/^<{0,2}$/.test(part.typed)) return inImage(inside, part);
  const { eol } = inside.dockerfile;
  return [
    {
      label: "<<EOF",
      kind: "value",
      detail: "heredoc: several commands, Dockerfile 1.4",
      text: `<<EOF${eol}EOF`,
      snippet: `<<EOF${eol}\${1:command}${eol}EOF`,
    },
  ];
};

const environment: Source = (inside, { typed, quote }) => {
  if (typed.includes("=") || quote !== "") return [];
  const { dockerfile, stage } = inside;
  const image = stage && baseImageOf(dockerfile, stage)?.name;
  const set = new Set(
    stage
      ? lineageInstructions(dockerfile, stage).flatMap(({ name, pairs }) =>
          name === "ENV" ? pairs.map(({ key }) => key.text) : [],
        )
      : [],
  );
  const rows = [...(image === undefined ? [] : (USUAL_ENVIRONMENT[image] ?? [])), ...(USUAL_ENVIRONMENT[""] ?? [])];
  const usual = rows.filter(([text]) => !set.has(text.split("=")[0] ?? ""));
  const keep =
    stage?.instructions.flatMap(({ name, pairs }) =>
      name === "ARG" ? pairs.map(({ key }) => unquote(key.text)) : [],
    ) ?? [];
  return [
    ...usual.map(
      ([text, detail]): Candidate => ({
        label: text,
        kind: "variable",
        detail,
        snippet: text.replace(/[\\$}]/g, "\\$&"),
      }),
    ),
    ...keep
      .filter((name) => !set.has(name))
      .map(
        (name): Candidate => ({
          label: `${name}=$${name}`,
          kind: "variable",
          detail: "keeps the ARG for the container",
        }),
      ),
  ];
};

const argument: Source = ({ dockerfile, stage, instruction }, { typed }) => {
  if (typed.includes("=")) return [];
  const own = new Set(
    (stage?.instructions ?? globalArgs(dockerfile))
      .filter((each) => each !== instruction && each.name === "ARG")
      .flatMap(({ pairs }) => pairs.map(({ key }) => key.text)),
  );
  const documented = (name: string): Candidate => {
    const doc = VARIABLE_DOCS[name];
    return { label: name, kind: "variable", detail: "BuildKit", about: doc && paragraphs(doc.about, linkTo(doc)) };
  };
  const taken = stage ? globalArgs(dockerfile).flatMap(({ pairs }) => pairs) : [];
  const globals = taken.map(
    ({ key, value }): Candidate => ({
      label: key.text,
      kind: "variable",
      detail: value && !isSecret(key.text) ? `as above the first FROM: ${value.text}` : "as above the first FROM",
    }),
  );
  const platforms = stage ? PLATFORM_NAMES.map(documented) : [];
  const special = ["SOURCE_DATE_EPOCH", "BUILDKIT_SBOM_SCAN_STAGE", "BUILDKIT_SBOM_SCAN_CONTEXT"].map(documented);
  const seen = new Set<string>();
  return [...globals, ...platforms, ...special].filter(
    ({ label }) => !own.has(label) && !seen.has(label) && seen.add(label),
  );
};

const labels: Source = ({ dockerfile, stage }, { typed, quote }) => {
  if (typed.includes("=")) return [];
  const set = new Set(
    (stage ? lineageInstructions(dockerfile, stage) : []).flatMap(({ name, pairs }) =>
      name === "LABEL" ? pairs.map(({ key }) => unquote(key.text)) : [],
    ),
  );
  return Object.entries(LABEL_KEYS)
    .filter(([key]) => !set.has(key))
    .map(([key, detail]) => ({
      label: key,
      kind: "key",
      detail,
      // A key in quotes has its equals sign behind them.
      ...(quote === "" && { text: `${key}=""`, snippet: `${key}="$1"` }),
    }));
};

const SIGNALS: Readonly<Record<string, string>> = {
  SIGTERM: "end, as without STOPSIGNAL",
  SIGINT: "as Ctrl+C",
  SIGQUIT: "nginx and PHP-FPM finish what they are at",
  SIGWINCH: "Apache finishes what it is at",
  SIGUSR1: "for programs that say so",
  SIGHUP: "read the configuration anew; some end",
  SIGKILL: "at once, without cleaning up",
  "SIGRTMIN+3": "systemd shuts down",
};

const health: Source = (inside, part) => {
  const { dockerfile, place } = inside;
  const [first] = part.before;
  if (first !== undefined) return first.toUpperCase() === "CMD" ? inImage(inside, part) : [];
  const command = keywordLike(dockerfile, "CMD");
  const none = keywordLike(dockerfile, "NONE");
  const shown: Candidate[] = [
    {
      label: command,
      kind: "keyword",
      detail: "the check: 0 is well, 1 is not",
      text: `${command} `,
      snippet: `${command} $0`,
    },
  ];
  return place.flags.length > 0
    ? shown
    : [...shown, { label: none, kind: "keyword", detail: "no check, whatever the base image has" }];
};

const SHELLS: Readonly<Record<string, readonly string[]>> = {
  alpine: ['["/bin/ash", "-eo", "pipefail", "-c"]', '["/bin/sh", "-ec"]'],
  windows: [
    '["powershell", "-Command", "$ErrorActionPreference = \'Stop\'; $ProgressPreference = \'SilentlyContinue\';"]',
    '["pwsh", "-Command", "$ErrorActionPreference = \'Stop\';"]',
    '["cmd", "/S", "/C"]',
  ],
};
const LINUX_SHELLS = [
  '["/bin/bash", "-o", "pipefail", "-c"]',
  '["/bin/bash", "-euo", "pipefail", "-c"]',
  '["/bin/sh", "-ec"]',
];

const shell: Source = ({ dockerfile, stage }, part) => {
  if (!isFirst(part) || !bare(part)) return [];
  const family = stage && familyUnder(dockerfile, stage);
  return ((family && SHELLS[family]) ?? LINUX_SHELLS).map((label) => ({ label, kind: "value" }));
};

const SOURCES: Readonly<Record<string, Source>> = {
  FROM: from,
  COPY: copied,
  ADD: copied,
  RUN: run,
  CMD: array("program", EXEC),
  ENTRYPOINT: array("program", EXEC),
  WORKDIR: (inside, part) => (isFirst(part) ? folders("/app", "/src", "/usr/src/app", "/workspace")(inside, part) : []),
  VOLUME: folders("/data", "/var/lib"),
  USER: (inside, part) => (isFirst(part) ? accountCandidates(inside, part) : []),
  EXPOSE: portCandidates,
  ENV: environment,
  ARG: argument,
  LABEL: labels,
  STOPSIGNAL: (_, part) =>
    isFirst(part) ? Object.entries(SIGNALS).map(([label, detail]) => ({ label, kind: "value", detail })) : [],
  HEALTHCHECK: health,
  SHELL: shell,
};
