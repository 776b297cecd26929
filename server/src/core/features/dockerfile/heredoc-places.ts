/** The names of heredocs: on the instruction's line, and on the line that ends each. */
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Heredoc, Instruction } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";

export interface HeredocPlace {
  readonly heredoc: Heredoc;
  readonly instruction: Instruction;
  /** Of the name without quotes; of the whole marker where the name is spelled otherwise. */
  readonly span: Span;
  readonly role: "marker" | "terminator";
  readonly exact: boolean;
}

export const heredocPlaces = perDocument(({ all, text }): readonly HeredocPlace[] =>
  all.flatMap((instruction) =>
    // Those of a trigger are its ONBUILD's too.
    (instruction.trigger ? [] : instruction.heredocs).flatMap((heredoc): readonly HeredocPlace[] => {
      const { name, marker, terminator } = heredoc;
      const written = text.slice(marker.start, marker.end);
      const from = marker.start + written.indexOf("<<") + (heredoc.chomp ? 3 : 2);
      const inside = text.slice(from, marker.end);
      const quoted = inside === `"${name}"` || inside === `'${name}'`;
      const exact = quoted || inside === name;
      const span = exact ? { start: from + (quoted ? 1 : 0), end: marker.end - (quoted ? 1 : 0) } : marker;
      const places: HeredocPlace[] = [{ heredoc, instruction, span, role: "marker", exact }];
      if (terminator)
        places.push({
          heredoc,
          instruction,
          span: { start: terminator.end - name.length, end: terminator.end },
          role: "terminator",
          exact: true,
        });
      return places;
    }),
  ),
);
