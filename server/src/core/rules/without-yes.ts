/** Package managers that ask before they go on: what the *-yes rules share. */
import { saidBefore } from "../model/dockerfile/before.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import type { PackageCall } from "../model/dockerfile/packages.ts";
import { scriptsOf } from "../model/dockerfile/shell.ts";
import { callSpan, type SystemCall, allSystemCalls } from "../model/dockerfile/system-packages.ts";
import { type Context, safeFix } from "../rule.ts";
import { contains, type Edit, insert } from "../text/edit.ts";

/** Nothing is changed, so nothing is asked. */
const DRY: ReadonlySet<string> = new Set(["-D", "--dry-run", "--assumeno", "-h", "--help", "--version"]);

export interface YesForm {
  readonly asks: (call: SystemCall) => boolean;
  /** Options that answer. */
  readonly yes: ReadonlySet<string>;
  /** The one the fix writes, and where. */
  readonly option: string;
  readonly place: (call: SystemCall) => number;
  /** What a configuration file says instead. */
  readonly config?: RegExp;
}

export function reportWithoutYes({ dockerfile, report }: Context, form: YesForm): void {
  for (const call of allSystemCalls(dockerfile)) {
    if (call.hidden || !form.asks(call) || isAnswered(dockerfile, call, form)) continue;
    report(callSpan(call), {
      message: `${call.manager} ${call.verb.value} without ${form.option} waits for an answer nobody gives`,
      fixes: [safeFix(`Add ${form.option}`, addAt(call, form))],
    });
  }
}

const addAt = (call: SystemCall, { place, option }: YesForm): Edit =>
  insert(place(call), call.instruction.json ? `, "${option}"` : ` ${option}`);

const isAnswered = (dockerfile: Dockerfile, call: SystemCall, { yes, config }: YesForm): boolean =>
  call.options.some(
    ({ name, value }) => yes.has(name) || DRY.has(name) || (value !== undefined && config?.test(value)),
  ) ||
  isFed(dockerfile, call) ||
  (config !== undefined &&
    (config.test(dockerfile.text.slice(call.instruction.span.start, call.command.span.start)) ||
      saidBefore(dockerfile, call.instruction, config)));

/** `yes | apt-get install`. */
export const isFed = (dockerfile: Dockerfile, { command, instruction }: PackageCall): boolean =>
  // xargs reads the pipe itself.
  !command.wrappers.includes("xargs") &&
  scriptsOf(dockerfile, instruction).some(({ pipelines }) =>
    pipelines.some(
      ({ parts, names }) =>
        parts.findIndex((part) => contains(part, command.span)) > 0 &&
        ["yes", "echo", "printf"].includes(names[0] ?? ""),
    ),
  );
