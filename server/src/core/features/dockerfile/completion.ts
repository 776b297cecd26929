/** What could be written at a place of a Dockerfile, best first. Images and their tags are not among it: see features/images. */
import { frontendOf } from "../../model/dockerfile/frontend.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import type { Completion } from "../compose/completion-model.ts";
import { argumentCandidates } from "./completion-arguments.ts";
import { commentCandidates, headLines } from "./completion-comments.ts";
import { flagCandidates, flagValues } from "./completion-flags.ts";
import { keywordCandidates } from "./completion-keywords.ts";
import type { Candidate, Inside, Setting, Surroundings } from "./completion-model.ts";
import { mountKeys, mountValues } from "./completion-mounts.ts";
import { heredocVariables, variableCandidates } from "./completion-variables.ts";
import { type Place, placeAt } from "./cursor.ts";

export function completionsAt(
  dockerfile: Dockerfile,
  offset: number,
  surroundings: Surroundings,
): readonly Completion[] {
  const place = placeAt(dockerfile, offset);
  if (!place) return [];
  // A word that a continuation cuts cannot be replaced in one line.
  if (isCut(place, offset)) return [];
  const setting: Setting = { ...surroundings, dockerfile, offset, frontend: frontendOf(dockerfile) };
  const { candidates, span } = offeredAt(setting, place);
  return candidates.map((candidate) => ({ span, text: candidate.label, ...candidate }));
}

/**
 * With the next letter something else may be meant: flags are offered where no word stands yet, and whoever ends a line with a single
 * dot wants that dot.
 */
export function changesWithLetters(dockerfile: Dockerfile, offset: number): boolean {
  const place = placeAt(dockerfile, offset);
  return place?.at === "instruction" && place.part.in === "argument" && place.part.typed === "";
}

function isCut(place: Place, offset: number): boolean {
  if (place.at === "heredoc") return false;
  const { typed, span } = place.at === "instruction" ? place.part : place;
  return span.start + typed.length !== offset;
}

interface Offered {
  readonly candidates: readonly Candidate[];
  readonly span: Span;
}

function offeredAt(setting: Setting, place: Place): Offered {
  switch (place.at) {
    case "comment":
      return { candidates: commentCandidates(setting, place), span: place.span };
    case "keyword": {
      const candidates = [...headLines(setting, place), ...keywordCandidates(setting, place)];
      return { candidates, span: place.span };
    }
    case "heredoc":
      return { candidates: heredocVariables(setting, place), span: { start: setting.offset, end: setting.offset } };
    case "instruction":
      return insideInstruction(setting, place);
  }
}

function insideInstruction(setting: Setting, place: Extract<Place, { readonly at: "instruction" }>): Offered {
  const { part, instruction } = place;
  const inside: Inside = { ...setting, place, instruction, stage: setting.dockerfile.stages[instruction.stage] };
  const variables = part.in === "flag" || part.in === "mount key" ? undefined : variableCandidates(inside, part);
  if (variables) return { candidates: variables, span: part.span };
  switch (part.in) {
    case "flag":
      return { candidates: flagCandidates(inside, part), span: part.span };
    case "flag value":
      return { candidates: flagValues(inside, part), span: part.span };
    case "mount key":
      return { candidates: mountKeys(inside, part), span: part.span };
    case "mount value":
      return { candidates: mountValues(inside, part), span: part.span };
    case "argument": {
      // Flags may begin where no argument stands yet.
      const flags =
        part.before.length === 0 && part.form === "plain" && part.typed === "" ? flagCandidates(inside, part) : [];
      return { candidates: [...argumentCandidates(inside, part), ...flags], span: part.span };
    }
  }
}
