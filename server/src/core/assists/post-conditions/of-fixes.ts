/** What has to hold of a text that the fixes of rules have been at, and what each rule's fixes are there to change. */
import { type Document, parseDocument } from "../../model/document.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Fix } from "../../rule.ts";
import { applyEdits } from "../../text/edit.ts";
import { comments, directives } from "./comments.ts";
import { hasWriter } from "./copied-from.ts";
import type { Setting } from "./declared.ts";
import { sameDistribution } from "./distribution.ts";
import { metadata } from "./metadata.ts";
import { reparses } from "./reparses.ts";
import { runsThere } from "./runs-there.ts";
import { shellThere } from "./shell-there.ts";
import { untouched } from "./untouched.ts";
import { variablesSet } from "./variables-set.ts";

interface Row {
  readonly changes?: readonly Setting[];
  /** Its fixes rewrite or remove comments. */
  readonly comments?: true;
  /** Its fixes rewrite `# syntax=` and the like. */
  readonly directives?: true;
  /** Its fixes name the stage or image that was meant: what is wrong with that one was so before. */
  readonly reveals?: true;
  /** Its fixes make one instruction of lines that were read as several. */
  readonly joins?: true;
}

/** What an image hands on to those built on it. */
const OF_THE_BASE: readonly Setting[] = ["ENTRYPOINT", "CMD", "USER", "WORKDIR", "VOLUME"];
/** Wherever a word stands, a slip in it is mended. */
const WHEREVER: readonly Setting[] = [...OF_THE_BASE, "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "SHELL", "STOPSIGNAL"];
const ANOTHER_BASE: Row = { changes: WHEREVER, reveals: true };
/** What it is about, nobody knows here. */
const OF_ANOTHER_RULE: Row = { changes: WHEREVER, comments: true, directives: true };
const LABELS: Row = { changes: ["LABEL"] };

/** Rules whose fixes leave the image's configuration, the comments and the directives as they are. */
const CHANGE_NOTHING = `
  add-for-local-file apk-no-cache apk-virtual apt-dist-upgrade apt-lists-left apt-no-recommends apt-not-apt-get apt-upgrade
  apt-yes arg-name-quoted base-newer-tag base-tag-floating base-tag-missing cache-mount-missing chown-flag copy-consecutive
  copy-from-index copy-ignored-file copy-multi-needs-slash copy-outside-context copy-relative-no-workdir copy-then-extract
  dependencies-after-source directive-case dnf-clean dnf-yes doc-comment-format dockerignore-missing empty-continuation
  expose-proto-case flag-unknown from-stage-capitals from-as-case from-platform-constant from-platform-redundant heredoc-without-set-e
  install-ignores-lockfile instruction-case legacy-key-value lockfile-not-copied multiple-cmd multiple-entrypoint
  multiple-healthcheck pip-cache run-consecutive secret-file-copied sig-apk sig-apt sig-rpm sig-yum stage-name-case
  stage-name-reserved sudo tdnf-clean timestamp-in-build tls-curl tls-wget tls-yum-config unused-arg unused-stage update-alone
  useradd-sparse-log wget-progress yarn-cache yum-clean yum-yes zypper-clean zypper-dist-upgrade zypper-yes
`
  .trim()
  .split(/\s+/);

/**
 * By rule: what of the image its fixes are there to change. Everything that is said of a fix in general is checked for all of them; what
 * it changes of configuration and comments only where it stands here what that is.
 */
export const CHANGED_BY_FIXES: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(CHANGE_NOTHING.map((rule) => [rule, {}])),
  "arg-not-redeclared": { changes: WHEREVER },
  "argument-syntax": { changes: WHEREVER, directives: true, reveals: true },
  "argument-count": { changes: WHEREVER, reveals: true },
  "base-digest-stale": { directives: true },
  "base-digest-unpinned": { directives: true },
  "base-not-found": { directives: true },
  "copy-from-unknown-stage": { reveals: true },
  // What was copied whole and lost its configuration is built on instead, and has it.
  "copy-from-whole-root": { changes: WHEREVER },
  "env-self-reference": { changes: ["ENV"] },
  "exec-form": { changes: ["CMD", "ENTRYPOINT"] },
  "exec-form-single-quotes": { changes: ["CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK", "VOLUME"] },
  "expose-host-mapping": { changes: ["EXPOSE"] },
  "expose-ssh": { changes: ["EXPOSE"] },
  "from-arg-no-default": ANOTHER_BASE,
  "from-arg-undefined": ANOTHER_BASE,
  "healthcheck-missing": { changes: ["HEALTHCHECK"] },
  "healthcheck-options": { changes: ["HEALTHCHECK"] },
  "healthcheck-shell-form": { changes: ["HEALTHCHECK"] },
  "label-extra": LABELS,
  "label-key": LABELS,
  "label-missing": LABELS,
  "label-spdx": LABELS,
  "maintainer-deprecated": LABELS,
  "pid1-shell-wrapper": { changes: ["CMD", "ENTRYPOINT"] },
  pipefail: { changes: ["SHELL"] },
  "run-cd": { changes: ["WORKDIR"] },
  "secret-in-arg-env": { changes: ["ENV"] },
  shellcheck: { changes: ["CMD", "ENTRYPOINT", "HEALTHCHECK"] },
  "shell-by-run": { changes: ["SHELL"] },
  "shell-form-entrypoint-with-cmd": { changes: ["CMD", "ENTRYPOINT"] },
  "shell-not-json": { changes: ["SHELL"] },
  "stage-name-duplicate": { reveals: true },
  "syntax-directive-missing-for-feature": { directives: true },
  "tls-git": { changes: ["ENV"] },
  "tls-node": { changes: ["ENV"] },
  "tls-npm": { changes: ["ENV"] },
  "tls-pip": { changes: ["ENV"] },
  "tls-python": { changes: ["ENV"] },
  "unknown-instruction": { changes: WHEREVER, joins: true, reveals: true },
  "unused-ignore": { comments: true, directives: true },
  "user-missing": { changes: ["USER"] },
  "user-not-numeric": { changes: ["USER"] },
  "user-root-last": { changes: ["USER"] },
  "var-undefined": { changes: WHEREVER },
  "workdir-relative": { changes: ["WORKDIR"] },
  "workdir-unquoted-space": { changes: ["WORKDIR"] },
};

export interface FixOfRule {
  readonly rule: string;
  readonly fix: Pick<Fix, "edits">;
}

/** Why the text must not become what the fixes, all together, make of it: clauses without a full stop; none: it may. */
export function brokenByFixes(document: Document, fixes: readonly FixOfRule[]): readonly string[] {
  const edits = fixes.flatMap(({ fix }) => fix.edits);
  if (edits.length === 0 || document.language === "dockerignore") return [];
  const after = parseDocument(applyEdits(document.text, edits), document.language, document.name);
  if (document.language !== "dockerfile" || after.language !== "dockerfile")
    return after.problems.length > document.problems.length ? ["the result would not be valid YAML"] : [];
  const unread = reparses(document, after, undefined);
  if (unread.length > 0) return unread;
  const rows = fixes.map(({ rule }) => CHANGED_BY_FIXES[rule] ?? OF_ANOTHER_RULE);
  return [
    ...(rows.some(({ joins }) => joins) ? [] : untouched(document, after, edits)),
    ...spoilt(document, after, rows),
  ];
}

function spoilt(before: Dockerfile, after: Dockerfile, rows: readonly Row[]): readonly string[] {
  const may = (what: "comments" | "directives" | "reveals"): boolean => rows.some((row) => row[what]);
  return [
    // A fix does with what ONBUILD registers what it does elsewhere.
    ...metadata(before, after, { changes: ["ONBUILD", ...rows.flatMap(({ changes = [] }) => changes)] }),
    ...variablesSet(before, after, undefined),
    ...(may("reveals") ? [] : hasWriter(before, after, undefined)),
    ...(may("reveals") ? [] : shellThere(before, after, undefined)),
    ...(may("reveals") ? [] : runsThere(before, after, undefined)),
    ...(may("reveals") ? [] : sameDistribution(before, after, {})),
    ...(may("comments") ? [] : comments(before, after, { dropped: [] })),
    ...(may("directives") ? [] : directives(before, after, undefined)),
  ];
}
