/** What is said of every key of a compose file, and where Docker's reference has it. What may stand there is in schema-shapes.ts. */
import { type KeyDoc, type KeyDocs, below } from "./keys/doc.ts";
import { TOP } from "./keys/elements.ts";
import { SERVICE } from "./keys/service.ts";

export type { KeyDoc } from "./keys/doc.ts";

/** By path, `*` for a name people choose and for an item of a list: `services.*.ports.*.target`. */
export const KEY_DOCS: KeyDocs = { ...TOP, ...below("services.*", SERVICE) };

/** Of the key at the end of a path in which names and items are `*`. */
export const docOf = (path: readonly string[]): KeyDoc | undefined => {
  const key = path.join(".");
  return Object.hasOwn(KEY_DOCS, key) ? KEY_DOCS[key] : undefined;
};

const REFERENCE = "https://docs.docker.com/reference/compose-file";
/** Keys of services that have pages of their own. */
const PAGES: ReadonlySet<string> = new Set(["build", "deploy", "develop"]);
/** Keys whose pages have no heading for each of theirs. */
const WITHOUT_HEADINGS: ReadonlySet<string> = new Set(["include", "models", "secrets", "configs"]);

/** The place in Docker's reference that is nearest to the key at the end of a path. */
export function referenceOf(path: readonly string[]): string {
  const [top = "", , first, second] = path;
  if (top === "version" || top === "name") return `${REFERENCE}/version-and-name/`;
  if (top !== "services") {
    const heading = first === undefined || WITHOUT_HEADINGS.has(top) ? "" : `#${first}`;
    return `${REFERENCE}/${top}/${heading}`;
  }
  if (first === undefined) return `${REFERENCE}/services/`;
  if (!PAGES.has(first)) return `${REFERENCE}/services/#${first}`;
  return `${REFERENCE}/${first}/${second === undefined ? "" : `#${second}`}`;
}
