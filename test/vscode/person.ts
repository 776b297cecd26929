/**
 * What a host under test refuses to show: modals. A workbench as a person has it, in a browser, driven by keys and clicks.
 * Ends in `N passed, N failed`; exits 75 when this machine cannot have it.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Locator, openBrowser, type Page } from "../../scripts/browser.ts";
import { buildAll } from "../../scripts/build.ts";
import { startWorkbench } from "../../scripts/editor.ts";
import { mustRun, run } from "../../scripts/process.ts";
import { runCommand } from "../../scripts/screenshots/workbench.ts";
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

/** `DOCKWRIGHT_TEST_ONLY="CI file"`: only what has such a name. */
const ONLY = new RegExp(process.env["DOCKWRIGHT_TEST_ONLY"] ?? "");

const TESTS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  "nothing is pushed when the modal is cancelled; what is pushed is named by its digest": async (scene) => {
    const image = `${scene.host}/team/pushed:1`;
    for (const [button, status] of [
      ["Cancel", 404],
      ["Push", 200],
    ] as const) {
      await runCommand(scene.page, "Dockwright: Push Image…");
      await scene.hand("answer", image);
      const said = String(await scene.hand("dialog", button));
      for (const line of [`Registry: ${scene.host}`, `Reference: ${image}`, "Digest: sha256:"])
        assert.ok(said.includes(line), said);
      if (button === "Push") await note(scene, `${image} is pushed as ${/sha256:[0-9a-f]{64}/.exec(said)?.[0]}`);
      const address = `http://${scene.host}/v2/team/pushed/manifests/1`;
      assert.equal((await fetch(address, { method: "HEAD", headers: { accept: ACCEPT } })).status, status);
    }
  },

  "a build that pushes does not begin when its modal is cancelled": async (scene) => {
    const image = `${scene.host}/team/built:1`;
    for (const [button, words, status] of [
      ["Cancel", "Nothing was built and nothing was pushed", 404],
      ["Build and Push", `${image}: built in`, 200],
    ] as const) {
      await runCommand(scene.page, "Dockwright: Build Image with Options…");
      // What was said once is remembered for the file.
      for (const [option, value] of button === "Cancel"
        ? [
            ["Tags", image],
            ["Output", "type=registry"],
          ]
        : []) {
        await scene.hand("search", option);
        await scene.hand("answer", value);
      }
      await scene.hand("search", "Build");
      const said = String(await scene.hand("dialog", button));
      assert.ok(said.includes(`the image, to ${image}`), said);
      await note(scene, words);
      const address = `http://${scene.host}/v2/team/built/manifests/1`;
      assert.equal((await fetch(address, { method: "HEAD", headers: { accept: ACCEPT } })).status, status);
    }
  },

  "nothing is signed when the modal, which names registry, reference and digest, is cancelled": async (scene) => {
    await runCommand(scene.page, "Dockwright: Sign Image…");
    await scene.hand("answer", scene.reference);
    await scene.hand("answer", PASSWORD);
    const said = String(await scene.hand("dialog", "Cancel"));
    const [repository = "", digest = ""] = scene.reference.split("@");
    for (const line of [`Registry: ${repository.split("/")[0]}`, `Reference: ${scene.reference}`, `Digest: ${digest}`])
      assert.ok(said.includes(line), said);
    assert.ok(!said.includes(PASSWORD), said);
    assert.equal(await scene.isSigned(), false);
    await runCommand(scene.page, "Dockwright: Verify Image…");
    await scene.hand("answer", scene.reference);
    await note(scene, "No signature");
  },

  "what is signed is verified, in the view and on hover": async (scene) => {
    await runCommand(scene.page, "Dockwright: Sign Image…");
    await scene.hand("answer", scene.reference);
    await scene.hand("answer", PASSWORD);
    await scene.hand("dialog", "Sign");
    await note(scene, `Signed ${scene.reference}`);
    assert.equal(await scene.isSigned(), true);
    await runCommand(scene.page, "Dockwright: Verify Image…");
    await scene.hand("answer", scene.reference);
    await note(scene, "Signature verified for the key signing.pub");
    await runCommand(scene.page, "Dockwright: Focus on Signatures View");
    assert.match(String(await scene.hand("treeRows", "Signatures")), /Signature verified/);
    const row = scene.page.locator(".sidebar .monaco-list-row", { hasText: "Signature verified" }).first();
    await row.hover();
    await row.getByRole("button", { name: "Verify Image" }).click({ timeout: PATIENCE_MS });
    await note(scene, "Signature verified for the key signing.pub");
    await hoverUntil(
      scene.page,
      scene.page.locator(".view-line", { hasText: "FROM" }).locator("span > span", { hasText: "sha256:" }).last(),
      "Signature verified for the key",
    );
  },

  "an SBOM is attached when the modal is answered, and said to be there when the image is verified": async (scene) => {
    await runCommand(scene.page, "Dockwright: Attach SBOM to Image…");
    await scene.hand("answer", scene.reference);
    await scene.hand("pick", "app.cdx.json");
    await scene.hand("answer", PASSWORD);
    const said = String(await scene.hand("dialog", "Attach"));
    assert.match(said, /SBOM: app\.cdx\.json/);
    await note(scene, "is attached to");
    await runCommand(scene.page, "Dockwright: Verify Image…");
    await scene.hand("answer", scene.reference);
    await note(scene, "An SBOM by the same signer is attached");
  },

  "all images of the workspace are pinned once the modal with the counts is answered, saved, and all undone with one key":
    async (scene) => {
      const { page, workspace, host } = scene;
      const image = `${host}/team/signed:1`;
      const digest = scene.reference.slice(scene.reference.indexOf("@"));
      const files: Readonly<Record<string, readonly [before: string, after: string]>> = {
        "api/Dockerfile": [`FROM ${image}\n`, `FROM ${image}${digest}\n`],
        "web/Dockerfile": [
          `FROM ${image} AS a\nFROM ${image}\n`,
          `FROM ${image}${digest} AS a\nFROM ${image}${digest}\n`,
        ],
        "web/compose.yaml": [
          `services:\n  db:\n    image: ${image}\n  gone:\n    image: ${host}/team/none:1\n`,
          `services:\n  db:\n    image: ${image}${digest}\n  gone:\n    image: ${host}/team/none:1\n`,
        ],
      };
      for (const [name, [text]] of Object.entries(files)) {
        await mkdir(join(workspace, dirname(name)), { recursive: true });
        await writeFile(join(workspace, name), text);
      }
      const isOnDisk = async (at: 0 | 1): Promise<boolean> => {
        const texts = await Promise.all(Object.keys(files).map((name) => readFile(join(workspace, name), "utf8")));
        return texts.every((text, index) => text === Object.values(files)[index]?.[at]);
      };
      const becomes = async (at: 0 | 1): Promise<void> => {
        for (let tries = 0; tries < 100 && !(await isOnDisk(at)); tries += 1) await page.waitForTimeout(100);
        assert.ok(await isOnDisk(at), `the files are ${at === 0 ? "as they were" : "pinned"}`);
      };
      for (const [button, at] of [
        ["Cancel", 0],
        ["Pin 4 Images", 1],
      ] as const) {
        await runCommand(page, "Dockwright: Pin All Images in Workspace…");
        const said = String(await scene.hand("dialog", button));
        for (const line of ["Pin 4 images in 3 files?", "api/Dockerfile: 1", "web/Dockerfile: 2", "Not possible: 1"])
          assert.ok(said.includes(line), said);
        await note(scene, at === 0 ? "Nothing was changed" : "Pinned 4 images in 3 files");
        await becomes(at);
      }
      await page.keyboard.press("ControlOrMeta+p");
      await page.locator(".quick-input-widget:visible .quick-input-box input").fill("api/Dockerfile");
      await page
        .locator(".quick-input-list .monaco-list-row", { hasText: "api" })
        .first()
        .click({ timeout: PATIENCE_MS });
      // There is another Dockerfile: the tab names the folder as well.
      await page.locator(".tab.active", { hasText: "api" }).waitFor({ timeout: PATIENCE_MS });
      await page.locator(".view-line", { hasText: digest }).first().click({ timeout: PATIENCE_MS });
      await page.keyboard.press("ControlOrMeta+z");
      await runCommand(page, "File: Save All");
      await becomes(0);
      await runCommand(page, "Dockwright: Pin All Images in Workspace…");
      await scene.hand("dialog", "Choose Changes…");
      const preview = page.locator(".panel", { hasText: "Refactor Preview" });
      await preview.locator(".monaco-list-row", { hasText: digest }).first().waitFor({ timeout: PATIENCE_MS });
      for (const box of await preview.locator("[aria-level='1'] .edit-checkbox").all()) await box.click();
      await preview.getByRole("button", { name: "Apply" }).click({ timeout: PATIENCE_MS });
      await note(scene, "Changed what was ticked of 4 images in 3 files");
      await becomes(1);
      await runCommand(page, "View: Close All Editors");
      for (const name of ["api", "web"]) await rm(join(workspace, name), { recursive: true });
    },

  "a CI file that is there is kept when the difference is discarded, and replaced when it is accepted": async (
    scene,
  ) => {
    const file = join(scene.workspace, ".gitlab-ci.yml");
    const mine = "stages: [mine]\n";
    await writeFile(join(scene.workspace, "job.Dockerfile"), "FROM scratch\n");
    const { page } = scene;
    const title = page.locator(".tab .label-name", { hasText: ".gitlab-ci.yml: now ↔ generated" });
    const toast = page.locator(".notification-toast", { hasText: "stays as it is" }).first();
    const notification = (name: string) => toast.getByRole("button", { name, exact: true });
    const inTitle = page.locator(".editor-actions").getByRole("button", { name: "Replace the CI File as Shown" });
    for (const [button, kept] of [
      [notification("Discard"), true],
      [notification("Replace File"), false],
      [inTitle, false],
    ] as const) {
      await writeFile(file, mine);
      await runCommand(page, "Dockwright: Generate CI Files…");
      await scene.hand("pick", "GitLab CI");
      await scene.hand("accept"); // all Dockerfiles
      await scene.hand("answer", "registry.gitlab.com/team/app");
      await scene.hand("pick", "high");
      await title.waitFor({ timeout: PATIENCE_MS });
      assert.equal(await readFile(file, "utf8"), mine);
      await button.click({ timeout: PATIENCE_MS });
      await title.waitFor({ state: "hidden", timeout: PATIENCE_MS });
      const now = async (): Promise<boolean> => (await readFile(file, "utf8")) === mine;
      for (let tries = 0; tries < 50 && (await now()) !== kept; tries += 1) await page.waitForTimeout(100);
      assert.equal(await now(), kept);
      await runCommand(page, "View: Close All Editors");
      await runCommand(page, "Notifications: Clear All Notifications");
    }
    assert.match(await readFile(file, "utf8"), /REPOSITORY: "registry\.gitlab\.com\/team\/app\//);
  },

  "a CI file that is not there is a document to look at first; saving it is what writes it": async (scene) => {
    const file = join(scene.workspace, ".github", "workflows", "container.yml");
    const isThere = (): boolean => existsSync(file);
    await writeFile(join(scene.workspace, "job.Dockerfile"), "FROM scratch\n");
    for (const [button, written] of [
      ["Discard", false],
      ["Write File", true],
    ] as const) {
      await runCommand(scene.page, "Dockwright: Generate CI Files…");
      await scene.hand("pick", "GitHub Actions");
      await scene.hand("accept"); // all Dockerfiles
      await scene.hand("answer", "ghcr.io/team/app");
      await scene.hand("pick", "high");
      await scene.hand("pick", "Leave placeholders");
      await scene.page.locator(".view-line", { hasText: "TO BE RESOLVED" }).waitFor({ timeout: PATIENCE_MS });
      assert.equal(isThere(), false);
      const toast = scene.page.locator(".notification-toast", { hasText: "is not written yet" }).first();
      await toast.getByRole("button", { name: button, exact: true }).click({ timeout: PATIENCE_MS });
      await scene.page.locator(".view-line", { hasText: "TO BE RESOLVED" }).waitFor({
        state: written ? "visible" : "hidden",
        timeout: PATIENCE_MS,
      });
      for (let tries = 0; tries < 50 && isThere() !== written; tries += 1) await scene.page.waitForTimeout(100);
      assert.equal(isThere(), written);
    }
    assert.match(await readFile(file, "utf8"), /^# Checks, builds, scans[\s\S]*repository: "ghcr\.io\/team\/app\//);
  },
};

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
  await runCommand(page, "Notifications: Clear All Notifications");
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
  for (const [name, test] of Object.entries(TESTS).filter(([name]) => ONLY.test(name))) {
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

/** Lenses that come late move the lines below a mouse at rest: who sees no hover moves the mouse again. */
async function hoverUntil(page: Page, over: Locator, text: string): Promise<void> {
  const hover = page.locator(".monaco-hover", { hasText: text }).first();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await over.hover();
    const isThere = await hover.waitFor({ timeout: PATIENCE_MS / 10 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    if (Date.now() > until) throw new Error(`no hover says ${text}`);
    await page.mouse.move(0, 0);
  }
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
