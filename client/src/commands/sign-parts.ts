/** What the commands about signatures share: settings, the digest a reference leads to, and the modal before anything leaves this machine. */
import { env, Uri, window, workspace } from "vscode";
import { type CosignOptions, deviceLoginIn } from "../signing/cosign.ts";
import { digestIn, registryDigest } from "../signing/push.ts";
import { isLoopback, type Reference, readReference } from "../signing/reference.ts";
import { whereHere } from "../engine.ts";
import { ask } from "../work.ts";

const PAGE = "https://docs.sigstore.dev/cosign/system_config/installation/";

export function referenceOf(image: string): Reference {
  const reference = readReference(image);
  if (!reference) throw new Error(`${image} is no image reference`);
  return reference;
}

export const isInsecure = (registry: string): boolean =>
  isLoopback(registry) ||
  workspace.getConfiguration("dockwright").get<readonly string[]>("insecureRegistries", []).includes(registry);

export const cosignOptions = ({ registry }: Reference): CosignOptions => ({
  insecure: isInsecure(registry),
  transparencyLog: workspace.getConfiguration("dockwright").get("signing.transparencyLog", true),
});

/** The digest the registry has it under; an error that says what to do where nobody here can ask. */
export async function digestOf(image: string): Promise<string> {
  const { digest } = referenceOf(image);
  if (digest !== undefined) return digest;
  const outcome = await ask(registryDigest(image, whereHere()));
  const found = digestIn(outcome);
  if (found !== undefined) return found;
  if (outcome.missing)
    throw new Error(`docker is not here to ask the registry: give the image by digest, ${image}@sha256:…`);
  throw new Error(
    `The registry does not say which digest ${image} has. Push it first; ${outcome.stderr.trim().split("\n").at(-1) ?? ""}`,
  );
}

export interface Consent {
  readonly verb: "Push" | "Sign" | "Attach";
  readonly reference: Reference;
  readonly image: string;
  /** Undefined where only the push will tell. */
  readonly digest: string | undefined;
  /** Further lines: with what, and what becomes public. */
  readonly notes: readonly string[];
}

/** True when the person said yes to exactly this. */
export async function confirmed({ verb, reference, image, digest, notes }: Consent): Promise<boolean> {
  const detail = [
    `Registry: ${reference.registry}`,
    `Reference: ${image}`,
    `Digest: ${digest ?? "not known before the push"}`,
    ...notes,
  ].join("\n");
  const message = { Push: "Push this image?", Sign: "Sign this image?", Attach: "Attach this SBOM to the image?" }[
    verb
  ];
  return (await window.showWarningMessage(message, { modal: true, detail }, verb)) === verb;
}

/** Watches what cosign says for the page where a person confirms who they are. */
export function loginWatcher(): (text: string) => void {
  let said = "";
  let shown = false;
  return (text) => {
    said = (said + text).slice(-4096);
    const login = shown ? undefined : deviceLoginIn(said);
    if (!login) return;
    shown = true;
    void window
      .showInformationMessage(`Confirm the signature in your browser, with the code ${login.code}`, "Open")
      .then((choice) => choice && env.openExternal(Uri.parse(login.url)));
  };
}

/** A missing cosign: what to install, one click to the page. */
export async function sayMissing(): Promise<void> {
  const message = "cosign is not on PATH: install it, then run this command again";
  if (await window.showWarningMessage(message, "Install cosign")) await env.openExternal(Uri.parse(PAGE));
}
