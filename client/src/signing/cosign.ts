/**
 * cosign, 2.x and 3.x: what it is asked to sign, attach and verify, and what its answers mean. A password goes to its standard
 * input, never into arguments; what is signed is named by digest.
 */
import type { Invocation, Outcome } from "../process.ts";
import { parseJson } from "../sbom/json.ts";
import { fieldsOf, listOf, textOf } from "../scanners/json.ts";
import { lastLines } from "../sbom/tools.ts";
import { readReference } from "./reference.ts";

/** Which flags this cosign has; builds of distributions do not always know their version. */
export interface Dialect {
  /** 3.x takes its services from a configuration that has to be left out for a signature without transparency log. */
  readonly signingConfig: boolean;
}

export interface CosignOptions {
  /** Name or path of the program. */
  readonly program?: string;
  /** The registry speaks plain HTTP, or has a certificate nobody vouches for. */
  readonly insecure?: boolean;
  /** False where signatures are kept out of the public transparency log. */
  readonly transparencyLog: boolean;
}

export interface SignOptions extends CosignOptions {
  /** `repository@digest`. */
  readonly image: string;
  /** A file or an address in a key service (`awskms://…`); without it the signature is keyless, by whom the person logs in as. */
  readonly key?: string;
  /** Of the key file. */
  readonly password?: string;
  readonly dialect: Dialect;
}

export interface AttestOptions extends SignOptions {
  /** The SBOM's file. */
  readonly predicate: string;
  readonly type: PredicateType;
}

export type PredicateType = "cyclonedx" | "spdxjson";

/** Whose signature is asked for. */
export type Signer =
  | { readonly key: string; readonly identity?: undefined }
  | { readonly key?: undefined; readonly identity: string; readonly issuer: string };

export interface VerifyOptions extends CosignOptions {
  /** By tag or digest. */
  readonly image: string;
  readonly signer: Signer;
}

export const signHelp = (program = "cosign"): Invocation => ({ command: program, args: ["sign", "--help"] });

export const readDialect = (help: string): Dialect => ({ signingConfig: help.includes("--use-signing-config") });

export const sign = (options: SignOptions): Invocation =>
  signing(options, ["sign", "--yes", ...signingFlags(options), "--", named(options.image, "digest")]);

export const attest = (options: AttestOptions): Invocation =>
  signing(options, [
    ...["attest", "--yes", "--type", options.type, `--predicate=${options.predicate}`],
    ...[...signingFlags(options), "--", named(options.image, "digest")],
  ]);

export const verify = (options: VerifyOptions): Invocation => ({
  command: options.program ?? "cosign",
  args: ["verify", "--output", "json", ...verifyFlags(options), "--", named(options.image)],
});

export const verifyAttestation = (options: VerifyOptions & { readonly type: PredicateType }): Invocation => ({
  command: options.program ?? "cosign",
  args: ["verify-attestation", "--type", options.type, ...verifyFlags(options), "--", named(options.image)],
});

/** The password is exactly what stands on standard input, so no line break is added. */
const signing = ({ program = "cosign", password }: SignOptions, args: readonly string[]): Invocation => ({
  command: program,
  args,
  ...(password !== undefined && { input: password, env: { COSIGN_PASSWORD: undefined } }),
});

const signingFlags = ({ key, dialect, transparencyLog, insecure }: SignOptions): readonly string[] => [
  ...(key === undefined ? [] : [`--key=${key}`]),
  ...(transparencyLog ? [] : ["--tlog-upload=false"]),
  ...(transparencyLog || !dialect.signingConfig ? [] : ["--use-signing-config=false"]),
  ...registryFlags(insecure),
];

const verifyFlags = ({ signer, transparencyLog, insecure }: VerifyOptions): readonly string[] => [
  ...(signer.key === undefined
    ? [`--certificate-identity=${signer.identity}`, `--certificate-oidc-issuer=${signer.issuer}`]
    : [`--key=${signer.key}`]),
  ...(transparencyLog ? [] : ["--insecure-ignore-tlog=true"]),
  ...registryFlags(insecure),
];

const registryFlags = (insecure = false): readonly string[] =>
  insecure ? ["--allow-http-registry", "--allow-insecure-registry"] : [];

/** @throws Error for what is no reference, or has no digest where one is needed */
function named(image: string, need?: "digest"): string {
  const reference = readReference(image);
  if (!reference) throw new Error(`${image} is no image reference`);
  if (need === "digest" && reference.digest === undefined)
    throw new Error(`${image} has no digest: a tag may lead elsewhere by the time it is signed`);
  return image;
}

/** One signature that holds. */
export interface Signature {
  readonly digest: string;
  /** Who signed, for keyless ones, where cosign says it. */
  readonly subject?: string;
  readonly issuer?: string;
}

export type Verdict =
  | { readonly state: "verified"; readonly signatures: readonly Signature[] }
  | { readonly state: "unsigned" | "mismatch" | "unknown"; readonly why: string };

/** What became of `verify`. Only exit code 0 with a digest in the answer counts as verified. */
export function readVerdict(outcome: Outcome): Verdict {
  if (outcome.code !== 0) return refusalOf(outcome);
  const signatures = signaturesIn(outcome.stdout);
  if (signatures.length > 0) return { state: "verified", signatures };
  return { state: "unknown", why: "cosign ended well and named no digest" };
}

/** What became of `verify-attestation`: the digests of the statements that hold. */
export function readAttestationVerdict(outcome: Outcome): Verdict {
  if (outcome.code !== 0) return refusalOf(outcome);
  const signatures = outcome.stdout.split("\n").flatMap(attestedIn);
  if (signatures.length > 0) return { state: "verified", signatures };
  return { state: "unknown", why: "cosign ended well and named no digest" };
}

function signaturesIn(stdout: string): readonly Signature[] {
  const whole = parseJson(stdout);
  // Some releases print a list for each signature, a line each.
  const lists = whole === undefined ? stdout.split("\n").map((line) => parseJson(line)) : [whole];
  return lists.flatMap(listOf).flatMap((each) => {
    const { critical, optional } = fieldsOf(each);
    const digest = textOf(fieldsOf(fieldsOf(critical)["image"])["docker-manifest-digest"]);
    if (digest === undefined) return [];
    const said = fieldsOf(optional);
    const [subject, issuer] = [textOf(said["Subject"]), textOf(said["Issuer"])];
    return [{ digest, ...(subject !== undefined && { subject }), ...(issuer !== undefined && { issuer }) }];
  });
}

/** A line is a signed envelope with an in-toto statement in it. */
function attestedIn(line: string): readonly Signature[] {
  const payload = textOf(fieldsOf(parseJson(line))["payload"]);
  if (payload === undefined) return [];
  const statement = fieldsOf(parseJson(Buffer.from(payload, "base64").toString("utf8")));
  return listOf(statement["subject"]).flatMap((each) => {
    const hex = textOf(fieldsOf(fieldsOf(each)["digest"])["sha256"]);
    return hex === undefined ? [] : [{ digest: `sha256:${hex}` }];
  });
}

type Refusal = Exclude<Verdict, { readonly state: "verified" }>;

/** What cosign prints, what it means, and what to do; the first that fits. */
const MEANINGS: readonly (readonly [RegExp, Refusal["state"], string])[] = [
  [
    /no signatures found|no attestations found|no matching attestations: $/im,
    "unsigned",
    "There is no signature beside this image",
  ],
  [
    /none of the attestations matched the predicate type/i,
    "unsigned",
    "There is no such attestation beside this image",
  ],
  [/none of the expected identities matched/i, "mismatch", "It is signed by somebody else than the identity asked for"],
  [
    /no matching (?:signatures|attestations)|could not verify envelope|invalid signature|failed to verify signature|failed to verify certificate identity/i,
    "mismatch",
    "It has a signature, and not one by the key or identity asked for",
  ],
  [/image tag not found|MANIFEST_UNKNOWN|NAME_UNKNOWN/i, "unknown", "The registry does not have this image"],
  [/UNAUTHORIZED|DENIED|\b40[13]\b/, "unknown", "The registry wants a login: docker login, then try again"],
  [
    /connection refused|no such host|i\/o timeout|deadline exceeded/i,
    "unknown",
    "The registry or Sigstore's service cannot be reached",
  ],
  [/no such file or directory/i, "unknown", "The key file is not there"],
];

/** Exit codes of cosign 2 and later that mean one thing. */
const CODES: ReadonlyMap<number | null, readonly [Refusal["state"], string]> = new Map([
  [10, ["unsigned", "There is no signature beside this image"]],
  [12, ["mismatch", "It has a signature, and not one by the key or identity asked for"]],
]);

function refusalOf(outcome: Outcome): Refusal {
  if (outcome.missing) return { state: "unknown", why: "cosign is not installed" };
  const found = MEANINGS.find(([pattern]) => pattern.test(outcome.stderr));
  const [state, why] = found ? [found[1], found[2]] : (CODES.get(outcome.code) ?? ["unknown", errorLine(outcome)]);
  return { state, why };
}

/** Why signing or attaching failed; undefined when it did not. */
export function failureOf(outcome: Outcome): string | undefined {
  if (outcome.code === 0) return undefined;
  if (outcome.missing) return "cosign is not installed";
  if (/decryption failed/i.test(outcome.stderr)) return "The password is not the key's";
  if (/open .*: no such file or directory/i.test(outcome.stderr)) return "The key or the SBOM's file is not there";
  if (/\bUNAUTHORIZED|\bDENIED/.test(outcome.stderr))
    return "The registry wants a login that may push: docker login, then try again";
  return errorLine(outcome);
}

/** cosign says everything twice; the first time after `Error:`. */
function errorLine({ stderr, code }: Outcome): string {
  const line = /^Error: (.*)$/m.exec(stderr)?.[1] ?? lastLines(stderr);
  return line === "" ? `cosign ended with ${code} and said nothing` : line;
}

/** Where a person confirms who they are, for keyless signing without a terminal. */
export interface DeviceLogin {
  readonly code: string;
  readonly url: string;
}

export function deviceLoginIn(stderr: string): DeviceLogin | undefined {
  const match = /verification code (\S+) in your browser at:\s*(https:\/\/\S+)/i.exec(stderr);
  return match?.[1] && match[2] ? { code: match[1], url: match[2] } : undefined;
}
