/** What Dockwright says and writes, against a real dockerd with BuildKit and a real registry: one of each for all tests. */
import { after, before, test } from "node:test";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { startMachine, type Machine } from "./machine.ts";
import { parsingTests } from "./parsing.ts";
import { buildImageTests } from "./build-image.ts";
import { pushBaseImages } from "./base-images.ts";
import { downloadRefactoringTests } from "./download-refactorings.ts";
import { composeProjectTests } from "./compose-project.ts";
import { composeRuleTests } from "./compose-rules.ts";
import { endToEndTests } from "./end-to-end.ts";
import { formatTests } from "./format.ts";
import { generatedTests } from "./generated.ts";
import { ignoreFileTests } from "./ignore-files.ts";
import { imageLayerRegistryTests } from "./image-layers-registry.ts";
import { imageLayerTests } from "./image-layers.ts";
import { pinTests } from "./pin.ts";
import { pinInEditorTests } from "./pin-in-editor.ts";
import { registryTests } from "./registry.ts";
import { refactoringTests } from "./refactorings.ts";
import { reproducibilityTests } from "./reproducibility.ts";
import { ruleTests } from "./rules.ts";
import { sbomTests } from "./sbom.ts";
import { signTests } from "./sign.ts";
import { snippetTests } from "./snippets.ts";
import { syntaxTests } from "./syntax.ts";
import { troubleTests } from "./trouble.ts";
import { verifyRefactoringTests } from "./verify-refactoring.ts";
import { writingTests } from "./writing.ts";

const machine = await machineOrReason();
if (typeof machine === "string") {
  console.error(`NOT RUN: the tests against a real Docker: ${machine}`);
  test("a real Docker", { skip: machine }, () => {});
} else {
  after(() => machine[Symbol.asyncDispose]());
  before(() => pushBaseImages(machine));
  parsingTests(machine);
  pinTests(machine);
  pinInEditorTests(machine);
  registryTests(machine);
  endToEndTests(machine);
  ruleTests(machine);
  ignoreFileTests(machine);
  formatTests(machine);
  generatedTests(machine);
  sbomTests(machine);
  signTests(machine);
  snippetTests(machine);
  syntaxTests(machine);
  writingTests(machine);
  composeProjectTests(machine);
  composeRuleTests(machine);
  buildImageTests(machine);
  reproducibilityTests(machine);
  refactoringTests(machine);
  downloadRefactoringTests(machine);
  imageLayerTests(machine);
  imageLayerRegistryTests(machine);
  troubleTests(machine);
  verifyRefactoringTests(machine);
}

/** Where Docker cannot run that is said loudly, and under CI it is a failure. */
async function machineOrReason(): Promise<Machine | string> {
  try {
    return await startMachine();
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return error.message;
  }
}
