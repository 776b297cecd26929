/** The keys of `.dockwright.yaml`: one table for the reader, the JSON schema, the editor's settings and the documentation. */
import type { LabelKind, OptionValue, Profile, Rule, Severity } from "../rule.ts";
import { BYTES, SHARE } from "../text/bytes.ts";
import { INDENT, KEYWORD_CASES } from "../model/format-wish.ts";
import type { Field, Fields, Shape } from "./shape.ts";

export const PROFILES: readonly Profile[] = ["recommended", "strict", "all"];
/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "hint"];
export const WISHES: readonly ("off" | Severity)[] = ["off", "hint", "info", "warning", "error"];
const KINDS: readonly LabelKind[] = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email"];

export type FailLevel = Severity | "none";
export const FAIL_LEVELS: readonly FailLevel[] = [...SEVERITIES, "none"];
/** Hints are suggestions: an image without a digest is shown, and does not fail a build that did not ask for it. */
export const DEFAULT_FAIL_LEVEL: FailLevel = "info";
export const DEFAULT_SHELLCHECK = "wasm";

const TEXTS: Shape = { is: "texts" };
const SIZE: Shape = { is: "written", pattern: BYTES, like: "a size such as 200 MB or 64 MiB" };
const severity: Shape = { is: "choice", of: WISHES };

/** What holds for every file, and what an override can say for some. */
const settingsFields = (rules: readonly Rule[]): readonly Field[] => [
  {
    name: "profile",
    about: "Which rules run: those nearly everyone wants, also good practice people disagree about, or every one.",
    shape: { is: "choice", of: PROFILES },
    default: "recommended",
  },
  {
    name: "rules",
    about: "Severity of single rules, whatever the profile; `off` switches one off.",
    shape: {
      is: "fields",
      of: "rule",
      fields: rules.map(({ id, summary, severity: usual }) => ({
        name: id,
        about: `${summary} (${usual} by default)`,
        shape: severity,
      })),
      patterns: codePatterns(rules),
    },
  },
  {
    name: "options",
    about: "Settings of single rules.",
    shape: {
      is: "fields",
      of: "rule with options",
      fields: rules
        .filter(({ options = [] }) => options.length > 0)
        .map(({ id, summary, options = [] }) => ({ name: id, about: summary, shape: optionsShape(id, options) })),
    },
  },
  {
    name: "trustedRegistries",
    about: "Registries images may come from, with `*`; an empty list allows all.",
    shape: TEXTS,
    default: [],
  },
  {
    name: "labels",
    about: "The labels an image has to have.",
    shape: {
      is: "fields",
      of: "setting of labels",
      fields: [
        {
          name: "schema",
          about: "Label → what its value is.",
          shape: { is: "each", value: { is: "choice", of: KINDS } },
          default: {},
        },
        {
          name: "strict",
          about: "Labels outside the schema are reported too.",
          shape: { is: "boolean" },
          default: false,
        },
      ],
    },
  },
  {
    name: "inlineIgnores",
    about: "Whether comments such as `# dockwright ignore=…` and `# hadolint ignore=…` switch rules off.",
    shape: { is: "boolean" },
    default: true,
  },
  {
    name: "budget",
    about:
      "What an image built from the file may weigh: `dockwright image --budget` and the editor say where it is more.",
    shape: {
      is: "fields",
      of: "part of a budget",
      fields: [
        { name: "size", about: "Bytes of all files its layers store.", shape: SIZE },
        {
          name: "wasted",
          about: "Bytes that are stored and not visible in the image, or their share of all.",
          shape: { is: "written", pattern: `${SHARE}|${BYTES}`, like: "a share such as 5% or a size such as 20 MB" },
        },
        { name: "growth", about: "Bytes a layer may have more than in the build before.", shape: SIZE },
      ],
    },
  },
  {
    name: "format",
    about: "How files are laid out, by `dockwright fmt` and by the editor.",
    shape: {
      is: "fields",
      of: "setting of format",
      fields: [
        {
          name: "keywordCase",
          about: "The case of instructions, and of AS, CMD and NONE inside them.",
          shape: { is: "choice", of: KEYWORD_CASES },
          default: "preserve",
        },
        {
          name: "indent",
          about:
            "The indentation of continued lines, whatever the editor is set to; four blanks where nobody says anything.",
          shape: { is: "written", pattern: INDENT, like: "a number of blanks from 1 to 8, or tab" },
        },
      ],
    },
  },
  {
    name: "failLevel",
    about: "The command line exits with 1 for findings of this severity or a graver one; `none` for no finding.",
    shape: { is: "choice", of: FAIL_LEVELS },
    default: DEFAULT_FAIL_LEVEL,
  },
];

export function configShape(rules: readonly Rule[]): Fields {
  const settings = settingsFields(rules);
  return {
    is: "fields",
    of: "setting",
    fields: [
      ...settings,
      {
        name: "shellcheck",
        about:
          "`wasm` is the ShellCheck that comes with Dockwright, `off` none, anything else a program: a name to be found on PATH, or an absolute path outside this project.",
        shape: { is: "text" },
        default: DEFAULT_SHELLCHECK,
      },
      {
        name: "ignore",
        about: "Files that are not checked, as globs relative to this file.",
        shape: TEXTS,
        default: [],
      },
      {
        name: "overrides",
        about: "What holds for some files only; later ones win.",
        shape: {
          is: "list",
          item: {
            is: "fields",
            of: "setting of an override",
            fields: [
              { name: "files", about: "Globs relative to this file.", shape: TEXTS, required: true },
              ...settings,
            ],
          },
        },
        default: [],
      },
    ],
  };
}

const optionsShape = (id: string, options: NonNullable<Rule["options"]>): Fields => ({
  is: "fields",
  of: `option of ${id}`,
  fields: options.map(({ name, about, default: usual }) => ({ name, about, shape: shapeOf(usual), default: usual })),
});

function shapeOf(value: OptionValue): Shape {
  if (typeof value === "boolean") return { is: "boolean" };
  if (typeof value === "number") return { is: "number" };
  return typeof value === "string" ? { is: "text" } : TEXTS;
}

/** A rule for `hadolint:SC*` stands for many checks, each of which has its own severity: `SC2086`. */
const codePatterns = (rules: readonly Rule[]): NonNullable<Fields["patterns"]> =>
  rules.flatMap(({ sameAs, summary }) =>
    sameAs
      .filter((code) => code.endsWith("*"))
      .map((code) => ({
        name: `^${code.slice(code.indexOf(":") + 1, -1)}[0-9]+$`,
        about: `One check of: ${summary}`,
        shape: severity,
      })),
  );
