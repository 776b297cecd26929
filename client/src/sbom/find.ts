/** Which images have a package: `openssl`, `openssl@3.0`, `lib*ssl*`, or a package URL, over the SBOMs there are. */
import { byName, type Component, type Sbom } from "./model.ts";

export interface Found<T> {
  readonly of: T;
  readonly component: Component;
}

/** Whole names stand first. A version after the at sign matches versions that begin with it. */
export function findPackage<T extends { readonly sbom: Sbom }>(
  sboms: readonly T[],
  query: string,
): readonly Found<T>[] {
  const wanted = queryOf(query.trim());
  if (!wanted) return [];
  const rank = ({ component }: Found<T>): number => (wanted.isWhole(component) ? 0 : 1);
  return sboms
    .flatMap((of) => of.sbom.components.filter(wanted.matches).map((component) => ({ of, component })))
    .toSorted((a, b) => rank(a) - rank(b) || byName(a.component, b.component));
}

interface Query {
  readonly matches: (component: Component) => boolean;
  readonly isWhole: (component: Component) => boolean;
}

function queryOf(text: string): Query | undefined {
  if (text === "") return undefined;
  if (text.startsWith("pkg:")) {
    const start = text.toLowerCase();
    const matches = ({ purl = "" }: Component): boolean => purl.toLowerCase().startsWith(start);
    return { matches, isWhole: matches };
  }
  // The at sign of an npm scope stands at the beginning.
  const at = text.lastIndexOf("@");
  const [name, version] = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text, ""];
  const part = pattern(name.includes("*") ? name : `*${name}*`);
  const whole = pattern(name);
  const versions = pattern(`${version}*`);
  return {
    matches: (component) => part.test(component.name) && versions.test(component.version),
    isWhole: (component) => whole.test(component.name),
  };
}

const pattern = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*")}$`, "i");
