/** Attaches an SBOM to what is in the registry, as a signed attestation, after a modal that names it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { window } from "vscode";
import { attest, failureOf, readDialect, signHelp } from "../signing/cosign.ts";
import { byDigest } from "../signing/reference.ts";
import { ask, chooseImage, withProgress } from "../work.ts";
import { chooseKey, nameOf } from "./choose-key.ts";
import { chooseSbom } from "./choose-sbom.ts";
import type { Parts } from "./command.ts";
import { publicity } from "./sign-image.ts";
import { confirmed, cosignOptions, digestOf, loginWatcher, referenceOf, sayMissing } from "./sign-parts.ts";

const TYPES = { cyclonedx: "cyclonedx", spdx: "spdxjson" } as const;

export async function attachSbom(parts: Parts, given?: unknown): Promise<void> {
  const help = await ask(signHelp());
  if (help.missing) return sayMissing();
  const image = await chooseImage("Attach an SBOM to which image?", given);
  if (image === undefined) return;
  const reference = referenceOf(image);
  const digest = await digestOf(image);
  const sbom = await chooseSbom(parts, `Which SBOM describes ${image}?`);
  if (!sbom) return;
  const key = await chooseKey();
  if (!key) return;
  const options = cosignOptions(reference);
  const notes = [`SBOM: ${sbom.label}`, `By: ${nameOf(key.key)}`, publicity(key.key, options.transparencyLog)];
  if (!(await confirmed({ verb: "Attach", reference, image, digest, notes }))) return;
  const attached = await withProgress(parts, `Attaching ${sbom.label}`, async (work) => {
    const folder = await mkdtemp(join(tmpdir(), "dockwright-sbom-"));
    try {
      const predicate = join(folder, "sbom.json");
      await writeFile(predicate, sbom.text);
      const dialect = readDialect(help.stdout + help.stderr);
      const type = TYPES[sbom.sbom.format];
      const call = attest({ ...options, ...key, image: byDigest(reference, digest), predicate, type, dialect });
      const failed = failureOf(await work.run(call, loginWatcher()));
      if (failed !== undefined) throw new Error(`The SBOM was not attached to ${image}: ${failed}`);
      return true;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  if (!attached) return;
  parts.signatures.add({ image, state: "attested", digest, by: nameOf(key.key), at: Date.now() });
  void window.showInformationMessage(`${sbom.label} is attached to ${byDigest(reference, digest)}`);
}
