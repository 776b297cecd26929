/** SPDX license expressions (SPDX specification, annex "SPDX license expressions"): `MIT`, `Apache-2.0 WITH LLVM-exception OR GPL-2.0+`. */
import { SPDX_DEPRECATED, SPDX_EXCEPTIONS, SPDX_LICENSES } from "./spdx-identifiers.ts";

interface SpdxFault {
  /** Words of the message: what is wrong with which part. */
  readonly message: string;
  /** The expression as it should be written, where only the case of letters is wrong. */
  readonly corrected?: string;
}

/** By its spelling without case, which is how identifiers are compared. */
const byLowerCase = (lists: string): ReadonlyMap<string, string> =>
  new Map(lists.match(/\S+/g)?.map((id) => [id.toLowerCase(), id]));

/** Made when they are first asked for: most runs look no license up. */
let licenses: ReadonlyMap<string, string> | undefined;
let exceptions: ReadonlyMap<string, string> | undefined;

const REFERENCE = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const ADDITION = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+$/;

/** What is wrong with a license expression; undefined when nothing is. */
export function spdxFault(expression: string): SpdxFault | undefined {
  let wants: "license" | "operator" | "exception" = "license";
  let depth = 0;
  let corrected = "";
  for (const [token] of expression.matchAll(/\s+|[()]|[^\s()]+/g)) {
    let written = token;
    if (/^\s/.test(token)) {
      corrected += token;
      continue;
    }
    if (token === "(") {
      if (wants !== "license") return { message: "has a ( where an operator belongs" };
      depth++;
    } else if (token === ")") {
      if (wants !== "operator" || depth === 0) return { message: "has a ) that closes nothing" };
      depth--;
    } else if (wants === "operator") {
      if (token === "WITH") wants = "exception";
      else if (token === "AND" || token === "OR") wants = "license";
      else return { message: `has ${token} where AND, OR or WITH belongs` };
    } else {
      const known = wants === "license" ? license(token) : exception(token);
      if (known === undefined) return { message: `names ${token}, which is not on the SPDX list` };
      written = known;
      wants = "operator";
    }
    corrected += written;
  }
  if (wants !== "operator" || depth > 0) return { message: "ends too early" };
  return corrected === expression
    ? undefined
    : { message: `is written ${corrected.trim()} on the SPDX list`, corrected };
}

function license(token: string): string | undefined {
  if (REFERENCE.test(token)) return token;
  const plus = token.endsWith("+") ? "+" : "";
  licenses ??= byLowerCase(`${SPDX_DEPRECATED} ${SPDX_LICENSES}`);
  const id = licenses.get(token.slice(0, token.length - plus.length).toLowerCase());
  return id === undefined ? undefined : id + plus;
}

function exception(token: string): string | undefined {
  if (ADDITION.test(token)) return token;
  exceptions ??= byLowerCase(SPDX_EXCEPTIONS);
  return exceptions.get(token.toLowerCase());
}
