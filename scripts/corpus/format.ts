/**
 * `npm run corpus -- format`: real files formatted. A second run must find nothing to do, the file must say what it said, by readers that
 * know nothing of the formatter, and the real BuildKit must warn of the same. Commands of RUN are compared as bash prints them.
 */
import { formatDockerfile } from "../../server/src/core/features/dockerfile/format.ts";
import { formatOptions } from "../../server/src/core/features/dockerfile/format-options.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { buildKitChecks } from "../../test/docker/buildkit-check.ts";
import { startMachine } from "../../test/docker/machine.ts";
import { run } from "../process.ts";
import type { CorpusFile } from "./files.ts";
import { differences, type ShellTexts, withoutBlanks } from "./read-plainly.ts";

/** Its commands bash cannot read; between its words, too, many blanks are one. */
const POWERSHELL = /^SHELL[ \t]*\[[ \t]*"(?:powershell|pwsh)/im;

/** As many programs at once. */
const AT_ONCE = 4;

/** Gives the exit code. */
export async function formatSurvey(files: readonly CorpusFile[]): Promise<number> {
  const faults: string[] = [];
  const shells: (ShellTexts & { readonly name: string; readonly isPowershell: boolean })[] = [];
  const changed: { readonly name: string; readonly text: string; readonly now: string }[] = [];
  let ms = 0;
  for (const { name, text } of files) {
    const start = performance.now();
    const now = formatted(text);
    ms += performance.now() - start;
    if (now === text) continue;
    changed.push({ name, text, now });
    if (formatted(now) !== now) faults.push(`${name}: a second run changes it again`);
    const { faults: found, scripts } = differences(text, now);
    faults.push(...found.map((fault) => `${name}: ${fault}`));
    const isPowershell = POWERSHELL.test(text);
    shells.push(...scripts.map((pair) => ({ ...pair, name, isPowershell })));
  }
  for (let at = 0; at < shells.length; at += AT_ONCE)
    await Promise.all(
      shells.slice(at, at + AT_ONCE).map(async ({ name, before, after, isPowershell }) => {
        const [one, other] = isPowershell
          ? [withoutBlanks(before), withoutBlanks(after)]
          : [await printed(before), await printed(after)];
        if (one === undefined || one !== other) faults.push(`${name}: another command for the shell: ${after}`);
      }),
    );
  faults.push(...(await checkFaults(changed)));
  for (const fault of faults) console.log(fault);
  console.log(
    `${files.length} files in ${ms.toFixed(0)} ms, ${changed.length} laid out anew, ${shells.length} RUNs compared as a shell reads them, ${faults.length} faults`,
  );
  return faults.length > 0 ? 1 : 0;
}

function formatted(text: string): string {
  return applyEdits(text, formatDockerfile(parseDockerfile(text), formatOptions({})));
}

/** As bash writes it; undefined where it cannot read it. Nothing is run. */
async function printed(text: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await run("bash", ["--norc", "--pretty-print"], { input: text });
  return code === 0 && stderr === "" ? stdout : undefined;
}

async function checkFaults(
  changed: readonly { readonly name: string; readonly text: string; readonly now: string }[],
): Promise<readonly string[]> {
  await using machine = await startMachine();
  const checks = await buildKitChecks(
    machine,
    changed.flatMap(({ text, now }) => [text, now]),
  );
  const said = (text: string): string => {
    const { warnings, error } = checks.get(text) ?? { warnings: [], error: "not checked" };
    return JSON.stringify([error?.replace(/line \d+/g, "line"), warnings.map(({ code }) => code).sort()]);
  };
  return changed.flatMap(({ name, text, now }) =>
    said(text) === said(now) ? [] : [`${name}: BuildKit said ${said(text)}, and says ${said(now)}`],
  );
}
