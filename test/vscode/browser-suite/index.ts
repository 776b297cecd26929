/** What the extension host of a browser runs: the extension there is the worker build. A line for each test, then `N passed, N failed`. */
import { tests } from "./tests.ts";

export async function run(): Promise<void> {
  let failed = 0;
  for (const { name, run: test } of tests) {
    const began = performance.now();
    try {
      await test();
      console.log(`ok ${name} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}\n${error instanceof Error ? error.stack : error}`);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
