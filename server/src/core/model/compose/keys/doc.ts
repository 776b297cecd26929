/** What is said of one key of a compose file to people. */

export interface KeyDoc {
  /** One sentence, without its full stop. */
  readonly about: string;
  /** What its known values mean, a few words each. */
  readonly values?: Readonly<Record<string, string>>;
  /** The first version of Docker Compose that has it, where that is no old one. */
  readonly since?: string;
  /** What stands behind the key: a text on its line where nothing is said. */
  readonly form?: "list" | "map";
  /**
   * Its usual value as a snippet: behind the key for a text, else the lines below it, each level indented by two blanks and items of
   * lists without that of their dash.
   */
  readonly usual?: readonly string[];
}

/** By path, `*` for a name people choose and for an item of a list. */
export type KeyDocs = Readonly<Record<string, KeyDoc>>;

/** The same keys below a path. */
export const below = (path: string, docs: KeyDocs): KeyDocs =>
  Object.fromEntries(Object.entries(docs).map(([key, doc]) => [`${path}.${key}`, doc]));

/** What is put on a thing for people and programs to find it by. */
export const labels = (thing: string): KeyDoc => ({
  about: `Names and values that are attached to ${thing} for people and tools to find it by`,
  form: "map",
});
