/** What is said between the server and the thread that reads images. */
import type { FileChanges } from "../../core/image/changes.ts";
import type { ImageFacts } from "../../core/image/facts.ts";
import type { FolderPage, FolderQuestion } from "../../core/image/rows.ts";
import type { ImageSource } from "../../effects/image/source.ts";
import type { RegistrySettings } from "../settings.ts";

/** What the thread can be asked, and what it answers. */
export interface Calls {
  readonly open: {
    readonly asks: {
      /** The handle it has from then on. */
      readonly image: string;
      readonly source: ImageSource;
      readonly deep: boolean;
      readonly registry: RegistrySettings;
    };
    readonly answers: ImageFacts;
  };
  readonly folder: {
    readonly asks: {
      readonly image: string;
      readonly question: FolderQuestion;
      /** `layer` is null where the question's is, and undefined where the other image has no such layer. */
      readonly against?: { readonly image: string; readonly layer: number | null | undefined };
    };
    readonly answers: FolderPage;
  };
  readonly changes: {
    readonly asks: { readonly a: string; readonly b: string };
    readonly answers: FileChanges;
  };
  readonly close: { readonly asks: { readonly image: string }; readonly answers: null };
}

export type CallName = keyof Calls;

export type ToThread =
  | {
      readonly [K in CallName]: {
        readonly call: number;
        readonly does: K;
        readonly asks: Calls[K]["asks"];
        /** One number, 1 once nobody waits any more: seen also while nothing else can be. */
        readonly cancelled: SharedArrayBuffer;
      };
    }[CallName]
  | { readonly cancel: number };

export type FromThread =
  | { readonly call: number; readonly answer: unknown }
  /** What a person is told. */
  | { readonly call: number; readonly failure: string }
  /** A fault of ours. */
  | { readonly call: number; readonly fault: string }
  | { readonly call: number; readonly bytes: number; readonly total?: number }
  | { readonly log: string };
