/** Texts of strangers within Markdown: shown as they are, whatever is in them. */

/** Line breaks, control characters and those that turn the direction of writing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** On one line, with nothing that Markdown or HTML would take for a sign of its own. */
export const escaped = (text: string): string =>
  text.replaceAll(INVISIBLE, " ").replaceAll(/[\\`*_{}[\]()<>#|!&~]/g, "\\$&");

const LONGEST_LINK = 500;
const LONGEST_SHOWN = 80;

/** A link that shows where it leads; undefined for what is no address of the web. */
export function webLink(address: string): string | undefined {
  if (address.length > LONGEST_LINK || !/^https?:\/\/[^\s]+$/i.test(address) || !URL.canParse(address))
    return undefined;
  const { href, host, pathname, username, password } = new URL(address);
  // What stands before an at sign is there to look like a host.
  if (username !== "" || password !== "") return undefined;
  const place = `${host}${pathname === "/" ? "" : pathname}`;
  const shown = place.length > LONGEST_SHOWN ? `${place.slice(0, LONGEST_SHOWN - 1)}…` : place;
  return `[${escaped(shown)}](${target(href)})`;
}

/** As the target of a link. */
export const target = (href: string): string =>
  href.replaceAll(/[()<>[\]\\|`"' *_]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
