/** Verifies the signature of an image, and whether an SBOM is attached by the same signer. */
import { window } from "vscode";
import {
  readAttestationVerdict,
  readVerdict,
  signHelp,
  type VerifyOptions,
  verify,
  verifyAttestation,
} from "../signing/cosign.ts";
import { entryOf, oneLineOf } from "../views/signatures/rows.ts";
import { ask, chooseImage, type Work, withProgress } from "../work.ts";
import { chooseSigner, nameOf } from "./choose-key.ts";
import type { Parts } from "./command.ts";
import { cosignOptions, referenceOf, sayMissing } from "./sign-parts.ts";

export async function verifyImage(parts: Parts, given?: unknown): Promise<void> {
  if ((await ask(signHelp())).missing) return sayMissing();
  const image = await chooseImage("Verify which image?", given);
  if (image === undefined) return;
  const reference = referenceOf(image);
  const signer = await chooseSigner();
  if (!signer) return;
  const asked = signer.key === undefined ? signer.identity : nameOf(signer.key);
  const checked = await withProgress(parts, `Verifying ${image}`, async (work) => {
    const options: VerifyOptions = { ...cosignOptions(reference), image, signer };
    const verdict = readVerdict(await work.run(verify(options)));
    return { verdict, sbom: verdict.state === "verified" && (await hasSbom(options, work)) };
  });
  if (!checked) return;
  const entry = entryOf(image, asked, checked.verdict, Date.now());
  parts.signatures.add(entry);
  const line = `${image}: ${oneLineOf(entry)}`;
  const say = entry.state === "verified" ? window.showInformationMessage : window.showWarningMessage;
  const more = await say(checked.sbom ? `${line}. An SBOM by the same signer is attached` : line, "Show signatures");
  if (more !== undefined) await parts.signatures.show();
}

/** By the same signer. */
async function hasSbom(options: VerifyOptions, work: Work): Promise<boolean> {
  for (const type of ["cyclonedx", "spdxjson"] as const) {
    const verdict = readAttestationVerdict(await work.run(verifyAttestation({ ...options, type })));
    if (verdict.state === "verified") return true;
  }
  return false;
}
