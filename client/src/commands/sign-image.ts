/** Signs what is in the registry, by digest, after a modal that names it. */
import { commands, window } from "vscode";
import { failureOf, readDialect, sign, signHelp } from "../signing/cosign.ts";
import { byDigest } from "../signing/reference.ts";
import { ask, chooseImage, withProgress } from "../work.ts";
import { chooseKey, nameOf } from "./choose-key.ts";
import type { Parts } from "./command.ts";
import { confirmed, cosignOptions, digestOf, loginWatcher, referenceOf, sayMissing } from "./sign-parts.ts";

export async function signImage(parts: Parts, given?: unknown): Promise<void> {
  const help = await ask(signHelp());
  if (help.missing) return sayMissing();
  const image = await chooseImage("Sign which image?", given);
  if (image === undefined) return;
  const reference = referenceOf(image);
  const digest = await digestOf(image);
  const key = await chooseKey();
  if (!key) return;
  const options = cosignOptions(reference);
  const notes = [`By: ${nameOf(key.key)}`, publicity(key.key, options.transparencyLog)];
  if (!(await confirmed({ verb: "Sign", reference, image, digest, notes }))) return;
  const signed = await withProgress(parts, `Signing ${image}`, async (work) => {
    const call = sign({
      ...options,
      ...key,
      image: byDigest(reference, digest),
      dialect: readDialect(help.stdout + help.stderr),
    });
    const failed = failureOf(await work.run(call, loginWatcher()));
    if (failed !== undefined) throw new Error(`${image} was not signed: ${failed}`);
    return true;
  });
  if (!signed) return;
  parts.signatures.add({ image, state: "signed", digest, by: nameOf(key.key), at: Date.now() });
  const more = await window.showInformationMessage(`Signed ${byDigest(reference, digest)}`, "Attach SBOM…", "Verify…");
  if (more === "Attach SBOM…") await commands.executeCommand("dockwright.attachSbom", byDigest(reference, digest));
  if (more === "Verify…") await commands.executeCommand("dockwright.verifyImage", byDigest(reference, digest));
}

export function publicity(key: string | undefined, transparencyLog: boolean): string {
  if (!transparencyLog) return "The signature is written beside the image, and into no public log.";
  if (key === undefined)
    return "The signature, with your e-mail address, goes into Sigstore's public transparency log for good.";
  return "The signature is written beside the image, and into Sigstore's public transparency log for good.";
}
