/** HTTP statuses of a registry as errors in words. */
import { quote, RegistryError, type RegistryErrorKind } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { asObject, asText, member, parseObject } from "./json.ts";

/** @param what the image or the repository, as the person knows it */
export function statusError(response: HttpResponse, what: string): RegistryError {
  const { status } = response;
  const host = response.url.host;
  const said = saidBy(response);
  const answer = `HTTP ${status}${said === undefined ? "" : `, ${said}`}`;
  const error = (kind: RegistryErrorKind, message: string) => new RegistryError(kind, message, { status });
  if (status === 401 || status === 403) {
    return error(
      "unauthorized",
      `${host} refuses access to ${what} (${answer}); check the name, or log in with docker login`,
    );
  }
  if (status === 404) return error("not-found", `${host} has no ${what} (${answer}); check the name and the tag`);
  if (status === 429)
    return error("rate-limited", `${host} takes no more requests for now (${answer}); try again later`);
  if (status >= 500 || status === 408) {
    return error("network", `${host} is unable to answer for ${what} now (${answer}); try again later`);
  }
  return error(
    "protocol",
    `${host} did not answer for ${what} as a registry does (${answer}); check the registry's address`,
  );
}

/** The first error of the body, in the form of the distribution specification. */
function saidBy({ body }: HttpResponse): string | undefined {
  const errors = member(parseObject(body.toString("utf8")), "errors");
  const first = Array.isArray(errors) ? asObject(errors[0]) : undefined;
  const parts = [asText(member(first, "code")), asText(member(first, "message"))];
  const text = quote(parts.filter((part) => part !== undefined).join(": "));
  return text === "" ? undefined : text;
}
