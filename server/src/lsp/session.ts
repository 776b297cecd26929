/** What the server remembers between requests: open documents, settings, answers. Everything else is computed anew. */
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  ConfigurationRequest,
  type Connection,
  MessageType,
  ShowMessageNotification,
  type TextDocuments,
} from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Inspection, inspectDocument } from "../core/findings/inspect.ts";
import { type Document, type Language, parseDocument, unruledProblems } from "../core/model/document.ts";
import { type Answer, type Answers, keyOf, type Question, type Rule, type Severity } from "../core/rule.ts";
import { type Lines, linesOf } from "../core/text/lines.ts";
import { type AnswerCache, asksFiles, type DocumentPlace } from "../effects/answers.ts";
import { contextOf } from "../effects/files/builds.ts";
import type { ComposeEngine } from "../effects/compose-engine.ts";
import type { Abilities } from "./abilities.ts";
import { languageOf } from "./language.ts";
import { described, guardTask } from "./guard.ts";
import { createImages, type Images } from "./images/images.ts";
import type { ImageThreadOptions } from "./images/thread.ts";
import type { Claim, InitializationOptions, StatusParams, WaitingParams } from "./messages.ts";
import { noNotes, type SignatureNotes } from "./signature-notes.ts";
import { noSummaries, type ScanSummaries } from "./scan-summaries.ts";
import { createWaitingNote } from "./waiting-note.ts";
import { type Config, LOOKUPS_OFF, type ProjectConfig, readConfig } from "./settings.ts";

interface CheckedText {
  readonly uri: string;
  /** Of the folder COPY reads from, with a final slash. */
  readonly context: string;
  readonly version: number;
  /** New for every inspection, also across restarts of the server. */
  readonly resultId: string;
  readonly text: string;
  readonly lines: Lines;
  readonly config: Config;
  readonly answers: Answers;
}

export interface Inspected extends CheckedText {
  readonly inspection: Inspection;
  readonly notChecked?: undefined;
}

interface NotChecked extends CheckedText {
  readonly inspection?: undefined;
  /** Why the text was not looked at. */
  readonly notChecked: string;
}

/** The newest text of a document, and the last model there is of it: it may be older than the text. */
export interface Opened extends Omit<CheckedText, "resultId"> {
  readonly language: Language;
  readonly document: Document | undefined;
}

/** The newest text of a document and its model, without what rules say about it. */
export interface Modelled extends Opened {
  readonly document: Document;
}

/** One version of one document under one configuration, and what was found in it. */
export type Checked = Inspected | NotChecked;

interface SessionOptions {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly abilities: Abilities;
  readonly initial: InitializationOptions;
  readonly rules: readonly Rule[];
  readonly answers: AnswersWith;
  readonly projectConfig: ProjectConfig;
  /** Without it there is none. */
  readonly composeEngine?: (() => Promise<ComposeEngine | undefined>) | undefined;
  readonly imageThread?: Omit<ImageThreadOptions, "log"> | undefined;
}

/** The answers to be had under these settings. What is logged holds no secrets. */
export type AnswersWith = (
  config: Pick<Config, "registry" | "shellcheck">,
  log: (message: string) => void,
) => AnswerCache;

interface OpenText {
  readonly text: string;
  readonly version: number;
  readonly language: Language | undefined;
}

export interface Session {
  readonly abilities: Abilities;
  readonly connection: Connection;
  readonly rules: readonly Rule[];
  readonly uris: () => readonly string[];
  /** The newest text of an open document, whatever it is. */
  readonly open: (uri: string) => OpenText | undefined;
  /** False until the person trusts the workspace. */
  readonly isTrusted: () => boolean;
  /** What runs compose files here: looked for once, and never in a workspace that is not trusted. */
  readonly composeEngine: () => Promise<ComposeEngine | undefined>;
  /** The newest version of an open document of ours, checked; undefined when it is not open, of no language of ours, or not to be checked. */
  readonly check: (uri: string) => Promise<Checked | undefined>;
  /** The check of the newest text, if there is one by now: nothing is worked out for it. */
  readonly checkedNow: (uri: string) => Checked | undefined;
  /** For what cannot wait for the rules: the text as it is now, unchecked. Undefined when it is not open, or neither of these. */
  readonly glance: (uri: string) => Promise<Opened | undefined>;
  /** The same with the model of this text, which is made once for everybody; undefined also where the file is not to be checked. */
  readonly model: (uri: string) => Promise<Modelled | undefined>;
  /** What holds for a file, and for what is none. */
  readonly configFor: (uri: string | undefined) => Promise<Config>;
  /** The images that are looked at. */
  readonly images: Images;
  /** What is shown may have changed without the text. */
  readonly refresh: () => void;
  /** True when questions to registries may be asked for this document. */
  readonly mayAsk: (config: Config) => boolean;
  /** Asks the world. Rejects only when the signal aborts. */
  readonly ask: (
    question: Question,
    checked: Pick<CheckedText, "uri" | "config" | "answers">,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** The same for what no finding rests on: findings are not worked out again when the answer is a new one. */
  readonly look: Session["ask"];
  /** Looks for compose files that build it with another context than its own folder. */
  readonly findContext: (uri: string) => void;
  /** Aborts as soon as the document is changed or closed. */
  readonly whileUnchanged: (uri: string) => AbortSignal;
  readonly documentChanged: (uri: string) => void;
  readonly documentClosed: (uri: string) => void;
  readonly setTrusted: (trusted: boolean) => void;
  /** Settings changed; `pushed` is what the client sent along, if anything. */
  readonly settingsChanged: (pushed: unknown) => void;
  /** Other extensions do these now. */
  readonly setClaimed: (claims: readonly Claim[]) => void;
  /** What scans found in images. */
  readonly scanSummaries: () => ScanSummaries;
  readonly setScanSummaries: (summaries: ScanSummaries) => void;
  /** What is known of the signatures of images. */
  readonly signatureNotes: () => SignatureNotes;
  readonly setSignatureNotes: (notes: SignatureNotes) => void;
  /** What happens when findings may have changed without the text: a refresh, or publishing again. */
  readonly onStale: (listener: () => void) => void;
  readonly showMessage: (type: MessageType, message: string) => void;
  readonly dispose: () => void;
}

/** Larger texts are nothing a person wrote, and would hold up every keystroke. */
const MAX_LENGTH = 2 * 1024 * 1024;
const CONFIGURATION_DEADLINE_MS = 5_000;
/** Answers to several questions of one command arrive close together. */
const STALE_DELAY_MS = 50;

export function createSession(options: SessionOptions): Session {
  const { connection, documents, abilities, initial, rules, answers, projectConfig } = options;
  const started = Date.now().toString(36);
  let inspections = 0;
  let answered = 0;
  let trusted = initial.trusted ?? true;
  let initialSettings = initial.settings;
  let claimed: ReadonlySet<Claim> = new Set(initial.claimed);
  let scanSummaries = noSummaries;
  let signatureNotes = noNotes;
  let lastIgnored = "";
  let staleTimer: NodeJS.Timeout | undefined;
  let engine: Promise<ComposeEngine | undefined> | undefined;
  let onStale = (): void => {};
  const crashed = new Set<string>();
  const configs = new Map<string, Promise<Config>>();
  const contexts = new Map<string, string>();
  const caches = new Map<string, AnswerCache>();
  const checks = new Map<string, { readonly answered: number; readonly checked: Checked }>();
  const models = new Map<string, { readonly text: string; readonly document: Document }>();
  const unchanged = new Map<string, AbortController>();

  const cacheFor = ({ registry, shellcheck }: Config): AnswerCache => {
    // When they are asked changes nothing of what they said.
    const key = JSON.stringify([{ ...registry, lookups: undefined }, shellcheck]);
    const cache = caches.get(key) ?? answers({ registry, shellcheck }, (message) => connection.console.log(message));
    caches.set(key, cache);
    return cache;
  };

  const mayAsk = (config: Config): boolean => trusted && config.registry.lookups !== "off";

  /** The client's `dockwright` settings for a resource, or for none when that is empty; undefined when it has none or cannot be asked. */
  const requestSection = async (uri: string): Promise<unknown> => {
    if (!abilities.configuration) return undefined;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      connection.console.warn(`The client did not send the settings of ${uri}; the defaults are used`);
      late.resolve(undefined);
    }, CONFIGURATION_DEADLINE_MS);
    try {
      const request = connection.sendRequest(ConfigurationRequest.type, {
        items: [{ ...(uri !== "" && { scopeUri: uri }), section: "dockwright" }],
      });
      request.catch(() => {}); // an answer behind the deadline is nobody's concern
      const sections = await Promise.race([request, late.promise]);
      return sections?.[0];
    } catch (error) {
      connection.console.warn(`The settings of ${uri} could not be read, the defaults are used: ${described(error)}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  const fetchConfig = async (uri: string): Promise<Config> => {
    const own = readConfig((await requestSection(uri)) ?? initialSettings, rules, claimed);
    const line = own.left.join(", ");
    if (line !== "" && line !== lastIgnored)
      connection.console.warn(`Settings that are not understood are ignored: ${line}`);
    lastIgnored = line;
    return projectConfig(pathOf(uri), own);
  };

  const configOf = (uri: string): Promise<Config> => {
    const config = configs.get(uri) ?? fetchConfig(uri);
    configs.set(uri, config);
    return config;
  };

  /** Where its questions look; a Dockerfile's context is found out when it is opened and saved. */
  const placeOf = (uri: string): DocumentPlace => {
    const folder = folderOf(uri);
    const context = contexts.get(uri);
    return folder === undefined || context === undefined ? folder : { folder, context };
  };

  const contextUri = (uri: string): string => {
    const context = contexts.get(uri);
    return context === undefined ? uri.slice(0, uri.lastIndexOf("/") + 1) : `${pathToFileURL(context).href}/`;
  };

  const modelOf = (uri: string, text: string, language: Language): Document => {
    const before = models.get(uri);
    if (before?.text === text && before.document.language === language) return before.document;
    const document = parseDocument(text, language, decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1)));
    models.set(uri, { text, document });
    return document;
  };

  const inspectText = (document: TextDocument, language: Language, config: Config, uri: string): Checked => {
    const text = document.getText();
    const base = {
      uri,
      context: contextUri(uri),
      version: document.version,
      resultId: `${started}-${++inspections}`,
      text,
      lines: linesOf(text),
      config,
      answers: cacheFor(config).known(placeOf(uri)),
    };
    const notChecked = whyNotChecked(text);
    if (notChecked !== undefined) return { ...base, notChecked };
    const inspection = inspectDocument(modelOf(uri, text, language), rules, config.settings, base.answers);
    for (const { rule, error } of inspection.crashes) {
      if (crashed.has(rule)) continue;
      crashed.add(rule);
      connection.console.error(`Rule ${rule} failed on ${uri} and is left out there: ${described(error)}`);
    }
    return { ...base, inspection };
  };

  const sendStatus = (checked: Checked): void => {
    if (!abilities.status) return;
    const findings: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
    for (const { severity } of checked.inspection?.findings ?? []) findings[severity]++;
    if (checked.inspection) findings.error += unruledProblems(checked.inspection.document).length;
    const status: StatusParams = { uri: checked.uri, findings, offline: !mayAsk(checked.config) };
    void connection.sendNotification("dockwright/status", status);
  };

  const stale = (): void => {
    clearTimeout(staleTimer);
    staleTimer = setTimeout(() => void guardTask(connection.console, "refresh", () => onStale()), STALE_DELAY_MS);
  };

  const stopWork = (uri: string): void => {
    unchanged.get(uri)?.abort();
    unchanged.delete(uri);
  };

  /** Why it is not asked. */
  const whyNotAsked = (question: Question, config: Config): Answer | undefined => {
    // The ShellCheck that comes with us reads what it is given and nothing else.
    const harmless = question.ask === "shellcheck" && (config.shellcheck === "wasm" || config.shellcheck === "off");
    if (!trusted && !harmless) return { unknown: "this workspace is not trusted" };
    if (config.registry.lookups === "off" && !asksFiles(question) && question.ask !== "shellcheck")
      return { unknown: LOOKUPS_OFF };
    return undefined;
  };

  const waiting = createWaitingNote((images) => {
    if (abilities.status) void connection.sendNotification("dockwright/waiting", { images } satisfies WaitingParams);
  });

  const images = createImages({ ...options.imageThread, log: (message) => connection.console.log(message) });

  const glance = async (uri: string): Promise<Opened | undefined> => {
    const config = await configOf(uri);
    const document = documents.get(uri);
    const language = document && languageOf(document);
    const text = document?.getText() ?? "";
    if (!document || !language || whyNotChecked(text) !== undefined) return undefined;
    const { version } = document;
    const model = checks.get(uri)?.checked.inspection?.document;
    const answers = cacheFor(config).known(placeOf(uri));
    return {
      uri,
      context: contextUri(uri),
      version,
      text,
      lines: linesOf(text),
      config,
      answers,
      language,
      document: model,
    };
  };

  return {
    abilities,
    connection,
    rules,
    images,
    refresh: stale,
    configFor: (uri = "") => configOf(uri),
    uris: () => documents.keys(),

    open(uri) {
      const document = documents.get(uri);
      return document && { text: document.getText(), version: document.version, language: languageOf(document) };
    },

    isTrusted: () => trusted,

    async composeEngine() {
      if (!trusted) return undefined;
      engine ??= options.composeEngine?.() ?? Promise.resolve(undefined);
      return engine;
    },

    checkedNow(uri) {
      const checked = checks.get(uri)?.checked;
      return checked?.version === documents.get(uri)?.version ? checked : undefined;
    },

    async check(uri) {
      const config = await configOf(uri);
      const document = documents.get(uri); // the newest: it may have been changed or closed meanwhile
      const language = document && languageOf(document);
      if (!document || !language || config.ignored) return undefined;
      const before = checks.get(uri);
      if (
        before?.checked.version === document.version &&
        before.checked.config === config &&
        before.answered === answered
      )
        return before.checked;
      const checked = inspectText(document, language, config, uri);
      checks.set(uri, { answered, checked });
      sendStatus(checked);
      return checked;
    },

    glance,

    async model(uri) {
      const opened = await glance(uri);
      if (!opened || opened.config.ignored) return undefined;
      return { ...opened, document: modelOf(uri, opened.text, opened.language) };
    },

    mayAsk,

    async ask(question, { uri, config, answers: before }, signal) {
      const against = whyNotAsked(question, config);
      if (against !== undefined) return against;
      const answer = await waiting(question, cacheFor(config).ask(question, placeOf(uri), signal));
      // No rule asks what is in a folder.
      if (question.ask !== "entries" && JSON.stringify(answer) !== JSON.stringify(before.get(keyOf(question)))) {
        answered++;
        stale();
      }
      return answer;
    },

    look: async (question, { uri, config }, signal) =>
      whyNotAsked(question, config) ?? waiting(question, cacheFor(config).ask(question, placeOf(uri), signal)),

    whileUnchanged(uri) {
      const controller = unchanged.get(uri) ?? new AbortController();
      unchanged.set(uri, controller);
      return controller.signal;
    },

    findContext(uri) {
      const path = pathOf(uri);
      const document = documents.get(uri);
      const language = document && languageOf(document);
      if (path === undefined || !trusted || language === undefined || language === "compose") return;
      const context = contextOf(path);
      if ((contexts.get(uri) ?? dirname(path)) === context) return;
      contexts.set(uri, context);
      answered++;
      stale();
    },

    documentChanged: stopWork,

    documentClosed(uri) {
      stopWork(uri);
      configs.delete(uri);
      contexts.delete(uri);
      checks.delete(uri);
      models.delete(uri);
      images.documentClosed(uri);
    },

    setTrusted(now) {
      if (now === trusted) return;
      trusted = now;
      answered++; // so that the status is sent again
      stale();
    },

    settingsChanged(pushed) {
      if (!abilities.configuration && pushed !== undefined) initialSettings = pushed;
      configs.clear();
      stale();
    },

    setClaimed(claims) {
      claimed = new Set(claims);
      configs.clear();
      stale();
    },

    scanSummaries: () => scanSummaries,

    setScanSummaries(summaries) {
      scanSummaries = summaries;
    },

    signatureNotes: () => signatureNotes,

    setSignatureNotes(notes) {
      signatureNotes = notes;
    },

    onStale(listener) {
      onStale = listener;
    },

    showMessage(type, message) {
      void connection.sendNotification(ShowMessageNotification.type, { type, message });
    },

    dispose() {
      clearTimeout(staleTimer);
      for (const uri of unchanged.keys()) stopWork(uri);
      images.dispose();
    },
  };
}

function whyNotChecked(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return "Not checked, because the file is larger than 2 MB";
  if (text.includes("\0")) return "Not checked, because the file holds NUL bytes and so is not text; save it as UTF-8";
  return undefined;
}

/** Where a document is on disk. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined; // a host or an escaped slash in it: nothing this machine can look into
  }
}

function folderOf(uri: string): string | undefined {
  const path = pathOf(uri);
  return path === undefined ? undefined : dirname(path);
}
