/** How yum, dnf and their like are told to go on. */
import type { Effect } from "../model/dockerfile/system-packages.ts";
import type { YesForm } from "./without-yes.ts";

const ASKING: ReadonlySet<Effect> = new Set<Effect>(["install", "group", "module", "upgrade", "remove"]);

export const RPM_YES: YesForm = {
  asks: ({ effect }) => ASKING.has(effect),
  yes: new Set(["-y", "--assumeyes"]),
  option: "-y",
  place: ({ verb, optionsEnd }) => Math.max(verb.span.end, optionsEnd),
  config: /\b(?:assumeyes|defaultyes)\s*=\s*(?:1|true|yes|on)\b/i,
};
