/** Node's connection errors in words: what happened at which host and what to do about it. */
import { quote, RegistryError, type RegistryErrorKind } from "./errors.ts";

interface Explanation {
  readonly kind: RegistryErrorKind;
  /** After the host. */
  readonly happened: string;
  readonly advice: string;
}

const CA_ADVICE =
  "if it is your own registry, name its CA in NODE_EXTRA_CA_CERTS or put it into ~/.docker/certs.d/<registry>/ca.crt";

const untrusted: Explanation = {
  kind: "tls",
  happened: "has a certificate of an unknown authority",
  advice: CA_ADVICE,
};
const expired: Explanation = {
  kind: "tls",
  happened: "has a certificate that is not valid now",
  advice: "check this machine's clock, or renew the certificate",
};
const unknownName: Explanation = {
  kind: "network",
  happened: "cannot be found",
  advice: "check the registry's name and the network",
};
const dropped: Explanation = { kind: "network", happened: "closed the connection", advice: "try again later" };
const unreachable: Explanation = { kind: "network", happened: "cannot be reached", advice: "check the network" };

const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map([
  ["ENOTFOUND", unknownName],
  ["EAI_AGAIN", unknownName],
  [
    "ECONNREFUSED",
    { kind: "network", happened: "refused the connection", advice: "check that the registry is running" },
  ],
  ["ECONNRESET", dropped],
  ["EPIPE", dropped],
  [
    "ERR_PROXY_TUNNEL",
    { kind: "network", happened: "cannot be reached through the proxy", advice: "check HTTPS_PROXY and NO_PROXY" },
  ],
  ["EHOSTUNREACH", unreachable],
  ["ENETUNREACH", unreachable],
  ["ETIMEDOUT", { kind: "timeout", happened: "did not answer", advice: "check the network, or try again later" }],
  [
    "EPROTO",
    {
      kind: "tls",
      happened: "does not speak TLS here",
      advice: "if it is a plain http registry, list it as an insecure registry",
    },
  ],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", untrusted],
  ["SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", untrusted],
  ["CERT_HAS_EXPIRED", expired],
  ["CERT_NOT_YET_VALID", expired],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    { kind: "tls", happened: "has a certificate for another name", advice: "use the name the certificate is for" },
  ],
]);

export function networkError(error: unknown, host: string): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  const found = code === undefined ? undefined : EXPLANATIONS.get(code);
  if (found && code)
    return new RegistryError(found.kind, `${host} ${found.happened} (${code}); ${found.advice}`, { code });
  if (code?.startsWith("HPE_")) {
    return new RegistryError("protocol", `${host} did not answer in HTTP (${code}); check the registry's port`, {
      code,
    });
  }
  const certificate = code !== undefined && /CERT|TLS|SSL/.test(code);
  const words = quote(code ?? (error instanceof Error ? error.message : String(error)));
  const message = certificate
    ? `${host} could not be trusted (${words}); ${CA_ADVICE}`
    : `${host} could not be asked (${words}); check the network`;
  return new RegistryError(certificate ? "tls" : "network", message, code === undefined ? {} : { code });
}
