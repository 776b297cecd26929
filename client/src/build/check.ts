/** BuildKit's checks alone: `docker buildx build --call=check`, which builds nothing, and its answer. Lines count from 0. */
import { commonFlags, environmentOf } from "../engines/build-flags.ts";
import { docker } from "../engines/docker.ts";
import { flag } from "../engines/engine.ts";
import type { Invocation, Outcome } from "../process.ts";
import { fieldsOf, numberOf, objectIn, objectsOf, textOf } from "../scanners/json.ts";
import type { BuildWarning, Place } from "./events.ts";
import type { BuildOptions } from "./options.ts";

export interface BuildCheck {
  readonly warnings: readonly BuildWarning[];
  /** Why the file would not be built. */
  readonly error?: { readonly message: string; readonly place?: Place };
}

/** Only what decides about the checks is said: nothing is pulled, cached or sent. */
export function checkInvocation(options: BuildOptions): Invocation {
  const { dockerfile, context, target, buildArgs } = options;
  const asked = {
    ...{ dockerfile, context, tags: [] },
    ...(target !== undefined && { target }),
    ...(buildArgs && { buildArgs }),
  };
  return {
    ...docker(
      [
        ...["buildx", "build", "--call=check,format=json"],
        ...flag("builder", options.builder),
        ...commonFlags(asked),
        ...["--", context],
      ],
      options,
    ),
    env: environmentOf(options),
  };
}

/** A report whatever the exit code, which is 1 as soon as there is a warning; or why there is none. */
export function readCheck({ stdout, stderr, code, missing, truncated }: Outcome): BuildCheck | string {
  if (missing) return "docker is not on PATH";
  const report = truncated ? undefined : objectIn(stdout);
  if (!report) return reasonIn(stderr) ?? `docker ended with ${code} and said nothing`;
  const error = fieldsOf(report["buildError"]);
  const message = textOf(error["message"]);
  const place = placeIn(error["location"]);
  return {
    warnings: objectsOf(report["warnings"]).flatMap((each): BuildWarning[] => {
      const [rule, about, detail, url] = ["ruleName", "description", "detail", "url"].map((key) => textOf(each[key]));
      const at = placeIn(each["location"]);
      const said = detail ?? about ?? rule;
      return said === undefined
        ? []
        : [
            {
              message: said,
              ...(rule !== undefined && { code: rule }),
              ...(url !== undefined && URL.canParse(url) && { url }),
              ...(at && { place: at }),
            },
          ];
    }),
    // That there are warnings is no reason beside them.
    ...(message !== undefined &&
      !message.startsWith("lint violation found") && { error: { message, ...(place && { place }) } }),
  };
}

/** `unknown flag: --call` of releases before 0.15, else the line that tells of an error, else the last one. */
function reasonIn(stderr: string): string | undefined {
  if (/unknown flag: --call|invalid print|unsupported call/i.test(stderr))
    return "this buildx has no checks: update it to 0.15 or newer";
  const lines = stderr.split("\n").map((line) => line.trim());
  return (
    lines.findLast((line) => line.startsWith("ERROR: "))?.slice("ERROR: ".length) ??
    lines.findLast((line) => line !== "")
  );
}

function placeIn(location: unknown): Place | undefined {
  const [range] = objectsOf(fieldsOf(location)["ranges"]);
  const [line, end] = ["start", "end"].map((key) => numberOf(fieldsOf(range?.[key])["line"]));
  if (line === undefined || line < 1) return undefined;
  return { line: line - 1, endLine: Math.max(line, end ?? line) - 1 };
}
