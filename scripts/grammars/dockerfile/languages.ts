/** Languages inside Dockerfiles: what they are called by, and the grammars of them that editors have. */

export interface Language {
  /** As in `meta.embedded.block.python`. */
  readonly id: string;
  /** Its grammar. */
  readonly scope: string;
  /** The editor's name of it, for its comments and brackets. */
  readonly editor: string;
  /** Programs that run it, as a pattern; none where nothing runs it. */
  readonly programs?: string;
  /** Endings of files in it, as a pattern. */
  readonly endings?: string;
}

export const SHELL: Language = {
  id: "shell",
  scope: "source.shell",
  editor: "shellscript",
  programs: "(?:ba|da|a|z|k|fi)?sh",
  endings: "(?:ba|z)?sh",
};
export const POWERSHELL: Language = {
  id: "powershell",
  scope: "source.powershell",
  editor: "powershell",
  programs: String.raw`(?:powershell|pwsh)(?:\.exe)?`,
  endings: "ps1",
};
export const CMD: Language = {
  id: "batchfile",
  scope: "source.batchfile",
  editor: "bat",
  programs: String.raw`cmd(?:\.exe)?`,
  endings: "bat|cmd",
};
const PYTHON: Language = {
  id: "python",
  scope: "source.python",
  editor: "python",
  programs: String.raw`(?:python|pypy)[0-9.]*`,
  endings: "py",
};
const JAVASCRIPT: Language = {
  id: "javascript",
  scope: "source.js",
  editor: "javascript",
  programs: "node|nodejs|bun",
  endings: "[cm]?js",
};

/** Languages that `SHELL` can name, and RUN is then written in. */
export const SHELLS: readonly Language[] = [SHELL, CMD, POWERSHELL, PYTHON, JAVASCRIPT];

/** Languages of heredocs. */
export const LANGUAGES: readonly Language[] = [
  ...SHELLS,
  { id: "ruby", scope: "source.ruby", editor: "ruby", programs: "ruby", endings: "rb" },
  { id: "perl", scope: "source.perl", editor: "perl", programs: "perl", endings: "p[lm]" },
  { id: "php", scope: "text.html.php", editor: "php", programs: "php" },
  { id: "typescript", scope: "source.ts", editor: "typescript", programs: "deno|tsx|ts-node", endings: "ts" },
  { id: "sql", scope: "source.sql", editor: "sql", programs: "psql|mysql|mariadb|sqlite3", endings: "sql" },
  { id: "json", scope: "source.json", editor: "json", endings: "json" },
  { id: "yaml", scope: "source.yaml", editor: "yaml", endings: "ya?ml" },
  { id: "xml", scope: "text.xml", editor: "xml", endings: "xml|xsd|svg" },
  { id: "html", scope: "text.html.basic", editor: "html", endings: "html?" },
  { id: "css", scope: "source.css", editor: "css", endings: "css" },
  { id: "ini", scope: "source.ini", editor: "ini", endings: "ini|cfg|cnf|properties|service|toml" },
  { id: "dotenv", scope: "source.dotenv", editor: "dotenv", endings: "env" },
  { id: "markdown", scope: "text.html.markdown", editor: "markdown", endings: "md" },
];

/** Scope of what a heredoc holds. */
export const blockScope = ({ id }: Language): string => `meta.embedded.block.${id}`;

/** For package.json. Lines of RUN stay the Dockerfile's own, so that Enter and snippets there are those of Dockerfiles. */
export const EMBEDDED: Readonly<Record<string, string>> = Object.fromEntries(
  LANGUAGES.map((language) => [blockScope(language), language.editor]),
);
