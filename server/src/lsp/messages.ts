/** What our own client and the server say to each other beyond the Language Server Protocol. Types only. */
import type { ImageReport, LayerReport } from "../core/image/report.ts";
import type {
  DuplicateRow,
  FolderPage,
  FolderQuestion,
  ImageChanges,
  LayerRow,
  Suggestion,
  Top,
  WastedRow,
} from "../core/image/rows.ts";
import type { Severity } from "../core/rule.ts";
import type { ImageSource } from "../effects/image/source.ts";

/** What our client sends along with `initialize`; other editors may leave out all of it. */
export interface InitializationOptions {
  /** The `dockwright` settings, for clients that cannot be asked for them. */
  readonly settings?: unknown;
  /** False in a workspace the person has not trusted: no network, no credentials, no files. True when absent. */
  readonly trusted?: boolean;
  /** Send `dockwright/status`. */
  readonly status?: boolean;
  /** What other extensions do for compose files. */
  readonly claimed?: readonly ComposeFeature[];
  /** Commands the client carries out or registers itself; the server does not announce them. */
  readonly commands?: readonly string[];
}

/** What is done for compose files, each to be switched on and off. */
export type ComposeFeature =
  | "validation"
  | "completion"
  | "hover"
  | "navigation"
  | "symbols"
  | "links"
  | "formatting"
  | "inlayHints"
  | "codeLens";

/** Notification `dockwright/neighbours`: what other extensions do for compose files. */
export interface NeighboursParams {
  readonly claimed: readonly ComposeFeature[];
}

/** Notification `dockwright/trust`. */
export interface TrustParams {
  readonly trusted: boolean;
}

/** Notification `dockwright/status`, after each inspection. */
export interface StatusParams {
  readonly uri: string;
  readonly findings: Readonly<Record<Severity, number>>;
  /** True when nothing may be asked of a registry. */
  readonly offline: boolean;
}

/** Request `dockwright/composeCommand`; null where nothing can be run. */
export interface ComposeCommandParams {
  readonly verb: string;
  /** The compose file's address. */
  readonly uri: string;
  /** Absent for all services. */
  readonly service?: string;
}
export interface ComposeCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Request `dockwright/buildFacts`: what a build of an open Dockerfile has to know; null for anything else. Lines count from 0. */
export interface BuildFactsParams {
  readonly uri: string;
}
export interface BuildFacts {
  readonly stages: readonly StageFact[];
  /** In the order of the file; those of ONBUILD are inside their ONBUILD. */
  readonly instructions: readonly InstructionFact[];
  /** A name once, with the first default it has. */
  readonly args: readonly ArgFact[];
  /** What `--mount=type=secret` and `--mount=type=ssh` ask for, an id once. */
  readonly secrets: readonly MountFact[];
  readonly ssh: readonly MountFact[];
  /** Compose services that build this file; none in a workspace that is not trusted. */
  readonly services: readonly ServiceFact[];
}
export interface StageFact {
  readonly index: number;
  readonly name?: string;
  /** As written behind FROM. */
  readonly base: string;
  readonly line: number;
  readonly endLine: number;
}
export interface InstructionFact {
  /** -1 above the first FROM. */
  readonly stage: number;
  readonly line: number;
  readonly endLine: number;
  /** Upper case. */
  readonly keyword: string;
  /** Behind the keyword, continuation lines joined. */
  readonly text: string;
}
export interface ArgFact {
  readonly name: string;
  readonly default?: string;
  readonly line: number;
}
export interface MountFact {
  readonly id: string;
  readonly line: number;
  /** The build fails without. */
  readonly required: boolean;
}
export interface ServiceFact {
  readonly service: string;
  readonly target?: string;
  /** Absolute. */
  readonly context?: string;
  /** Names of its build arguments. */
  readonly args: readonly string[];
}

/**
 * Request `dockwright/newChecks`: what a builder warned about, and which of it is new to the person: the positions in the list of
 * what no rule of ours reports there, has been told not to report there, or is switched off. Lines count from 0.
 */
export interface NewChecksParams {
  readonly uri: string;
  readonly checks: readonly { readonly code: string; readonly line: number; readonly endLine: number }[];
}

/** Request `dockwright/baseImages`: the images an open Dockerfile is built on or an open compose file names, defaults put in. Lines count from 0. */
export interface BaseImagesParams {
  readonly uri: string;
}
export interface BaseImage {
  readonly image: string;
  readonly line: number;
  readonly platform?: string;
}

/** Request `dockwright/imageAnswer`: what a registry says of an image; `newer-tags` are separated by blanks. */
export interface ImageAnswerParams {
  /** The file it is asked for: its settings hold. */
  readonly uri: string;
  readonly ask: "digest" | "newer-tags";
  readonly image: string;
}
export interface ImageAnswer {
  readonly value?: string;
  /** Why there is no value. */
  readonly unknown?: string;
}

/** Request `dockwright/imageEdit`: another tag for an image, and another digest where it has one. */
export interface ImageEditParams {
  readonly uri: string;
  readonly image: string;
  readonly tag: string;
  readonly digest?: string;
}
export interface ImageEdit {
  readonly edits: readonly {
    readonly range: { readonly start: Place; readonly end: Place };
    readonly newText: string;
  }[];
  /** Why there are none. */
  readonly refusal?: string;
}
interface Place {
  readonly line: number;
  readonly character: number;
}

/** Request `dockwright/acceptFinding`: the text of a scanner's ignore file with one more entry. */
export interface AcceptFindingParams {
  readonly file: "trivy-yaml" | "trivy-list" | "grype-yaml";
  readonly text: string;
  readonly entry: {
    readonly kind: "vulnerability" | "secret" | "misconfiguration";
    readonly id: string;
    readonly reason: string;
    readonly path?: string;
    readonly package?: string;
    readonly until?: string;
  };
}
export interface AcceptedText {
  readonly text?: string;
  /** Why there is none. */
  readonly refusal?: string;
}

/** Notification `dockwright/scanSummary`: what scans found in images, all of them; none where a person switched that off. */
export interface ScanSummaryParams {
  readonly summaries: readonly ScanSummary[];
}
export interface ScanSummary {
  readonly image: string;
  /** With its version. */
  readonly scanner: string;
  /** When, for people. */
  readonly scanned: string;
  /** Vulnerabilities by severity. */
  readonly counts: Readonly<Record<string, number>>;
  readonly secrets?: number;
  readonly misconfigurations?: number;
  readonly fixable: number;
  /** The day the vulnerability database is of. */
  readonly database?: string;
}

/** Notification `dockwright/signatures`: what is known of the signatures of images, all of it; the newest last. */
export interface SignaturesParams {
  readonly notes: readonly SignatureNote[];
}
export interface SignatureNote {
  readonly image: string;
  /** The one it is about, which `image` may not name. */
  readonly digest?: string;
  /** One line for people. */
  readonly line: string;
}

/** Request `dockwright/explain`; null when there is no such rule. */
export interface ExplainParams {
  readonly rule: string;
}
export interface Explanation {
  readonly markdown: string;
}

/** Request `dockwright/rules`: all of them, by id. */
export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
  /** The same check elsewhere, as `hadolint:DL3006`. */
  readonly sameAs: readonly string[];
}

/** What `workspace/executeCommand` gives back for commands that change a file. */
export interface CommandSummary {
  /** One sentence for the person. */
  readonly message: string;
  /** Fixes that were applied. */
  readonly applied: number;
  /** What could not be done, and why. */
  readonly failed: readonly { readonly what: string; readonly why: string }[];
}

/** Request `dockwright/compareImages`: two images on disk, archives or OCI layouts. Nothing is read before the workspace is trusted. */
export interface CompareImagesParams {
  readonly a: string;
  readonly b: string;
  /** The open Dockerfile they were built from, so that layers find their lines. */
  readonly uri?: string;
  readonly target?: string;
  /** A token under which the share that is done comes as progress, from 0 to 1. */
  readonly progress?: string;
}
export interface ComparedImages {
  readonly report?: ImagesReport;
  /** Why there is none. */
  readonly failure?: string;
}
export interface ImagesReport extends Omit<ImageReport, "layers"> {
  readonly layers: readonly ComparedLayer[];
}
export interface ComparedLayer extends Omit<LayerReport, "madeBy"> {
  /** Lines count from 0; absent for what is no line of the Dockerfile. */
  readonly madeBy: readonly { readonly text: string; readonly line?: number }[];
}

export type {
  DuplicateRow,
  FileRow,
  ImageChanges,
  LayerRow,
  Suggestion,
  Top,
  WastedRow,
} from "../core/image/rows.ts";

export type { ImageSource } from "../effects/image/source.ts";

/**
 * Request `dockwright/openImage`: an image's layers, and from then on its sizes in the open Dockerfile it was built from. Nothing is read
 * before the workspace is trusted. Can be cancelled.
 */
export interface OpenImageParams {
  readonly source: ImageSource;
  /** The open Dockerfile it was built from. */
  readonly uri?: string;
  /** The stage that was built; the last one by default. */
  readonly target?: string;
  /** False for sizes and history only, which an engine and a registry say at once; an archive is always read. */
  readonly deep: boolean;
  /** A token under which `OpenProgress` comes as progress. */
  readonly progress?: string;
}
export interface OpenProgress {
  /** Read so far. */
  readonly bytes: number;
  /** All there is to read; absent where nobody knows. */
  readonly total?: number;
}
export interface OpenedAnswer {
  readonly image?: OpenedImage;
  /** Why there is none. */
  readonly failure?: string;
}
export interface OpenedImage {
  /** A handle for the questions below, until it is closed. */
  readonly id: string;
  readonly title: string;
  /** Of the manifest, or of the configuration where there is no manifest. */
  readonly digest?: string;
  readonly platform?: string;
  /** Files are known. */
  readonly deep: boolean;
  /** `content`: bytes of regular files. `compressed`: what a registry stores. `snapshot`: what an engine says of each layer. */
  readonly sizeMeaning: "content" | "compressed" | "snapshot";
  /** The same in words. */
  readonly sizeNote: string;
  /** From the lowest. */
  readonly layers: readonly LayerRow[];
  readonly totals: {
    readonly bytes: number;
    readonly compressedBytes?: number;
    readonly wastedBytes?: number;
    readonly files?: number;
  };
  /** Largest first. */
  readonly suggestions: readonly Suggestion[];
  readonly wasted: Top<WastedRow>;
  readonly duplicates: Top<DuplicateRow>;
  /** The layers that no instruction of the Dockerfile made, and the image FROM names. */
  readonly base?: { readonly image?: string; readonly layers: number; readonly bytes: number };
  /** Against the one opened before for the same Dockerfile and target. `id` may be closed by now. */
  readonly history?: {
    readonly id: string;
    /** How much larger this one is. */
    readonly bytes: number;
    /** Layers that both have and that are of different sizes. */
    readonly layers: readonly { readonly layer: number; readonly bytes: number }[];
  };
}

/** Request `dockwright/imageFolder`: a page of what is in a folder. `count` is at most 500. */
export interface ImageFolderParams extends FolderQuestion {
  readonly id: string;
  /** Another opened image to mark changes against. */
  readonly against?: string;
}
export interface ImageFolder extends FolderPage {
  /** Why there are no rows: the image is closed, or is an outline. */
  readonly failure?: string;
}

/** Request `dockwright/imageLines`: where the layers' instructions stand in the Dockerfile now, after edits. Only those that have one. */
export interface ImageLinesParams {
  readonly id: string;
}
export interface ImageLine {
  readonly layer: number;
  /** Lines count from 0. */
  readonly line: number;
  readonly endLine: number;
  /** It, or something above it, was changed since the image was built. */
  readonly stale: boolean;
}

/** Request `dockwright/compareOpened`: what became of the first image in the second. */
export interface CompareOpenedParams {
  readonly a: string;
  readonly b: string;
}
export interface ComparedOpened {
  readonly changes?: ImageChanges;
  /** Why there are none. */
  readonly failure?: string;
}

/** Request `dockwright/closeImage`: nothing more will be asked about it; null. Its sizes stay in the Dockerfile until that is closed. */
export interface CloseImageParams {
  readonly id: string;
}
