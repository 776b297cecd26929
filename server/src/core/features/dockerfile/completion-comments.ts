/** Comments that mean something: directives at the top of the file, and what switches checks off. */
import { DIRECTIVE_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import type { Candidate, RuleName, Setting } from "./completion-model.ts";
import type { Place } from "./cursor.ts";
import { directiveText } from "./documentation.ts";

type Comment = Extract<Place, { readonly at: "comment" }>;
type Keyword = Extract<Place, { readonly at: "keyword" }>;

const SYNTAX = "docker/dockerfile:1";
const ESCAPES = ["`", "\\"];

/** Directives that are not there yet. */
const missingDirectives = ({ dockerfile, offset }: Setting): readonly string[] =>
  Object.keys(DIRECTIVE_DOCS).filter((name) =>
    dockerfile.directives.every(
      (directive) => directive.name !== name || (directive.span.start <= offset && offset <= directive.span.end),
    ),
  );

/** On an empty line at the very top: whole directives. */
export function headLines(setting: Setting, { head, typed, followed, trigger }: Keyword): readonly Candidate[] {
  if (!head || typed !== "" || followed || trigger) return [];
  const lines: Readonly<Record<string, string>> = { syntax: SYNTAX, check: "error=true" };
  return missingDirectives(setting).flatMap((name): readonly Candidate[] => {
    const value = lines[name];
    if (value === undefined) return [];
    return [{ label: `# ${name}=${value}`, kind: "value", about: directiveText(setting.dockerfile, name) }];
  });
}

const LIST = /^[ \t]*(dockwright|hadolint)[ \t]+(?:(?:global|stage)[ \t]+)?ignore[ \t]*=([^#]*)$/;
const CHECK = /^[ \t]*check[ \t]*=(.*)$/i;
const DIRECTIVE = /^[ \t]*(syntax|escape)[ \t]*=[ \t]*(\S*)$/i;

export function commentCandidates(setting: Setting, place: Comment): readonly Candidate[] {
  const { text, head } = place;
  const list = LIST.exec(text);
  if (list) return ignorable(setting, list[1] ?? "", list[2] ?? "");
  const check = CHECK.exec(text);
  if (check) return checkValues(setting, check[1] ?? "", head);
  const [, directive, value = ""] = (head ? DIRECTIVE.exec(text) : null) ?? [];
  if (directive?.toLowerCase() === "escape")
    return value === "" ? ESCAPES.map((label) => ({ label, kind: "value" })) : [];
  if (directive !== undefined) return [];
  return beginnings(setting, place);
}

const BEGINNINGS: readonly (readonly [label: string, about: string])[] = [
  [
    "dockwright ignore=",
    "Rules that are not to report anything in the instruction below; `global ignore=` holds for the file, `stage ignore=` for the stage.",
  ],
  ["hadolint ignore=", "The same for hadolint's codes, which Dockwright heeds too."],
  ["check=skip=", "Checks of BuildKit that are not to report anything in the instruction below."],
];

/** While the first word is being typed: in the midst of a sentence nothing is offered. */
function beginnings(setting: Setting, { text, head, span }: Comment): readonly Candidate[] {
  const word = /^[ \t]*([\w-]*)$/.exec(text)?.[1];
  if (word === undefined) return [];
  const isHead = head && setting.dockerfile.stages.every(({ from }) => from.span.start > setting.offset);
  // Most comments are prose: whoever begins one is left alone.
  if (word === "" && !isHead && setting.asked !== true) return [];
  // In front of it stands a blank, as people write it.
  const blank = /[ \t]$|^[ \t]/.test(text) ? "" : " ";
  const start = setting.offset - word.length;
  const offered = (label: string, about: string | undefined): Candidate => ({
    label,
    kind: "key",
    about,
    text: `${blank}${label}`,
    filter: label,
    snippet: `${blank}${label}$0`,
    span: { start, end: Math.max(span.end, setting.offset) },
  });
  const directives = isHead
    ? missingDirectives(setting).map((name) => offered(`${name}=`, directiveText(setting.dockerfile, name)))
    : [];
  const others = BEGINNINGS.filter(([label]) => !(isHead && label.startsWith("check"))).map(([label, about]) =>
    offered(label, about),
  );
  return [...directives, ...others];
}

const named = (list: string): ReadonlySet<string> =>
  new Set(
    list
      .split(",")
      .slice(0, -1)
      .map((name) => name.trim()),
  );

function ignorable({ rules }: Setting, whose: string, list: string): readonly Candidate[] {
  const there = named(list);
  // Behind the names a reason may stand.
  if (/[^\s,][ \t]+[^,]*$/.test(list)) return [];
  return (
    whose === "dockwright" ? rules.map((rule) => ruleCandidate(rule, rule.id)) : codesOf(rules, "hadolint")
  ).filter(({ label }) => !there.has(label));
}

const ruleCandidate = ({ summary }: RuleName, label: string): Candidate => ({ label, kind: "value", detail: summary });

/** A peer's codes, each with what our rule says of it. */
function codesOf(rules: readonly RuleName[], peer: string): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const rule of rules)
    for (const code of rule.sameAs)
      if (code.startsWith(`${peer}:`)) {
        const label = code.slice(peer.length + 1);
        if (!found.has(label)) found.set(label, ruleCandidate(rule, label));
      }
  return [...found.values()].toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

/** `skip=A,B;error=true;experimental=C` at the top, `skip=A,B` above an instruction. */
function checkValues({ rules }: Setting, value: string, head: boolean): readonly Candidate[] {
  const part = value.slice(value.lastIndexOf(";") + 1);
  const [, key, list = ""] = /^[ \t]*(\w+)[ \t]*=(.*)$/.exec(part) ?? [];
  if (key === undefined) {
    const given = new Set(value.split(";").map((each) => each.trim().split("=")[0]));
    const keys = head ? ["skip=", "error=true", "experimental="] : ["skip="];
    return keys
      .filter((label) => !given.has(label.split("=")[0]))
      .map((label) => ({
        label,
        kind: "key",
        detail: DIRECTIVE_DOCS["check"]?.values?.[label.split("=")[0] ?? ""],
        snippet: label.endsWith("=") ? `${label}$0` : undefined,
      }));
  }
  if (key === "error") return ["true", "false"].map((label) => ({ label, kind: "value" }));
  const there = named(list);
  const checks = codesOf(rules, "buildkit").filter(({ label }) => !there.has(label));
  return there.size > 0 ? checks : [...checks, { label: "all", kind: "value", detail: "every check" }];
}
