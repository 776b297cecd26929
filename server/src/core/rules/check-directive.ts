/** `# check=skip=…;error=…` as BuildKit's linter reads it: the value up to its first blank, and no blanks in it. */
import type { Directive } from "../model/dockerfile/model.ts";
import { unsafeFix } from "../rule.ts";
import { replace } from "../text/edit.ts";
import type { Fault } from "./mount-faults.ts";

const NAMES: ReadonlySet<string> = new Set(["skip", "error", "experimental"]);

export function checkDirectiveFault({ name, value: { text, span } }: Directive): Fault | undefined {
  if (name !== "check") return undefined;
  const read = text.split(/\s/)[0] ?? "";
  const together = text.replace(/\s+/g, "");
  const fixes =
    read !== text && faultIn(together) === undefined ? [unsafeFix("Remove the blanks", replace(span, together))] : [];
  const fault = faultIn(read);
  if (fault !== undefined) return { span, message: fault, fixes };
  if (read === text) return undefined;
  const dropped = text.slice(read.length).trim();
  return {
    span,
    severity: "warning",
    message: `BuildKit reads check up to the first blank, and drops ${dropped}`,
    fixes,
  };
}

function faultIn(text: string): string | undefined {
  for (const part of text.split(";")) {
    const [, option = "", setting] = /^([^=]*)(?:=(.*))?$/.exec(part) ?? [];
    if (setting === undefined || !NAMES.has(option))
      return `check has skip=, error= and experimental=, not ${part === "" ? "an empty option" : part}`;
    if (option === "error" && !/^(?:1|t|true|0|f|false)$/i.test(setting))
      return `error= of check is true or false, not ${setting}`;
  }
  return undefined;
}
