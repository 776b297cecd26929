/** What a configuration file says, once it is read. */
import type { BudgetWish } from "../image/budget.ts";
import type { FormatWish } from "../model/format-wish.ts";
import type { LabelKind, OptionValue, Profile, Severity } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import type { YamlProblem } from "../text/yaml.ts";
import type { FailLevel } from "./keys.ts";

/** What can be said for all files and for some. */
export interface Values {
  readonly profile?: Profile;
  /** Rule id, or the code of one check of a rule that stands for many → severity. */
  readonly rules?: Readonly<Record<string, "off" | Severity>>;
  readonly options?: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
  readonly trustedRegistries?: readonly string[];
  readonly labels?: { readonly schema?: Readonly<Record<string, LabelKind>>; readonly strict?: boolean };
  readonly inlineIgnores?: boolean;
  readonly budget?: BudgetWish;
  readonly format?: FormatWish;
  readonly failLevel?: FailLevel;
}

export interface Override extends Values {
  readonly files: readonly string[];
}

export interface FileValues extends Values {
  readonly shellcheck?: string;
  readonly ignore?: readonly string[];
  /** Undefined where one could not be read. */
  readonly overrides?: readonly (Override | undefined)[];
}

export interface ConfigText {
  readonly values: FileValues;
  /** Key, as `overrides[0].profile` → where it stands. */
  readonly places: ReadonlyMap<string, Span>;
  /** Mistakes in the file. */
  readonly problems: readonly YamlProblem[];
  /** What another tool's file asks for and nothing here does. */
  readonly notes: readonly YamlProblem[];
}
