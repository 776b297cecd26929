/**
 * Renames a stage, a variable or a heredoc, or says why not. What names mean afterwards is worked out anew and compared: a new name that
 * would change what any place means is refused.
 */
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { applyEdits, type Edit, replace, type Span } from "../../text/edit.ts";
import { heredocPlaces } from "./heredoc-places.ts";
import { nameAt, type NamePlace, namePlaces, type Subject } from "./names.ts";
import { stagePlaces } from "./stage-places.ts";
import { leftovers } from "./leftovers.ts";
import type { Variable } from "./variable-places.ts";

/** A sentence without its full stop. */
export interface Refusal {
  readonly refusal: string;
}

export interface Renameable {
  readonly subject: Subject;
  /** What is selected, and is in the field when it opens. */
  readonly span: Span;
  readonly name: string;
}

export interface Renaming {
  readonly subject: Subject;
  /** The name it had. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What else changes with the name: to be confirmed where an editor can ask. */
  readonly consequence?: string;
  /** What stays with the old name, for somebody to look at. */
  readonly left?: string;
}

/** Undefined when no name stands there. */
export function renameableAt(dockerfile: Dockerfile, offset: number): Renameable | Refusal | undefined {
  const place = nameAt(dockerfile, offset);
  if (!place) return undefined;
  const { subject, span } = place;
  const refusal = WHY_FIXED[subject.kind](dockerfile, subject as never, place);
  return refusal === undefined ? { subject, span, name: nameOf(subject) } : { refusal };
}

export function renameAt(dockerfile: Dockerfile, offset: number, to: string): Renaming | Refusal | undefined {
  const found = renameableAt(dockerfile, offset);
  if (!found || "refusal" in found) return found;
  const { subject, name } = found;
  const edits = spansToRename(dockerfile, subject)
    .filter((span) => dockerfile.text.slice(span.start, span.end) !== to)
    .map((span) => replace(span, to));
  if (to === name) return { subject, name, edits: [] };
  const against = whyNotCalled(dockerfile, subject, to) ?? clash(dockerfile, subject, to, edits);
  if (against !== undefined) return { refusal: against };
  const consequence = consequenceOf(dockerfile, subject, to);
  const left = subject.kind === "variable" ? leftovers(dockerfile, subject.variable) : undefined;
  return {
    subject,
    name,
    edits,
    ...(consequence !== undefined && { consequence }),
    ...(left !== undefined && { left }),
  };
}

export function nameOf(subject: Subject): string {
  if (subject.kind === "stage") return subject.stage.name?.text ?? "";
  return subject.kind === "variable" ? subject.variable.name : subject.heredoc.name;
}

function spansToRename(dockerfile: Dockerfile, subject: Subject): readonly Span[] {
  if (subject.kind === "variable") return subject.variable.places.map(({ span }) => span);
  if (subject.kind === "heredoc")
    return heredocPlaces(dockerfile)
      .filter(({ heredoc }) => heredoc === subject.heredoc)
      .map(({ span }) => span);
  return stagePlaces(dockerfile)
    .filter(({ stage, role }) => stage === subject.stage && (role === "declaration" || role === "name"))
    .map(({ span }) => span);
}

type OfKind<K extends Subject["kind"]> = Extract<Subject, { readonly kind: K }>;
type WhyFixed = {
  readonly [K in Subject["kind"]]: (dockerfile: Dockerfile, subject: OfKind<K>, at: NamePlace) => string | undefined;
};

/** Why the name cannot be another one, whatever that is. */
const WHY_FIXED: WhyFixed = {
  stage(dockerfile, { stage }, at) {
    const number = `This is the stage by its number, ${stage.index}`;
    if (!stage.name) return `${number}: it has no name. Write AS and a name behind its FROM`;
    const places = stagePlaces(dockerfile).filter((place) => place.stage === stage);
    const role = places.find(({ span }) => span === at.span || span.start === at.span.start)?.role;
    if (role === "index") return `${number}: rename ${stage.name.text} where its name stands`;
    if (places.some((place) => place.role === "computed"))
      return `A variable names the stage ${stage.name.text} in one place: write the name itself there first`;
    const { text, span } = stage.name;
    if (dockerfile.text.slice(span.start, span.end) !== text)
      return `The name ${text} is spelled over two lines: write it on one first`;
    return undefined;
  },
  variable: (_, { variable }) => ownMeaning(variable.name) ?? whyNotDeclared(variable) ?? spelledOddly(variable),
  heredoc(dockerfile, { heredoc }) {
    const places = heredocPlaces(dockerfile).filter((place) => place.heredoc === heredoc);
    if (!heredoc.terminator) return `The heredoc ${heredoc.name} has no closing line`;
    if (places.some(({ exact }) => !exact))
      return `${heredoc.name} is spelled with quotes or escapes inside: write it plainly first`;
    return undefined;
  },
};

/** Variables that programs and shells rely on. */
const RELIED_ON: ReadonlySet<string> = new Set(["PATH", "HOME", "PWD", "OLDPWD", "IFS", "SHELL", "HOSTNAME", "UID"]);

/** Names that mean something to BuildKit itself, or to everything that runs. */
function ownMeaning(name: string): string | undefined {
  if (PLATFORM_ARGS.has(name)) return `${name} is set by BuildKit, under this name only`;
  if (PREDEFINED_ARGS.has(name)) return `${name} is a predefined build argument: programs look for it under this name`;
  if (/^BUILDKIT_|^SOURCE_DATE_EPOCH$/.test(name)) return `${name} is a build argument that BuildKit itself reads`;
  if (RELIED_ON.has(name)) return `${name} is a variable that programs and shells look for under this name`;
  return undefined;
}

const whyNotDeclared = ({ name, declarations }: Variable): string | undefined =>
  declarations.length > 0
    ? undefined
    : `No ARG or ENV of this file declares ${name} there: it comes from the base image, or from whoever builds`;

const spelledOddly = ({ name, places }: Variable): string | undefined =>
  places.every(({ exact }) => exact)
    ? undefined
    : `${name} is spelled with escapes or over two lines in one place: write it plainly there first`;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** `validStageName` and `reservedStageNames` of BuildKit. */
const STAGE = /^[a-z][a-z0-9_.-]*$/i;
const RESERVED: ReadonlySet<string> = new Set(["scratch", "context"]);
const HEREDOC = /^[A-Za-z0-9_.-]+$/;

/** Why the name cannot be this one. */
function whyNotCalled({ text }: Dockerfile, subject: Subject, to: string): string | undefined {
  if (to === "") return "A name has at least one character";
  if (subject.kind === "stage") {
    if (!STAGE.test(to))
      return `${to} cannot be a stage: its name begins with a letter and has letters, digits, _, . and - only`;
    return RESERVED.has(to.toLowerCase()) ? `${to} cannot be a stage: BuildKit means something else by it` : undefined;
  }
  if (subject.kind === "variable") {
    if (!NAME.test(to)) return `${to} cannot be a variable: its name has letters, digits and _ only, no digit first`;
    return ownMeaning(to);
  }
  const { body } = subject.heredoc;
  if (!HEREDOC.test(to)) return `${to} cannot be the heredoc's name: letters, digits, _, . and - are safe everywhere`;
  return text
    .slice(body.start, body.end)
    .split(/\r*\n/)
    .some((line) => line.replace(/^\t+/, "") === to)
    ? `A line of the heredoc is ${to}: it would end there`
    : undefined;
}

/** Why another place would mean something else than today. */
function clash(dockerfile: Dockerfile, subject: Subject, to: string, edits: readonly Edit[]): string | undefined {
  const kind = subject.kind === "variable" ? "variable" : subject.kind;
  const name = nameOf(subject);
  if (subject.kind === "stage") {
    const same = dockerfile.stages.some(
      (stage) => stage !== subject.stage && stage.name?.text.toLowerCase() === to.toLowerCase(),
    );
    if (same) return `There is a stage ${to} already: ${name} and ${to} would become one`;
  }
  const after = parseDockerfile(applyEdits(dockerfile.text, edits), dockerfile.name);
  if (meansTheSame(dockerfile, after, edits)) return undefined;
  return `${to} is in use in this file already: as the name of this ${kind} it would change what other places mean`;
}

/** The same names in the same places, tied to each other as before, and stages on the same bases. */
function meansTheSame(before: Dockerfile, after: Dockerfile, edits: readonly Edit[]): boolean {
  const [a, b] = [namePlaces(before), namePlaces(after)];
  if (a.length !== b.length || before.instructions.length !== after.instructions.length) return false;
  const moved = movedBy(edits);
  const forth = new Map<Subject, Subject>();
  const back = new Map<Subject, Subject>();
  for (const [at, place] of a.entries()) {
    const other = b[at];
    if (!other || place.role !== other.role || moved(place.span.start) !== other.span.start) return false;
    if ((forth.get(place.subject) ?? other.subject) !== other.subject) return false;
    if ((back.get(other.subject) ?? place.subject) !== place.subject) return false;
    forth.set(place.subject, other.subject);
    back.set(other.subject, place.subject);
    const [was, is] = [place.definition, other.definition];
    if ((was && moved(was.start)) !== is?.start) return false;
  }
  return before.stages.every(({ base }, at) => {
    const other = after.stages[at]?.base;
    return (
      other?.kind === base.kind && (base.kind !== "stage" || (other.kind === "stage" && other.stage === base.stage))
    );
  });
}

/** Where an offset that no edit cuts is afterwards. */
function movedBy(edits: readonly Edit[]): (offset: number) => number {
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start);
  return (offset) => {
    let by = 0;
    for (const { span, text } of sorted) {
      if (span.end > offset) break;
      by += text.length - (span.end - span.start);
    }
    return offset + by;
  };
}

/** `COPY <<app.conf /etc/`: the name is the file's. */
function consequenceOf(dockerfile: Dockerfile, subject: Subject, to: string): string | undefined {
  if (subject.kind !== "heredoc") return undefined;
  const place = heredocPlaces(dockerfile).find(({ heredoc }) => heredoc === subject.heredoc);
  const { name, words } = place?.instruction ?? { name: "", words: [] };
  if (name !== "COPY" && name !== "ADD") return undefined;
  if (words.length < 3 && words.at(-1)?.text.endsWith("/") !== true) return undefined;
  return `The file is called ${to} in the image instead of ${subject.heredoc.name}`;
}
