/** A compose file as it is written, and what it says of each service. Offsets are UTF-16 and half-open. */
import type { Edit, Span } from "../../text/edit.ts";
import type { Via, YamlAnchor, YamlComment, YamlEntry, YamlMap, YamlNode, YamlProblem } from "../../text/yaml.ts";

export interface ComposeFile {
  readonly language: "compose";
  readonly text: string;
  readonly eol: "\n" | "\r\n";
  /** The file's name without folders, as `compose.yaml`; undefined for a text without a name. */
  readonly name: string | undefined;
  /** Undefined when it is no mapping. There may be one though there are problems. */
  readonly root: YamlMap | undefined;
  /** What YAML itself has against it. */
  readonly problems: readonly YamlProblem[];
  readonly comments: readonly YamlComment[];
  readonly anchors: readonly YamlAnchor[];
  /** Where documents behind the first one begin. */
  readonly documents: readonly Span[];
  /** As written in this file, merge keys and aliases followed, `extends` and other files not. */
  readonly services: readonly Service[];
  /** What `memo.ts` keeps of this document; nobody else writes here. */
  readonly memory: unknown[];
}

/** A key and its value, with the way they came. */
export interface Field {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
  /** The first thing on the way here that stands elsewhere; absent when all of it is written here. */
  readonly via?: Via;
}

export interface Service {
  readonly name: string;
  /** Its name where it is declared in this file. */
  readonly nameSpan: Span;
  /** What it says; undefined when that is no mapping. */
  readonly map: YamlMap | undefined;
  /** The entry that declares it. */
  readonly entry: YamlEntry;
  /** Set when the service itself is an alias or merged in. */
  readonly via?: Via;
  /** What `perService` keeps of it; nobody else writes here. */
  readonly memory: unknown[];
}

/** What a change comes to, or why it cannot be made. */
export type Change = { readonly edits: readonly Edit[] } | { readonly refusal: string };
