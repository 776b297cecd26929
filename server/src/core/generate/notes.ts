/** What is decided while files are written: each decision with its reason and what else could have been chosen. */
import type { Choices, Decision } from "../assists/multi-stage/recipe.ts";

/** One way to do it. */
export interface Option {
  readonly id: string;
  /** A clause for a list to choose from: `distroless, without a shell`. */
  readonly label: string;
  /** What is decided when it is chosen, a sentence without its full stop. */
  readonly what: string;
}

export interface Notes {
  readonly decisions: readonly Decision[];
  /** The first option unless a person chose another one; `doubtful` until one did. */
  choose(id: string, why: string, doubtful: boolean, options: readonly Option[]): string;
  /** The same for a release, which a person may also write. */
  chooseRelease(
    id: string,
    why: string,
    doubtful: boolean,
    options: readonly Option[],
    what: (release: string) => string,
  ): string;
  /** A number a person may give instead; the suggestions are what there is to choose from. */
  chooseNumber(
    id: string,
    why: string,
    doubtful: boolean,
    what: (value: number) => string,
    suggestions: readonly number[],
  ): number | undefined;
  /** Nothing to choose. */
  note(id: string, what: string, why: string, doubtful?: boolean): void;
}

export function createNotes(choices: Choices): Notes {
  const decisions: Decision[] = [];
  const add = (decision: Decision): void => {
    if (!decisions.some(({ id, what }) => id === decision.id && what === decision.what)) decisions.push(decision);
  };
  const choose: Notes["choose"] = (id, why, doubtful, options) => {
    const wanted = choices.get(id);
    const chosen = options.find((each) => each.id === wanted) ?? options[0];
    if (!chosen) return "";
    const said = chosen.id === wanted;
    add({
      id,
      what: chosen.what,
      why: said ? "it was chosen" : why,
      doubtful: doubtful && !said,
      alternatives: options.filter((each) => each !== chosen).map(({ id: other, label }) => ({ id: other, label })),
    });
    return chosen.id;
  };
  return {
    decisions,
    choose,
    chooseRelease(id, why, doubtful, options, what) {
      const wanted = choices.get(id);
      const written =
        wanted !== undefined && /^\d+(?:\.\d+)*$/.test(wanted) && !options.some((each) => each.id === wanted);
      return choose(
        id,
        why,
        doubtful,
        written ? [...options, { id: wanted, label: wanted, what: what(wanted) }] : options,
      );
    },
    chooseNumber(id, why, doubtful, what, suggestions) {
      const wanted = /^\d{1,5}$/.test(choices.get(id) ?? "") ? Number(choices.get(id)) : undefined;
      const value = wanted ?? suggestions[0];
      if (value === undefined) return undefined;
      add({
        id,
        what: what(value),
        why: wanted === undefined ? why : "it was chosen",
        doubtful: doubtful && wanted === undefined,
        alternatives: suggestions
          .filter((each) => each !== value)
          .map((each) => ({ id: String(each), label: String(each) })),
      });
      return value;
    },
    note(id, what, why, doubtful = false) {
      add({ id, what, why, doubtful, alternatives: [] });
    },
  };
}
