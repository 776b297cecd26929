/** Findings known again in a later run: by file, rule and what they are about, whatever line that is on by then. */
import { contextOf } from "../../core/findings/context.ts";
import type { Document } from "../../core/model/document.ts";
import type { Finding } from "../../core/rule.ts";
import { sha256 } from "../../effects/sha256.ts";

/** Without the file: it is kept beside. */
export const fingerprintOf = (document: Document, finding: Finding): string =>
  hash(`${finding.rule}\0${finding.code ?? ""}\0${contextOf(document, finding)}`);

export const hash = (text: string): string => sha256(text).slice(0, 32);
