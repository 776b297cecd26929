/** What *Convert to Multi-Stage* shows before it writes anything: of test/projects/go-cgo, where some of it is doubtful. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openScene, PATIENCE_MS, runCommand, settle, shoot, type Theme } from "./workbench.ts";

const PROJECT = join(import.meta.dirname, "..", "..", "test", "projects", "go-cgo");

export async function refactorPictures(work: string, theme: Theme): Promise<void> {
  const folder = join(work, "ledger");
  await mkdir(folder, { recursive: true });
  await cp(PROJECT, folder, { recursive: true });
  await using scene = await openScene({ theme, folder, file: join(folder, "Dockerfile") });
  const { page } = scene;
  await page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });
  await runCommand(page, "View: Close Primary Side Bar");
  await runCommand(page, "Dockwright: Convert to Multi-Stage");
  const panel = page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await panel.getByRole("heading", { name: "Dockerfile in 2 stages" }).waitFor({ timeout: PATIENCE_MS });
  await page.locator(".diff-editor, .monaco-diff-editor").first().waitFor({ timeout: PATIENCE_MS });
  await runCommand(page, "Notifications: Clear All Notifications");
  await settle(page);
  await shoot(page, `multi-stage-${theme}`);
  if (theme !== "dark") return;
  await panel.getByRole("button", { name: "Instead: keep running as root" }).click();
  await panel.getByRole("heading", { name: "Your choices (1)" }).waitFor({ timeout: PATIENCE_MS });
  await settle(page);
  await shoot(page, `multi-stage-choice-${theme}`);
}
