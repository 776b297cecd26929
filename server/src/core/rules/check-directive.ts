/** `# check=skip=…;error=…` as BuildKit's linter reads it (ParseLintOptions). */
import type { Directive } from "../model/dockerfile/model.ts";
import type { Span } from "../text/edit.ts";

const NAMES: ReadonlySet<string> = new Set(["skip", "error", "experimental"]);

export function checkDirectiveFault({ name, value }: Directive): { readonly span: Span; readonly message: string } | undefined {
  if (name !== "check") return undefined;
  for (const part of value.text.split(";")) {
    const [, option = "", setting] = /^([^=]*)(?:=([^]*))?$/.exec(part) ?? [];
    if (setting === undefined || !NAMES.has(option.trim()))
      return { span: value.span, message: `check has skip=, error= and experimental=, not ${part.trim() || "an empty option"}` };
    if (option.trim() === "error" && !/^(?:1|t|true|0|f|false)$/i.test(setting.trim()))
      return { span: value.span, message: `error= of check is true or false, not ${setting.trim()}` };
  }
  return undefined;
}
