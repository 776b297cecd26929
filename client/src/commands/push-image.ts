/** Pushes an image, after a modal that names where to, and says the digest the registry has it under. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, env, window } from "vscode";
import type { EngineName } from "../engines/engine.ts";
import { inspectImage, localDigest, type PushEngine, push, pushedDigest, pushFailure } from "../signing/push.ts";
import { byDigest, type Reference } from "../signing/reference.ts";
import { engineHere, whereHere } from "../engine.ts";
import { ask, chooseImage, withProgress } from "../work.ts";
import type { Parts } from "./command.ts";
import { confirmed, isInsecure, referenceOf } from "./sign-parts.ts";

const ENGINES: Readonly<Record<EngineName, PushEngine>> = {
  "docker-buildx": "docker",
  "docker-classic": "docker",
  podman: "podman",
  nerdctl: "nerdctl",
  buildah: "buildah",
};

export async function pushImage(parts: Parts, given?: unknown): Promise<void> {
  const image = await chooseImage("Push which image?", given);
  if (image === undefined) return;
  const reference = referenceOf(image);
  const found = await engineHere();
  if (!found.engine) throw new Error(found.why);
  const engine = ENGINES[found.engine.name];
  const here = await ask(inspectImage(engine, image, whereHere()));
  if (here.code !== 0) throw new Error(`${image} is not here: build it first`);
  const digest = localDigest(here.stdout, reference.repository);
  const notes = [`With: ${found.engine.title}`];
  if (!(await confirmed({ verb: "Push", reference, image, digest, notes }))) return;
  const pushed = await withProgress(parts, `Pushing ${image}`, async (work) => {
    const folder = await mkdtemp(join(tmpdir(), "dockwright-push-"));
    try {
      const digestFile = join(folder, "digest");
      const outcome = await work.run(
        push({ engine, image, digestFile, where: whereHere(), insecure: isInsecure(reference.registry) }),
      );
      const failed = pushFailure(outcome, engine);
      if (failed !== undefined) throw new Error(`${image} was not pushed: ${failed}`);
      return { digest: pushedDigest(outcome, await readFile(digestFile, "utf8").catch(() => undefined)) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  if (!pushed) return;
  parts.signatures.add({ image, state: "pushed", at: Date.now(), ...(pushed.digest && { digest: pushed.digest }) });
  await offerMore(image, reference, pushed.digest);
}

async function offerMore(image: string, reference: Reference, digest: string | undefined): Promise<void> {
  if (digest === undefined) {
    void window.showInformationMessage(`${image} is pushed; the engine does not say its digest`);
    return;
  }
  const choice = await window.showInformationMessage(`${image} is pushed as ${digest}`, "Sign…", "Copy digest");
  if (choice === "Copy digest") await env.clipboard.writeText(byDigest(reference, digest));
  if (choice === "Sign…") await commands.executeCommand("dockwright.signImage", byDigest(reference, digest));
}
