/** A suite that runs in the extension host of a workbench in a page: its lines are passed on, its outcome is the exit code. */
import type { Page } from "../../scripts/browser.ts";
import type { Workbench } from "../../scripts/editor.ts";

const DEADLINE_MS = 10 * 60_000;
/** Lines of the suite; the rest is the workbench talking about itself. */
const SUITE_LINE = /^(?:ok |not ok |\d+ passed, \d+ failed)/;
const COUNTS = /^\d+ passed, \d+ failed/;
const MOST_NOISE = 40;

/** 0: all tests passed. What the workbench said goes to standard error where the suite did not come to its end. */
export async function runSuiteIn(page: Page, workbench: Workbench): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const noise: string[] = [];
  let counted = false;
  await page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
  await page.exposeFunction("codeAutomationLog", (_: string, args: readonly unknown[]) => {
    const line = args.map(String).join(" ");
    counted ||= COUNTS.test(line);
    if (SUITE_LINE.test(line)) console.log(line);
    else noise.push(line);
  });
  page.on("crash", () => ended.reject(new Error("the page of the workbench crashed")));
  void workbench.exited.then((code) => ended.reject(new Error(`the workbench ended with ${code}`)));
  const timer = setTimeout(() => ended.reject(new Error(`the suite took longer than ${DEADLINE_MS} ms`)), DEADLINE_MS);
  try {
    await page.goto(workbench.url);
    const code = await ended.promise;
    if (code !== 0 && !counted) throw new Error(`the suite did not run, the workbench ended it with ${code}`);
    return code;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error([...noise.slice(-MOST_NOISE), workbench.output().slice(-4_000)].join("\n"));
    return 1;
  } finally {
    clearTimeout(timer);
  }
}
