/** Layers of configuration → what holds for one file, and which layer said so. */
import type { Settings } from "../findings/settings.ts";
import type { BudgetWish } from "../image/budget.ts";
import type { FormatWish } from "../model/format-wish.ts";
import { type LabelKind, noPolicy, type OptionValue, type Severity } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { matchesGlob } from "../text/glob.ts";
import type { FileValues, Values } from "./config.ts";
import { DEFAULT_FAIL_LEVEL, DEFAULT_SHELLCHECK, type FailLevel } from "./keys.ts";

export interface Layer {
  /** A file's path, or "the editor's settings". */
  readonly source: string;
  readonly values: FileValues;
  /** The text of a file, and where in it what is said. */
  readonly text?: string;
  readonly places?: ReadonlyMap<string, Span>;
  /** The file that is checked, relative to where the layer's globs start; undefined when it is elsewhere. */
  readonly path?: string | undefined;
}

export interface Origin {
  readonly layer: Layer;
  /** As in the layer: `overrides[0].profile`. */
  readonly key: string;
}

export interface Resolved {
  readonly settings: Settings;
  readonly budget: BudgetWish;
  readonly format: FormatWish;
  readonly failLevel: FailLevel;
  readonly shellcheck: string;
  /** The layer whose `ignore` names the file. */
  readonly ignored?: Origin;
  /** Key, as `rules.apt-yes` → who said so last; keys nobody named have their defaults. */
  readonly origins: ReadonlyMap<string, Origin>;
}

interface Draft {
  profile: Settings["profile"];
  rules: Record<string, "off" | Severity>;
  options: Record<string, Readonly<Record<string, OptionValue>>>;
  trustedRegistries: readonly string[];
  schema: Readonly<Record<string, LabelKind>>;
  strict: boolean;
  inlineIgnores: boolean;
  budget: BudgetWish;
  format: FormatWish;
  failLevel: FailLevel;
}

/** The last layer wins, key by key; in a layer, its overrides win in their order. */
export function resolve(layers: readonly Layer[]): Resolved {
  const draft: Draft = {
    profile: "recommended",
    rules: {},
    options: {},
    trustedRegistries: noPolicy.trustedRegistries,
    schema: noPolicy.labels,
    strict: noPolicy.strictLabels,
    inlineIgnores: true,
    budget: {},
    format: {},
    failLevel: DEFAULT_FAIL_LEVEL,
  };
  const origins = new Map<string, Origin>();
  let shellcheck = DEFAULT_SHELLCHECK;
  let ignored: Origin | undefined;
  for (const layer of layers) {
    const { values, path } = layer;
    const said = (key: string, prefix = ""): void => {
      origins.set(key, { layer, key: prefix + key });
    };
    apply(draft, values, said);
    if (values.shellcheck !== undefined) {
      shellcheck = values.shellcheck;
      said("shellcheck");
    }
    if (path === undefined) continue;
    if (values.ignore?.some((glob) => matchesGlob(glob, path))) ignored = { layer, key: "ignore" };
    for (const [at, override] of (values.overrides ?? []).entries()) {
      if (override?.files?.some((glob) => matchesGlob(glob, path)))
        apply(draft, override, (key) => said(key, `overrides[${at}].`));
    }
  }
  // Without ShellCheck its rule has nobody to ask, and preparing its scripts would be for nothing.
  const asked = origins.get("shellcheck");
  if (shellcheck === "off" && asked) {
    draft.rules["shellcheck"] = "off";
    origins.set("rules.shellcheck", asked);
  }
  const { profile, rules, options, trustedRegistries, schema, strict, inlineIgnores, budget, format, failLevel } =
    draft;
  return {
    settings: {
      profile,
      rules,
      options,
      policy: { trustedRegistries, labels: schema, strictLabels: strict },
      inlineIgnores,
    },
    budget,
    format,
    failLevel,
    shellcheck,
    ...(ignored && { ignored }),
    origins,
  };
}

function apply(draft: Draft, values: Values, said: (key: string) => void): void {
  for (const key of ["profile", "trustedRegistries", "inlineIgnores", "failLevel"] as const) {
    if (values[key] === undefined) continue;
    Object.assign(draft, { [key]: values[key] });
    said(key);
  }
  for (const [id, wish] of Object.entries(values.rules ?? {})) {
    draft.rules[id] = wish;
    said(`rules.${id}`);
  }
  for (const [id, options] of Object.entries(values.options ?? {})) {
    draft.options[id] = { ...draft.options[id], ...options };
    for (const name of Object.keys(options)) said(`options.${id}.${name}`);
  }
  for (const key of ["schema", "strict"] as const) {
    if (values.labels?.[key] === undefined) continue;
    Object.assign(draft, { [key]: values.labels[key] });
    said(`labels.${key}`);
  }
  for (const [key, amount] of Object.entries(values.budget ?? {})) {
    draft.budget = { ...draft.budget, [key]: amount };
    said(`budget.${key}`);
  }
  for (const [key, wish] of Object.entries(values.format ?? {})) {
    draft.format = { ...draft.format, [key]: wish };
    said(`format.${key}`);
  }
}
