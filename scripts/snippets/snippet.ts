/** A snippet as editors read it. */
export interface Snippet {
  /** What is typed; its first word says for which kind of file. */
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}
