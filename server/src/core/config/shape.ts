/** What a value in a configuration file may be: read, turned into JSON Schema and into documentation from one table. */

export type Shape =
  | { readonly is: "boolean" | "number" | "text" | "texts" }
  | { readonly is: "choice"; readonly of: readonly string[] }
  /** A text that matches a regular expression as a whole; a number where that does. `like` is shown to whoever wrote another. */
  | { readonly is: "written"; readonly pattern: string; readonly like: string }
  /** These names and no others, but for those that match a pattern. */
  | {
      readonly is: "fields";
      readonly of: string;
      readonly fields: readonly Field[];
      readonly patterns?: readonly Pattern[];
    }
  /** Any name. */
  | { readonly is: "each"; readonly value: Shape }
  | { readonly is: "list"; readonly item: Shape };

export interface Field {
  readonly name: string;
  /** One sentence for the documentation and for editors. */
  readonly about: string;
  readonly shape: Shape;
  readonly default?: unknown;
  /** Has to be there. */
  readonly required?: boolean;
}

interface Pattern {
  /** Source of a regular expression. */
  readonly name: string;
  readonly about: string;
  readonly shape: Shape;
}

export type Fields = Extract<Shape, { readonly is: "fields" }>;
