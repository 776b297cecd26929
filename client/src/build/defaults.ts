/** What a build is called when nobody has said it: the folder's name and git's branch. */
import { basename, dirname } from "node:path";

/** A repository name of the reference grammar: `[a-z0-9]+` joined by single `.`, `_` or dashes. */
function componentOf(text: string): string {
  const component = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/[._-]*-[._-]*|\.[._]+|_[._]{2,}|_\./g, "-")
    .replaceAll(/^[._-]+|[._-]+$/g, "");
  return component === "" ? "image" : component.slice(0, 100).replace(/[._-]+$/, "");
}

const tagOf = (branch: string): string =>
  branch
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 128);

/** `shop:main`; a file called `Dockerfile.api` or `api.Dockerfile` adds its own name: `shop-api:main`. */
export function defaultTag(dockerfile: string, branch: string | undefined): string {
  const own = /^(?:dockerfile|containerfile)[._-](.+)$|^(.+)\.(?:dockerfile|containerfile)$/i.exec(
    basename(dockerfile),
  );
  const special = own?.[1] ?? own?.[2];
  const name = [basename(dirname(dockerfile)), ...(special === undefined ? [] : [special])].map(componentOf).join("-");
  return `${name}:${tagOf(branch ?? "") || "latest"}`;
}

/** Why a reference is none; undefined for a good one. The grammar of `docker build --tag`. */
export function problemOfTag(tag: string): string | undefined {
  const [, path = "", version] = /^(.*?)(?::([^/:]*))?$/.exec(tag) ?? [];
  const parts = path.split("/");
  const [first = ""] = parts;
  const hasHost = parts.length > 1 && /[.:A-Z]|^localhost$/.test(first);
  if (
    hasHost &&
    !/^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::\d+)?$/i.test(first)
  )
    return `${first} is no registry's address`;
  const names = hasHost ? parts.slice(1) : parts;
  if (names.some((name) => /[A-Z]/.test(name))) return "Image names are written in lower case";
  if (!names.every((name) => /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(name)))
    return "An image name consists of letters, digits and single . _ - between them, its parts joined by /";
  if (version !== undefined && !/^\w[\w.-]{0,127}$/.test(version))
    return "A tag consists of letters, digits, . _ and -, at most 128";
  return undefined;
}
