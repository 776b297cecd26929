/** What VS Code runs in its extension host: all tests, a line each, then `N passed, N failed`. */
import Mocha from "mocha";

const TEST_TIMEOUT_MS = 60_000;

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: TEST_TIMEOUT_MS, reporter: class {} as never });
  mocha.suite.emit("pre-require", globalThis, "suite", mocha);
  await import("./findings.test.ts");
  const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
    let passed = 0;
    let failed = 0;
    mocha
      .run(() => resolve({ passed, failed }))
      .on("pass", (test) => {
        passed += 1;
        console.log(`ok ${test.fullTitle()} (${test.duration} ms)`);
      })
      .on("fail", (test, error) => {
        failed += 1;
        console.log(`not ok ${test.fullTitle()}\n${error?.stack ?? error}`);
      });
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
