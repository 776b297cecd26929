/** With what is signed, and whose signature is asked for: the settings where they say it, else the person. */
import { window, workspace } from "vscode";
import type { Signer, SignOptions } from "../signing/cosign.ts";

const settings = () => workspace.getConfiguration("dockwright.signing");

/** `key` and `password` for signing; empty for keyless. Undefined when the person left. */
export async function chooseKey(): Promise<Pick<SignOptions, "key" | "password"> | undefined> {
  const set = settings().get("key", "");
  if (set !== "") return withPassword(set);
  const choice = await window.showQuickPick(
    [
      { label: "Keyless", detail: "By who you are: you log in, and the signature names you publicly", is: "keyless" },
      { label: "Key file…", detail: "A private key of cosign's", is: "file" },
      {
        label: "Key service…",
        detail: "awskms://, gcpkms://, azurekms://, hashivault://, k8s://, pkcs11:",
        is: "service",
      },
    ] as const,
    { title: "Sign with what?", ignoreFocusOut: true },
  );
  if (!choice) return undefined;
  if (choice.is === "keyless") return {};
  const key = choice.is === "file" ? await keyFile("Private key", ["key", "pem"]) : await keyAddress();
  return key === undefined ? undefined : withPassword(key);
}

const isFile = (key: string): boolean => !/^[a-z0-9]+:/i.test(key) || /^[a-z]:[\\/]/i.test(key);

/** Asked for a file only, and never kept; the variable wins, as it does for cosign itself. */
async function withPassword(key: string): Promise<Pick<SignOptions, "key" | "password"> | undefined> {
  if (!isFile(key) || process.env["COSIGN_PASSWORD"] !== undefined) return { key };
  const password = await window.showInputBox({
    title: "Password of the key",
    prompt: "It goes to cosign's standard input and is not kept; empty for a key without one",
    password: true,
    ignoreFocusOut: true,
  });
  return password === undefined ? undefined : { key, password };
}

async function keyFile(title: string, extensions: readonly string[]): Promise<string | undefined> {
  const filters = { [title]: [...extensions], "All files": ["*"] };
  const [file] = (await window.showOpenDialog({ title, filters })) ?? [];
  return file?.fsPath;
}

const keyAddress = async (): Promise<string | undefined> =>
  (
    await window.showInputBox({
      title: "Address of the key",
      placeHolder: "awskms:///alias/signing",
      ignoreFocusOut: true,
    })
  )?.trim() || undefined;

/** Undefined when the person left. */
export async function chooseSigner(): Promise<Signer | undefined> {
  const set = {
    key: settings().get("publicKey", ""),
    identity: settings().get("identity", ""),
    issuer: settings().get("issuer", ""),
  };
  if (set.key !== "") return { key: set.key };
  if (set.identity !== "" && set.issuer !== "") return { identity: set.identity, issuer: set.issuer };
  const choice = await window.showQuickPick(
    [
      {
        label: "Identity…",
        detail: "A keyless signature: an e-mail address or a workflow, and who vouches for it",
        is: "identity",
      },
      { label: "Public key file…", detail: "cosign.pub", is: "file" },
      { label: "Key service…", detail: "awskms://, gcpkms://, azurekms://, hashivault://, k8s://", is: "service" },
    ] as const,
    { title: "Signed by whom?", ignoreFocusOut: true },
  );
  if (!choice) return undefined;
  if (choice.is === "identity") return chooseIdentity(set);
  const key = choice.is === "file" ? await keyFile("Public key", ["pub", "pem"]) : await keyAddress();
  return key === undefined ? undefined : { key };
}

async function chooseIdentity(set: {
  readonly identity: string;
  readonly issuer: string;
}): Promise<Signer | undefined> {
  const identity = await window.showInputBox({
    title: "Identity",
    prompt: "The e-mail address or the address of the workflow that has to stand in the certificate",
    placeHolder: "https://github.com/OWNER/REPOSITORY/.github/workflows/container.yml@refs/heads/main",
    value: set.identity,
    ignoreFocusOut: true,
  });
  if (!identity?.trim()) return undefined;
  const issuer = await window.showInputBox({
    title: "Issuer",
    prompt: "Who vouched for the identity",
    value: set.issuer || (identity.includes("github.com/") ? "https://token.actions.githubusercontent.com" : ""),
    placeHolder: "https://token.actions.githubusercontent.com, https://gitlab.com, https://accounts.google.com, …",
    ignoreFocusOut: true,
  });
  return issuer?.trim() ? { identity: identity.trim(), issuer: issuer.trim() } : undefined;
}

/** For people: the key's name without its folder, or the identity. */
export const nameOf = (key: string | undefined): string =>
  key === undefined ? "you, as you log in" : `the key ${isFile(key) ? (key.split(/[\\/]/).at(-1) ?? key) : key}`;
