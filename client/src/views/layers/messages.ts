/** What the panel's page and the extension say to each other. Types only. */
import type {
  ImageChanges,
  ImageFolder,
  ImageFolderParams,
  ImageLine,
  OpenedImage,
} from "../../../../server/src/lsp/messages.ts";

/** What is shown. */
export interface Content {
  readonly image?: OpenedImage | undefined;
  /** The Dockerfile it was built from, for people. */
  readonly dockerfile?: string | undefined;
  readonly comparison?: Comparison | undefined;
}

export interface Comparison {
  /** The handle of the image it is compared with, the older one. */
  readonly id: string;
  /** For people: `the last build`, or the image's name. */
  readonly title: string;
  readonly changes: ImageChanges;
}

/** What goes on around it. */
export interface Status {
  readonly restricted: boolean;
  readonly busy?: { readonly what: string; readonly bytes: number; readonly total?: number } | undefined;
  readonly failure?: string | undefined;
  /** Why its files are not read yet, and the words on the button that reads them. */
  readonly offer?: { readonly text: string; readonly button: string } | undefined;
  /** The image that was shown before. */
  readonly again?: string | undefined;
}

/** How it is looked at; kept across windows. */
export interface View {
  readonly sort: Sort;
  readonly onlyWasted: boolean;
  readonly search: string;
  /** Keys of what is open. */
  readonly open: readonly string[];
  readonly suggestions: boolean;
  /** Pixels, of the image this is about. */
  readonly scroll: number;
  readonly of: string;
}

/** A page of a folder, of the image that is shown. */
export type PageQuestion = Omit<ImageFolderParams, "id" | "against">;
export type Sort = PageQuestion["sort"];

export type ToPanel =
  | { readonly kind: "content"; readonly content: Content; readonly view?: View | undefined }
  | { readonly kind: "status"; readonly status: Status }
  | { readonly kind: "page"; readonly request: number; readonly page: ImageFolder }
  /** The cursor is on its line. */
  | { readonly kind: "select"; readonly layer: number }
  | { readonly kind: "lines"; readonly lines: readonly ImageLine[] }
  /** What came of a suggestion's fix. */
  | { readonly kind: "said"; readonly suggestion: number; readonly text: string };

/** Commands of ours that the page has buttons for. */
export type PanelCommand = "show" | "again" | "trust" | "leaveComparison";

export type ToHost =
  | { readonly kind: "ready" }
  | { readonly kind: "page"; readonly request: number; readonly question: PageQuestion }
  | { readonly kind: "line"; readonly layer: number }
  | { readonly kind: "fix"; readonly suggestion: number }
  | { readonly kind: "explain"; readonly rule: string }
  | { readonly kind: "read" }
  | { readonly kind: "cancel" }
  | { readonly kind: "command"; readonly command: PanelCommand }
  | { readonly kind: "view"; readonly view: View };
