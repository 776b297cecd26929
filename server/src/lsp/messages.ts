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
import type { Row } from "../core/verify/rows.ts";
import type { ImageSource } from "../effects/image/source.ts";

/** What our client sends along with `initialize`; other editors may leave out all of it. */
export interface InitializationOptions {
  /** The `dockwright` settings, for clients that cannot be asked for them. */
  readonly settings?: unknown;
  /** False in a workspace the person has not trusted: no network, no credentials, no files. True when absent. */
  readonly trusted?: boolean;
  /** Send `dockwright/status`. */
  readonly status?: boolean;
  /** What other extensions do. */
  readonly claimed?: readonly Claim[];
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

/** What is done for Dockerfiles, each to be switched on and off. `validation`: faults that others find and nobody mends. */
export type DockerfileFeature =
  | "validation"
  | "completion"
  | "hover"
  | "signatureHelp"
  | "navigation"
  | "symbols"
  | "links"
  | "folding"
  | "formatting"
  | "semanticTokens"
  | "inlayHints"
  | "linkedEditing"
  | "stageSeparators";

/** Request `dockwright/stageSeparators`: the lines, from 0, to draw a line above. */
export interface StageSeparatorsParams {
  readonly uri: string;
}

/** A feature for a language. */
export type Claim = `compose.${ComposeFeature}` | `dockerfile.${DockerfileFeature}`;

/** When registries are asked. `onCommand`: when a person has chosen it; `onOpen`: also after opening and saving; `off`: never. */
export type Lookups = "onCommand" | "onOpen" | "off";

/** Notification `dockwright/neighbours`: what other extensions do. */
export interface NeighboursParams {
  readonly claimed: readonly Claim[];
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

/** Notification `dockwright/waiting`: registries are being asked about these images and have not answered for a moment; none at the end. */
export interface WaitingParams {
  readonly images: readonly string[];
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

/**
 * Request `dockwright/lookUpImage`: asks the registry about the image that is named at a place of an open file, or for all tags of the
 * image `tagsOf`. What it says is shown by the next hover, hints and completions. Can be cancelled.
 */
export interface LookUpImageParams {
  readonly uri: string;
  readonly position: Place;
  readonly tagsOf?: string;
}
export interface LookedUpImage {
  /** Where the reference begins; absent for tags, and where no image is named there. */
  readonly start?: Place;
  /** What could not be found out and why, a clause without a full stop. */
  readonly failure?: string;
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

/**
 * Request `dockwright/multiStage`: what an open Dockerfile of one stage is as one of several. `choices`: by decision, what a person
 * chose instead. Nothing is changed.
 */
export interface MultiStageParams {
  readonly uri: string;
  readonly choices?: Readonly<Record<string, string>>;
}
export type MultiStageAnswer =
  | MultiStageResult
  | { readonly outcome: "refused"; readonly reason: string }
  /** A second stage would leave nothing out. `instead`: what would help. */
  | { readonly outcome: "no benefit"; readonly reason: string; readonly instead: readonly string[] };
export interface MultiStageResult {
  readonly outcome: "converted";
  /** Of the document it was worked out from. */
  readonly version: number;
  /** The address of the folder COPY reads from. */
  readonly context: string;
  /** As people call it: `Go`. */
  readonly ecosystem: string;
  /** The whole new text. */
  readonly text: string;
  readonly edits: readonly {
    readonly range: { readonly start: Place; readonly end: Place };
    readonly newText: string;
  }[];
  readonly decisions: readonly MultiStageDecision[];
  /** What the result does not have, as written, and why. */
  readonly dropped: readonly { readonly text: string; readonly why: string }[];
}
export interface MultiStageDecision {
  readonly id: string;
  /** A sentence without its full stop. */
  readonly what: string;
  /** A clause without a full stop. */
  readonly why: string;
  /** A person should look at it. */
  readonly doubtful: boolean;
  /** What else could be chosen. */
  readonly alternatives: readonly { readonly id: string; readonly label: string }[];
}

/**
 * Request `dockwright/verifyRefactoring`: builds and runs two texts of a Dockerfile one after the other and compares them. Nothing is
 * built before the workspace is trusted. Can be cancelled; what was built and run is gone then.
 */
export interface VerifyRefactoringParams {
  readonly original: string;
  readonly result: string;
  /** Where the Dockerfile is on disk: for the ignore file that has its name. */
  readonly path?: string;
  /** The absolute path of the folder COPY reads from; by default the one a compose file or `path` says. */
  readonly context?: string;
  /** `context`: of docker; of podman the connection. */
  readonly engine: { readonly name: "docker" | "podman"; readonly context?: string };
  /** Variables both containers get. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Asked besides `/`, `/health` and the links found. */
  readonly paths?: readonly string[];
  /** `host`, `none`, or a network there is. */
  readonly network?: string;
  /** A token under which `VerifyProgress` comes as progress. */
  readonly progress?: string;
}
export interface VerifyProgress {
  /** A sentence without its full stop. */
  readonly message: string;
}
export interface VerifiedRefactoring {
  readonly verification?: {
    readonly outcome: "same" | "differs" | "unverifiable";
    /** Why it is unverifiable, a clause without a full stop. */
    readonly why?: string;
    readonly rows: readonly Row[];
    /** The last lines of what failed. */
    readonly said: readonly string[];
  };
  /** Why there is none. */
  readonly failure?: string;
}
export type { Row as VerificationRow } from "../core/verify/rows.ts";

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

/** What commands are given that change the image at a position: any in its reference, or in its line where no other image is. */
export interface ImagePosition {
  readonly uri: string;
  /** Lines and characters count from 0. */
  readonly position: { readonly line: number; readonly character: number };
}

/** What commands are given that pin all images of the workspace, or update their digests. */
export interface WorkspacePins {
  /** Addresses of folders; those the workspace had at the start by default. */
  readonly folders?: readonly string[];
  /** A token under which `PinProgress` comes as progress; without one it is a work-done progress. */
  readonly progress?: string;
}
export interface PinProgress {
  readonly done: number;
  readonly of: number;
  /** The image that is asked about. */
  readonly image: string;
}

/** Request `dockwright/confirmPins`, from the server to a client that can show it: what a person decides before files are changed. */
export interface ConfirmPinsParams {
  /** A question. */
  readonly message: string;
  /** A line for each file. */
  readonly detail: string;
  /** What the button says that does it. */
  readonly action: string;
}
/** `preview`: each change is to be ticked. */
export type PinsConfirmed = "apply" | "preview" | "cancel";

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

export type CiProvider = "github" | "gitlab";
export type CiSeverity = "critical" | "high" | "medium" | "low";

/** Request `dockwright/ciProject`: what is known about CI files before any is asked for. */
export interface CiProjectParams {
  /** The address of the repository's remote, as git has it. */
  readonly remote?: string;
  /** The name of the project's folder. */
  readonly folder: string;
}
export interface CiProjectFacts {
  /** The sources are there, as far as the remote's address says it. */
  readonly likely: CiProvider;
  readonly services: readonly CiService[];
}
export interface CiService {
  readonly provider: CiProvider;
  readonly label: string;
  /** Where its file is. */
  readonly path: string;
  /** `registry/repository` that the images usually have there. */
  readonly repository: string;
  /** What its file names by commit. */
  readonly actions: readonly CiAction[];
}
export interface CiAction {
  /** `owner/name` on github.com. */
  readonly repository: string;
  readonly release: string;
}

/** Request `dockwright/ciFile`: the text of a CI file. */
export interface CiFileParams {
  readonly provider: CiProvider;
  readonly repository: string;
  readonly folder: string;
  /** Paths are from the project's folder, with slashes. */
  readonly files: readonly {
    readonly dockerfile: string;
    readonly services: readonly { readonly service: string; readonly context?: string; readonly target?: string }[];
  }[];
  readonly defaultBranch: string;
  readonly severity: CiSeverity;
  readonly fixableOnly: boolean;
  /** The release of dockwright that checks. */
  readonly version: string;
  /** Commits of actions, by repository. */
  readonly commits: Readonly<Record<string, string>>;
}
export interface CiFile {
  /** Absent where the server failed: its log says how. */
  readonly text?: string;
}

/**
 * Request `dockwright/containerize`: the files that build and run a project in a container. Nothing is written; registries are asked for
 * digests unless that is switched off. Nothing is read before the workspace is trusted. Can be cancelled.
 */
export interface ContainerizeParams {
  /** The project's folder. */
  readonly uri: string;
  /** The application's folder in it, relative; empty for itself. */
  readonly folder?: string;
  /** What a person chose, by decision. */
  readonly choices: Readonly<Record<string, string>>;
  /** The release of dockwright that CI files run. */
  readonly version: string;
}
export interface Containerized {
  readonly plan?: ContainerPlan;
  /** Why there is none, a sentence without its full stop. */
  readonly refusal?: string;
  /** Folders that may be meant instead. */
  readonly folders?: readonly { readonly folder: string; readonly manifest: string }[];
}
export interface ContainerPlan {
  readonly ecosystem: string;
  /** Relative to the project's folder. */
  readonly folder: string;
  readonly files: readonly {
    readonly kind: string;
    /** Relative to the project's folder, with slashes. */
    readonly path: string;
    /** What is there now; absent where there is no such file. */
    readonly before?: string;
    readonly text: string;
  }[];
  /** Doubtful ones first. */
  readonly decisions: readonly ContainerDecision[];
}
export interface ContainerDecision {
  readonly id: string;
  /** A sentence without its full stop. */
  readonly what: string;
  readonly why: string;
  readonly doubtful: boolean;
  readonly alternatives: readonly { readonly id: string; readonly label: string }[];
}
