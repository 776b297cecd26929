/** What VS Code runs in its extension host: all tests, a line each, then `N passed, N failed`. */
import Mocha from "mocha";
import { removeCases } from "./documents.ts";

const TEST_TIMEOUT_MS = 60_000;

/** On `console`, which VS Code passes on to whoever started it. */
class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on("pass", (test) => console.log(`ok ${test.fullTitle()} (${test.duration} ms)`));
    runner.on("fail", (test, error: Error) =>
      console.log(`not ok ${test.fullTitle()}\n${error.stack ?? error.message}`),
    );
  }
}

export async function run(): Promise<void> {
  // Only what has such a name: `DOCKWRIGHT_TEST_ONLY="Restricted|building" npm test -- vscode`. Trust is granted in the first suite.
  const only = process.env["DOCKWRIGHT_TEST_ONLY"];
  const mocha = new Mocha({
    ui: "tdd",
    timeout: TEST_TIMEOUT_MS,
    reporter: Lines,
    ...(only && { grep: new RegExp(only) }),
  });
  // What Mocha does before it loads a file; here the files are in this bundle.
  mocha.suite.emit("pre-require", globalThis, "suite", mocha);
  await import("./restricted-mode.test.ts");
  await import("./findings.test.ts");
  await import("./fixes.test.ts");
  await import("./lightbulb.test.ts");
  await import("./digests.test.ts");
  await import("./image-references.test.ts");
  await import("./settings.test.ts");
  await import("./compose.test.ts");
  await import("./dockerignore.test.ts");
  await import("./dockerfile-format.test.ts");
  await import("./dockerfile-navigation.test.ts");
  await import("./dockerfile-writing.test.ts");
  await import("./grammar.test.ts");
  await import("./snippets.test.ts");
  await import("./refactorings.test.ts");
  await import("./build.test.ts");
  await import("./check-build.test.ts");
  await import("./layers.test.ts");
  await import("./reproducibility.test.ts");
  // These build as well: what they leave in the cache is no matter for the ones before.
  await import("./multi-stage.test.ts");
  await import("./verify-refactoring.test.ts");
  await import("./commands.test.ts");
  await import("./supply-chain.test.ts");
  await import("./scan.test.ts");
  await import("./scan-kept.test.ts");
  await import("./containerize.test.ts");
  for (const suite of mocha.suite.suites) suite.afterAll("its cases are gone", removeCases);
  const { tests, failures } = await new Promise<{ tests: number; failures: number }>((resolve) => {
    const runner = mocha.run((failures) => resolve({ tests: runner.stats?.passes ?? 0, failures }));
  });
  console.log(`${tests} passed, ${failures} failed`);
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
