/** Makes the SBOM of an image with Syft, Trivy, or from BuildKit's attestation, and opens it as a tree. */
import { env, Uri, window, workspace } from "vscode";
import type { Outcome } from "../process.ts";
import { attestedSbom } from "../sbom/buildkit.ts";
import type { SbomFormat } from "../sbom/model.ts";
import { syftSbom } from "../sbom/syft.ts";
import { type ImageSource, type SbomInvocation, type SbomResult, sbomText } from "../sbom/tools.ts";
import { trivySbom } from "../sbom/trivy.ts";
import { compromised } from "../scanners/scanner.ts";
import { trivy } from "../scanners/trivy.ts";
import { engineHere, whereHere } from "../engine.ts";
import { ask, chooseImage, type Work, withProgress } from "../work.ts";
import type { Parts } from "./command.ts";
import { openSboms } from "./open-sbom.ts";

type ToolName = "syft" | "trivy" | "buildkit";

interface Tool {
  readonly title: string;
  readonly make: SbomInvocation;
}

const TOOLS: Readonly<Record<ToolName, Tool>> = {
  syft: { title: "Syft", make: syftSbom },
  trivy: { title: "Trivy", make: trivySbom },
  buildkit: { title: "docker buildx", make: attestedSbom },
};
const PAGES = {
  "Install Syft": "https://github.com/anchore/syft#installation",
  "Install Trivy": "https://trivy.dev/latest/getting-started/installation/",
} as const;

export async function generateSbom(parts: Parts, given?: unknown): Promise<void> {
  const open = window.activeTextEditor?.document;
  const dockerfile = open?.languageId === "dockerfile" ? open.uri.toString() : undefined;
  const image = await chooseImage("SBOM of which image?", given);
  if (image === undefined) return;
  const settings = workspace.getConfiguration("dockwright");
  const format = settings.get<SbomFormat>("sbom.format", "cyclonedx");
  const tool = settings.get<ToolName | "auto">("sbom.tool", "auto");
  const made = await withProgress(parts, `SBOM of ${image}`, async (work) => {
    const source = await sourceOf(image);
    return firstThatIsHere(tool === "auto" ? ["syft", "trivy"] : [tool], { image, source, format }, work);
  });
  if (made === undefined) return;
  if (made === "none") return sayNoneIsHere();
  if (made.failed !== undefined) throw new Error(made.failed);
  await openSboms(parts, image, made.text, { image, dockerfile });
}

/** Of the programs in their order, the first that is installed. */
async function firstThatIsHere(
  names: readonly ToolName[],
  request: { readonly image: string; readonly source: ImageSource; readonly format: SbomFormat },
  work: Work,
): Promise<SbomResult | "none"> {
  for (const name of names) {
    const { title, make } = TOOLS[name];
    if (name === "trivy" && !(await mayRunTrivy())) return { failed: "Nothing was run" };
    work.say(`${title} is looking at its packages`);
    const outcome = await work.run(make({ ...request, where: whereHere() }));
    if (outcome.missing) continue;
    const made = sbomText(outcome, title);
    if (made.failed === undefined) return made;
    // An image that is in a registry only: the engine does not know it.
    if (request.source === "registry" || name === "buildkit") return { failed: withAdvice(name, made.failed) };
    const remote = sbomText(await work.run(make({ ...request, source: "registry" })), title);
    return remote.failed === undefined ? remote : made;
  }
  return "none";
}

const withAdvice = (name: ToolName, failed: string): string =>
  name === "buildkit"
    ? `${failed}. Build and push it with the attestation first (docker buildx build --sbom=true)`
    : failed;

/** A release that attackers published is not run unasked. */
async function mayRunTrivy(): Promise<boolean> {
  const outputs: string[] = [];
  for (const args of trivy.versionCalls) {
    const outcome: Outcome = await ask({ command: trivy.program, args: [...trivy.prefix, ...args] });
    outputs.push(outcome.stdout);
  }
  const version = trivy.versions(outputs)?.version;
  const warning = version === undefined ? undefined : compromised(trivy, version);
  if (warning === undefined) return true;
  return (await window.showWarningMessage(warning, { modal: true }, "Run it anyway")) !== undefined;
}

async function sourceOf(image: string): Promise<ImageSource> {
  const found = await engineHere();
  // By digest it is what the registry has.
  if (!found.engine || image.includes("@")) return "registry";
  return found.engine.name === "podman" || found.engine.name === "buildah" ? "podman" : "docker";
}

async function sayNoneIsHere(): Promise<void> {
  const message = "No program that makes SBOMs is on PATH: install Syft or Trivy, then run this command again";
  const choice = await window.showWarningMessage(message, ...(Object.keys(PAGES) as (keyof typeof PAGES)[]));
  if (choice !== undefined) await env.openExternal(Uri.parse(PAGES[choice]));
}
