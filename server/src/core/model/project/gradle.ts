/** build.gradle and build.gradle.kts → plugins, names of archives, dependencies: literals only. settings.gradle → the project's name and parts. */
import { type JsToken, jsTokens } from "./js-tokens.ts";

export interface GradlePlugin {
  readonly id: string;
  readonly version: string | undefined;
}

export interface GradleBuild {
  readonly plugins: readonly GradlePlugin[];
  /** Names of a version catalogue: `libs.plugins.spring.boot`. */
  readonly aliases: readonly string[];
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly mainClass: string | undefined;
  readonly javaVersion: string | undefined;
  /** What the tasks that make archives say about them, `""` for what holds for all: `bootJar` → its settings. */
  readonly archives: ReadonlyMap<string, GradleArchive>;
  /** `group:name` or `group:name:version`, with the configuration it is for. */
  readonly dependencies: readonly GradleDependency[];
  /** Other projects of the same build: `:core`. */
  readonly projects: readonly string[];
}

/** Each undefined where not set, or not set literally. */
export interface GradleArchive {
  readonly fileName?: string;
  readonly baseName?: string;
  readonly version?: string;
  readonly classifier?: string;
  readonly enabled?: boolean;
}

export interface GradleDependency {
  readonly configuration: string;
  readonly notation: string;
}

const ARCHIVE_SETTINGS: Readonly<Record<string, keyof GradleArchive>> = {
  archiveFileName: "fileName",
  archiveBaseName: "baseName",
  baseName: "baseName",
  archivesBaseName: "baseName",
  archivesName: "baseName",
  archiveVersion: "version",
  archiveClassifier: "classifier",
  classifier: "classifier",
  enabled: "enabled",
};

export function readGradle(text: string): GradleBuild {
  const { tokens } = jsTokens(text);
  const plugins: GradlePlugin[] = [];
  const aliases: string[] = [];
  const dependencies: GradleDependency[] = [];
  const projects: string[] = [];
  const archives = new Map<string, GradleArchive>();
  const settings = new Map<string, string | undefined>();
  for (const statement of statementsOf(tokens)) {
    const { words, within } = statement;
    const [first = ""] = words.map(({ text: word }) => word);
    const inside = within.at(-1) ?? "";
    const literals = words.filter(({ kind }) => kind === "string").map(literalOf);
    if (inside === "plugins") {
      const plugin = pluginOf(words);
      if (plugin) plugins.push(plugin);
      if (first === "alias")
        aliases.push(
          words
            .slice(1)
            .map(({ text: word }) => word)
            .filter((word) => /^[\w.]+$/.test(word))
            .join("")
            .replace(/(?:version|apply).*$/, ""),
        );
    } else if (first === "apply" && literals[0] !== undefined) plugins.push({ id: literals[0], version: undefined });
    else if (
      inside === "dependencies" &&
      /^\w*(?:[iI]mplementation|[aA]pi|[cC]ompile|[rR]untime|[oO]nly|annotationProcessor)\w*$/.test(first)
    ) {
      const project = words.findIndex(({ text: word, kind }) => word === "project" && kind === "name");
      const [notation] = literals;
      if (project !== -1 && notation !== undefined) projects.push(notation);
      else if (notation !== undefined && notation.includes(":")) dependencies.push({ configuration: first, notation });
    }
    const { name, value } = assigned(words);
    const setting = Object.hasOwn(ARCHIVE_SETTINGS, name) ? ARCHIVE_SETTINGS[name] : undefined;
    if (setting !== undefined && (setting !== "enabled" || within.length > 0)) {
      const task = archiveTask(within, words);
      if (task !== undefined)
        archives.set(task, {
          ...archives.get(task),
          [setting]: setting === "enabled" ? booleanOf(value) : textOf(value),
        });
    }
    if (
      (within.length === 0 || /^(?:application|allprojects|java|springBoot|bootJar)$/.test(inside)) &&
      !settings.has(name)
    )
      settings.set(name, textOf(value));
    if (words.slice(0, 3).some(({ text: word }) => word === "languageVersion"))
      settings.set("languageVersion", languageVersion(words));
  }
  return {
    plugins,
    aliases,
    group: settings.get("group"),
    version: settings.get("version"),
    mainClass: settings.get("mainClass") ?? settings.get("mainClassName"),
    javaVersion: settings.get("languageVersion") ?? compatibility(tokens),
    archives: new Map([...archives].map(([task, archive]) => [task, withoutUnknown(archive)])),
    dependencies,
    projects,
  };
}

/** What is not literal is not set as far as anybody can tell, and nothing else may be said for it either. */
const withoutUnknown = (archive: GradleArchive): GradleArchive =>
  Object.fromEntries(Object.entries(archive).filter(([, value]) => value !== undefined));

export interface GradleSettings {
  readonly name: string | undefined;
  /** `:core`, `services:api`. */
  readonly includes: readonly string[];
}

export function readGradleSettings(text: string): GradleSettings {
  const { tokens } = jsTokens(text);
  let name: string | undefined;
  const includes: string[] = [];
  for (const { words } of statementsOf(tokens)) {
    const found = assigned(words);
    if (words[0]?.text === "rootProject" && found.name === "name") name = textOf(found.value);
    if (words[0]?.text === "include") includes.push(...words.flatMap((word) => textOf(word) ?? []));
  }
  return { name, includes };
}

interface Statement {
  readonly words: readonly JsToken[];
  /** The names of the blocks around it, the outermost first: `tasks`, `bootJar`. */
  readonly within: readonly string[];
}

const MAX_DEPTH = 100;

/** A line each, cut at braces and semicolons; brackets join lines. */
function* statementsOf(tokens: readonly JsToken[]): Iterable<Statement> {
  const blocks: string[] = [];
  let words: JsToken[] = [];
  let brackets = 0;
  const statement = (): Statement => ({ words, within: blocks.slice(0, MAX_DEPTH) });
  for (const token of tokens) {
    const mark = token.kind === "punctuation" ? token.text : "";
    const ends = (token.first && brackets === 0) || mark === "{" || mark === "}" || mark === ";";
    if (ends) {
      if (words.length > 0) yield statement();
      if (mark === "{") blocks.push(blockName(words));
      if (mark === "}") blocks.pop();
      words = [];
      brackets = 0;
    }
    if (mark === "(" || mark === "[") brackets++;
    if (mark === ")" || mark === "]") brackets = Math.max(0, brackets - 1);
    if (!/^[{};]$/.test(mark)) words.push(token);
  }
  if (words.length > 0) yield statement();
}

/** `tasks.named<BootJar>("bootJar")` and `bootJar` are both that task's. */
const blockName = (words: readonly JsToken[]): string =>
  (words.findLast(({ kind }) => kind === "string") ?? words.findLast(({ kind }) => kind === "name"))?.text ?? "";

/** `a = "x"`, `a.b = "x"`, `a.set("x")`, `a "x"`. */
function assigned(words: readonly JsToken[]): { readonly name: string; readonly value: JsToken | undefined } {
  const none = { name: "", value: undefined };
  const equals = words.findIndex(({ text, kind }) => text === "=" && kind === "punctuation");
  if (equals > 0) {
    const rest = words.slice(equals + 1);
    return { name: words[equals - 1]?.text ?? "", value: rest.length === 1 ? rest[0] : undefined };
  }
  const set = words.findIndex(({ text, kind }, at) => text === "set" && kind === "name" && words[at - 1]?.text === ".");
  if (set > 1)
    return { name: words[set - 2]?.text ?? "", value: words.length === set + 4 ? words[set + 2] : undefined };
  const [name, value] = words;
  return words.length === 2 && name?.kind === "name" ? { name: name.text, value } : none;
}

const literalOf = (token: JsToken): string => token.text;

/** Undefined where something is inserted, or it is no text. */
const textOf = (token: JsToken | undefined): string | undefined =>
  token && (token.kind === "string" || token.kind === "number") && !token.text.includes("$") ? token.text : undefined;

const booleanOf = (token: JsToken | undefined): boolean | undefined =>
  token?.text === "true" ? true : token?.text === "false" ? false : undefined;

const ARCHIVE_TASKS: ReadonlySet<string> = new Set(["jar", "bootJar", "bootWar", "war", "shadowJar"]);

/** The task a setting is for; `""` for the whole project; undefined for something else. */
function archiveTask(within: readonly string[], words: readonly JsToken[]): string | undefined {
  const named = [...words.map(({ text }) => text).slice(0, 4), ...within.toReversed()].find((each) =>
    ARCHIVE_TASKS.has(each),
  );
  if (named !== undefined) return named;
  return within.length === 0 || within[0] === "base" ? "" : undefined;
}

/** `id("x") version "1"`, `id 'x'`, `kotlin("jvm")`, `java`, `` `java-library` ``. */
function pluginOf(words: readonly JsToken[]): GradlePlugin | undefined {
  const [first] = words;
  const [id, version] = words.filter(({ kind }) => kind === "string");
  const isFalse = words.some(({ text }, at) => text === "apply" && words[at + 1]?.text === "false");
  if (!first || isFalse) return undefined;
  if (first.text === "id" && id) return { id: id.text, version: version && textOf(version) };
  if (first.text === "kotlin" && id)
    return { id: `org.jetbrains.kotlin.${id.text}`, version: version && textOf(version) };
  const isName = first.kind === "string" || (first.kind === "name" && first.text !== "alias" && first.text !== "id");
  return isName && words.length === 1 ? { id: first.text, version: undefined } : undefined;
}

/** `JavaLanguageVersion.of(21)` */
const languageVersion = (words: readonly JsToken[]): string | undefined =>
  words.find(({ kind, text }) => (kind === "number" || kind === "string") && /^\d+$/.test(text))?.text;

/** `sourceCompatibility = JavaVersion.VERSION_17`, `= '17'`, `jvmToolchain(21)`. */
function compatibility(tokens: readonly JsToken[]): string | undefined {
  for (const [at, { text }] of tokens.entries()) {
    if (text === "jvmToolchain" && tokens[at + 1]?.text === "(") return textOf(tokens[at + 2]);
    if (text !== "sourceCompatibility" && text !== "targetCompatibility") continue;
    const value = tokens[at + 1]?.text === "=" ? tokens[at + 2] : tokens[at + 1];
    const member = tokens.slice(at, at + 6).find((each) => each.text.startsWith("VERSION_"))?.text;
    const found = member === undefined ? textOf(value) : member.replace("VERSION_", "").replace("1_", "");
    if (found !== undefined) return found.replace(/^1\./, "");
  }
  return undefined;
}
