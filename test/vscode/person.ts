/**
 * What a host under test refuses to show: modals. A workbench as a person has it, in a browser, driven by keys and clicks.
 * Ends in `N passed, N failed`; exits 75 when this machine cannot have it.
 */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openBrowser, type Page } from "../../scripts/browser.ts";
import { buildAll } from "../../scripts/build.ts";
import { startWorkbench } from "../../scripts/editor.ts";
import { mustRun, run } from "../../scripts/process.ts";
import { debianPackages, Unavailable } from "../../scripts/setup/debian.ts";
import { startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { pushIndex } from "../effects/push-image.ts";
import { type Hands, hands } from "./hands.ts";

const NOT_HERE = 75;
const PATIENCE_MS = 30_000;
/** What docker pushes; a registry has nothing for those who do not ask for it. */
const ACCEPT = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
const PASSWORD = "a password of the tests";
const root = join(import.meta.dirname, "..", "..");

interface Scene {
  readonly page: Page;
  readonly hand: (action: string, word?: string) => Promise<unknown>;
  readonly workspace: string;
  /** The local registry. */
  readonly host: string;
  /** `repository@digest`, in the local registry. */
  readonly reference: string;
  /** True when cosign itself finds a signature by the key. */
  readonly isSigned: () => Promise<boolean>;
}

const TESTS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  "nothing is pushed when the modal is cancelled; what is pushed is named by its digest": async (scene) => {
    const image = `${scene.host}/team/pushed:1`;
    for (const [button, status] of [
      ["Cancel", 404],
      ["Push", 200],
    ] as const) {
      await command(scene.page, "Dockwright: Push Image");
      await scene.hand("answer", image);
      const said = String(await scene.hand("dialog", button));
      for (const line of [`Registry: ${scene.host}`, `Reference: ${image}`, "Digest: sha256:"])
        assert.ok(said.includes(line), said);
      if (button === "Push") await note(scene, `${image} is pushed as ${/sha256:[0-9a-f]{64}/.exec(said)?.[0]}`);
      const address = `http://${scene.host}/v2/team/pushed/manifests/1`;
      assert.equal((await fetch(address, { method: "HEAD", headers: { accept: ACCEPT } })).status, status);
    }
  },

  "nothing is signed when the modal, which names registry, reference and digest, is cancelled": async (scene) => {
    await command(scene.page, "Dockwright: Sign Image");
    await scene.hand("answer", scene.reference);
    await scene.hand("answer", PASSWORD);
    const said = String(await scene.hand("dialog", "Cancel"));
    const [repository = "", digest = ""] = scene.reference.split("@");
    for (const line of [`Registry: ${repository.split("/")[0]}`, `Reference: ${scene.reference}`, `Digest: ${digest}`])
      assert.ok(said.includes(line), said);
    assert.ok(!said.includes(PASSWORD), said);
    assert.equal(await scene.isSigned(), false);
    await command(scene.page, "Dockwright: Verify Image");
    await scene.hand("answer", scene.reference);
    await note(scene, "No signature");
  },

  "what is signed is verified, in the view and on hover": async (scene) => {
    await command(scene.page, "Dockwright: Sign Image");
    await scene.hand("answer", scene.reference);
    await scene.hand("answer", PASSWORD);
    await scene.hand("dialog", "Sign");
    await note(scene, `Signed ${scene.reference}`);
    assert.equal(await scene.isSigned(), true);
    await command(scene.page, "Dockwright: Verify Image");
    await scene.hand("answer", scene.reference);
    await note(scene, "Signature verified for the key signing.pub");
    await command(scene.page, "Dockwright: Focus on Signatures View");
    assert.match(String(await scene.hand("treeRows", "Signatures")), /Signature verified/);
    await scene.page.locator(".view-line", { hasText: "FROM" }).locator("span > span").last().hover();
    const hover = scene.page.locator(".monaco-hover", { hasText: "Signature verified for the key" });
    await hover.first().waitFor({ timeout: PATIENCE_MS });
  },

  "an SBOM is attached when the modal is answered, and said to be there when the image is verified": async (scene) => {
    await command(scene.page, "Dockwright: Attach SBOM to Image");
    await scene.hand("answer", scene.reference);
    await scene.hand("pick", "app.cdx.json");
    await scene.hand("answer", PASSWORD);
    const said = String(await scene.hand("dialog", "Attach"));
    assert.match(said, /SBOM: app\.cdx\.json/);
    await note(scene, "is attached to");
    await command(scene.page, "Dockwright: Verify Image");
    await scene.hand("answer", scene.reference);
    await note(scene, "An SBOM by the same signer is attached");
  },

  "a CI file that is there is kept when the modal is cancelled, and replaced when it is not": async (scene) => {
    const file = join(scene.workspace, ".gitlab-ci.yml");
    const mine = "stages: [mine]\n";
    await writeFile(file, mine);
    for (const [button, kept] of [
      ["Cancel", true],
      ["Replace", false],
    ] as const) {
      await command(scene.page, "Dockwright: Generate CI Files");
      await scene.hand("pick", "GitLab CI");
      await scene.hand("answer", "registry.gitlab.com/team/app");
      await scene.hand("pick", "high");
      await scene.hand("pick", "Replace the file");
      assert.match(String(await scene.hand("dialog", button)), /Replace \.gitlab-ci\.yml\?/);
      const now = async (): Promise<boolean> => (await readFile(file, "utf8")) === mine;
      for (let tries = 0; tries < 50 && (await now()) !== kept; tries += 1) await scene.page.waitForTimeout(100);
      assert.equal(await now(), kept);
    }
    assert.match(await readFile(file, "utf8"), /REPOSITORY: "registry\.gitlab\.com\/team\/app"/);
  },
};

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input[type='text']").first();
  await input.waitFor({ timeout: PATIENCE_MS });
  await input.fill(`>${title}`);
  // By its row: before the list has heard of the text, Enter takes what was used last.
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click({ timeout: PATIENCE_MS });
  // What the command asks for comes into the same box.
  const palette = page.locator(".quick-input-widget:visible input[placeholder^='Type the name of a command']");
  await palette.waitFor({ state: "hidden", timeout: PATIENCE_MS });
}

/** The notification with these words, which is then cleared away. */
async function note({ page }: Scene, words: string): Promise<void> {
  const toasts = page.locator(".notification-toast");
  try {
    await toasts.filter({ hasText: words }).first().waitFor({ timeout: PATIENCE_MS });
  } catch {
    throw new Error(
      `No notification says ${words}; there are: ${(await toasts.allInnerTexts()).join(" | ") || "none"}`,
    );
  }
  await command(page, "Notifications: Clear All Notifications");
}

async function play(folder: string): Promise<{ readonly passed: number; readonly failed: number }> {
  const programs = join(await debianPackages(["cosign"], { suite: "forky" }), "usr", "bin");
  const cosign = join(programs, "cosign");
  await using registry = await startDockerRegistry({
    folder: join(folder, "registry"),
    storage: join(folder, "images"),
  });
  const repository = `${registry.host}/team/signed`;
  const reference = `${repository}@${(await pushIndex(repository, ["1"], { label: "signed" })).digest}`;
  await using docker = await startDocker();
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  const built = await docker.docker(["buildx", "build", "--tag", `${registry.host}/team/pushed:1`, folder]);
  assert.equal(built.code, 0, built.stderr);
  const prefix = join(folder, "signing");
  await mustRun(cosign, ["generate-key-pair", "--output-key-prefix", prefix], {
    ...{ env: { COSIGN_PASSWORD: undefined }, input: PASSWORD },
  });
  const workspace = join(folder, "workspace");
  await mkdir(workspace);
  await cp(join(root, "examples", "static"), workspace, { recursive: true });
  await writeFile(join(workspace, "Dockerfile"), `FROM ${reference}\n`);
  await writeFile(
    join(workspace, "app.cdx.json"),
    JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [] }),
  );
  await using workbench = await startWorkbench({
    extension: root,
    folder: workspace,
    file: join(workspace, "Dockerfile"),
    settings: {
      "dockwright.signing.key": `${prefix}.key`,
      "dockwright.signing.publicKey": `${prefix}.pub`,
      "dockwright.signing.transparencyLog": false,
    },
    env: { ...docker.env, PATH: [programs, docker.env["PATH"]].join(delimiter), COSIGN_PASSWORD: undefined },
  });
  await using browser = await openBrowser();
  const { page } = browser;
  const served: Hands = hands(page);
  await page.goto(workbench.url);
  await page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });
  const isSigned = async (): Promise<boolean> => {
    const flags = ["--insecure-ignore-tlog=true", "--allow-http-registry", "--allow-insecure-registry"];
    return (await run(cosign, ["verify", "--key", `${prefix}.pub`, ...flags, reference])).code === 0;
  };
  const hand = async (action: string, word = ""): Promise<unknown> => served[action]?.(word);
  let passed = 0;
  let failed = 0;
  for (const [name, test] of Object.entries(TESTS)) {
    try {
      await test({ page, hand, workspace, host: registry.host, reference, isSigned });
      passed += 1;
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${name}\n${error instanceof Error ? error.stack : error}`);
      await page.keyboard.press("Escape");
    }
  }
  return { passed, failed };
}

await buildAll();
const folder = await mkdtemp(join(tmpdir(), "dockwright-person-"));
try {
  const { passed, failed } = await play(folder);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Unavailable ? `not run: ${error.message}` : error);
  process.exitCode = error instanceof Unavailable ? NOT_HERE : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
