/** Instructions, in the case of the file, with what most often stands behind them. */
import { INSTRUCTIONS, type InstructionSpec } from "../../model/dockerfile/instructions.ts";
import { keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { type Candidate, plainInSnippet, type Setting } from "./completion-model.ts";
import type { Place } from "./cursor.ts";
import { instructionText } from "./documentation.ts";
import { releaseOf } from "./since.ts";

type Keyword = Extract<Place, { readonly at: "keyword" }>;

/** Most often written first. */
const BY_USE =
  "RUN COPY ENV WORKDIR ARG USER EXPOSE CMD ENTRYPOINT HEALTHCHECK FROM LABEL VOLUME ADD SHELL STOPSIGNAL ONBUILD MAINTAINER".split(
    " ",
  );
/** Once a stage starts something, another one follows, if anything does. */
const AT_THE_END = ["FROM", "HEALTHCHECK", "CMD", "USER", "EXPOSE", "LABEL"];

/** What follows the keyword, with tab stops. */
const BEHIND: Readonly<Record<string, string>> = {
  ENV: "${1:NAME}=${2:value}",
  LABEL: '${1:key}="${2:value}"',
  CMD: '["${1:program}"]',
  ENTRYPOINT: '["${1:program}"]',
  HEALTHCHECK: "--interval=${1:30s} --timeout=${2:5s} CMD ${3:command}",
};

interface Form {
  readonly label: string;
  readonly behind: string;
  readonly since?: string;
}

/** Longer forms with a name of their own, below the keyword. */
const FORMS: Readonly<Record<string, readonly Form[]>> = {
  FROM: [{ label: "FROM … AS …", behind: "${1:image} AS ${2:name}" }],
  RUN: [
    { label: "RUN <<EOF", behind: "<<EOF\n${1:command}\nEOF", since: "1.4" },
    { label: "RUN --mount=type=cache", behind: "--mount=type=cache,target=${1:/root/.cache} $0", since: "1.2" },
    { label: "RUN --mount=type=secret", behind: "--mount=type=secret,id=${1:name},env=${2:NAME} $0", since: "1.10" },
  ],
  COPY: [{ label: "COPY --from", behind: "--from=$0" }],
};

export function keywordCandidates({ dockerfile }: Setting, place: Keyword): readonly Candidate[] {
  const { trigger, followed, span, typed } = place;
  if (/^[^a-z]/i.test(typed)) return [];
  const stage = dockerfile.stages.findLast(({ from }) => from.span.start < span.start);
  const names = trigger ? triggers() : stage ? order(dockerfile, stage, span.start) : ["FROM", "ARG"];
  return names.flatMap((name) => {
    const spec = INSTRUCTIONS.get(name);
    return spec ? candidatesOf(dockerfile, spec, followed) : [];
  });
}

const triggers = (): readonly string[] => BY_USE.filter((name) => INSTRUCTIONS.get(name)?.trigger === true);

function order({ instructions }: Dockerfile, stage: Stage, at: number): readonly string[] {
  const above = stage.instructions.filter(({ span }) => span.start < at);
  const isAfterStart = above.some(({ name }) => name === "CMD" || name === "ENTRYPOINT");
  if (!isAfterStart || instructions.length === 0) return BY_USE;
  return [...AT_THE_END, ...BY_USE.filter((name) => !AT_THE_END.includes(name))];
}

function candidatesOf(
  dockerfile: Dockerfile,
  { name, deprecated }: InstructionSpec,
  followed: boolean,
): readonly Candidate[] {
  const keyword = keywordLike(dockerfile, name);
  const about = instructionText(name);
  if (followed) return [{ label: keyword, kind: "keyword", about, deprecated }];
  const behind = BEHIND[name];
  const written = (rest: string): string =>
    plainInSnippet(`${keyword} `) +
    rest.replaceAll("\n", dockerfile.eol).replaceAll(" AS ", ` ${keywordLike(dockerfile, "AS")} `);
  const plain: Candidate = {
    label: keyword,
    kind: "keyword",
    about,
    deprecated,
    text: `${keyword} `,
    snippet: written(behind ?? "$0"),
  };
  const forms = (FORMS[name] ?? []).map(({ label, behind: rest, since }): Candidate => {
    const shown = label.replace(name, keyword).replace(" AS ", ` ${keywordLike(dockerfile, "AS")} `);
    return {
      label: shown,
      kind: "keyword",
      detail: since === undefined ? undefined : releaseOf({ since }),
      about,
      text: `${keyword} `,
      snippet: written(rest),
    };
  });
  return [plain, ...forms];
}
