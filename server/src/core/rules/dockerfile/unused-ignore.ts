import type { SuppressedName, Suppression } from "../../model/comments.ts";
import { defineRule, type IgnoredName, safeFix, unsafeFix } from "../../rule.ts";
import { type Edit, remove, replace } from "../../text/edit.ts";
import { nearest } from "../../text/nearest.ts";

export default defineRule({
  id: "unused-ignore",
  summary: "a comment ignores a rule that has nothing to say there",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: [],
  why: `
A suppression that is not needed hides the next problem of its kind, and tells readers of a problem that is gone. A name that no
rule has suppresses nothing: it is a slip, or the rule has another name today.

Ours are judged when the rule runs in the chosen profile and has all the answers it asked for. hadolint's and BuildKit's comments
are judged in the \`strict\` profile only: those tools may still find something where Dockwright finds nothing.`,
  fixSafety:
    "Safe: the name is taken out of the comment, and the comment goes with its last name; a comment changes nothing in the image. Replacing a name by the nearest one that exists is a guess, so unsafe: it may suppress something.",
  examples: [
    {
      bad: "FROM debian:13\n# dockwright ignore=sudo\nRUN install -d /srv/app\n",
      fixed: "FROM debian:13\nRUN install -d /srv/app\n",
    },
    {
      bad: "FROM debian:13\n# dockwright ignore=sudoo\nRUN sudo install -d /srv/app\n",
      fixed: "FROM debian:13\n# dockwright ignore=sudo\nRUN sudo install -d /srv/app\n",
    },
    { good: "FROM debian:13\n# dockwright ignore=sudo the base image needs it\nRUN sudo install -d /srv/app\n" },
  ],
  check() {},
  review({ document, ignored, names, report }) {
    const useless = new Map<Suppression, SuppressedName[]>();
    for (const each of ignored)
      if (isUseless(each)) useless.set(each.suppression, [...(useless.get(each.suppression) ?? []), each.name]);
    for (const { name, suppression, known } of ignored) {
      const gone = useless.get(suppression);
      if (!gone?.includes(name)) continue;
      const isDirective =
        document.language === "dockerfile" && document.directives.some(({ span }) => span === suppression.span);
      const drop = safeFix(`Remove ${name.text}`, removal(document.text, suppression, name, isDirective));
      if (known)
        report(name.span, {
          message: `Nothing here needs ${name.text} ignored`,
          fixes: [drop],
          ...(suppression.by !== "dockwright" && { profile: "strict" as const, severity: "hint" as const }),
        });
      else {
        const meant = nearest(name.text, names);
        report(name.span, {
          message: `No rule is called ${name.text}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
          severity: "warning",
          fixes: meant === undefined ? [drop] : [unsafeFix(`Write ${meant}`, replace(name.span, meant)), drop],
        });
      }
    }
  },
});

/** A peer's name that we do not know may be one of its own. */
const isUseless = ({ known, judged, used, suppression, name }: IgnoredName): boolean =>
  !used && !name.id.endsWith(":*") && (known ? judged : suppression.by === "dockwright");

/** One name with its comma, or the whole line with the last one. */
function removal(text: string, { names, span }: Suppression, name: SuppressedName, isDirective: boolean): Edit {
  const at = names.indexOf(name);
  const [before, after] = [names[at - 1], names[at + 1]];
  if (before) return remove({ start: before.span.end, end: name.span.end });
  if (after) return remove({ start: name.span.start, end: after.span.start });
  if (isDirective) return removeSkip(text, name);
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.indexOf("\n", span.end);
  // A byte order mark stays at the top.
  return remove({
    start: text.charCodeAt(start) === 0xfeff ? start + 1 : start,
    end: lineEnd === -1 ? text.length : lineEnd + 1,
  });
}

/** The last name of a directive: its `skip=` goes, what else it says stays. */
function removeSkip(text: string, { span }: SuppressedName): Edit {
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.indexOf("\n", span.end);
  const end = lineEnd === -1 ? text.length : lineEnd;
  const behind = /^[ \t]*;[ \t]*/.exec(text.slice(span.end, end));
  const key = /(;?)[ \t]*skip[ \t]*=[ \t]*$/i.exec(text.slice(lineStart, span.start));
  const keyStart = span.start - (key?.[0].length ?? 0);
  if (behind) return remove({ start: keyStart + (key?.[1]?.length ?? 0), end: span.end + behind[0].length });
  if (key?.[1]) return remove({ start: keyStart, end: span.end });
  const bom = text.charCodeAt(lineStart) === 0xfeff ? 1 : 0;
  return remove({ start: lineStart + bom, end: lineEnd === -1 ? text.length : lineEnd + 1 });
}
