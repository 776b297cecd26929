/** Elements in one expression. Texts are texts and never markup; styles are set on the element, as the page's policy wants. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined | false;

/** An attribute that is false or undefined is left out; true is empty. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) set(made, key, value);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function set(target: Element, key: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) target.removeAttribute(key);
  else target.setAttribute(key, value === true ? "" : String(value));
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chevron: "M6 3.5 10.5 8 6 12.5",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 14 14",
  close: "M4 4l8 8M12 4l-8 8",
} as const;

/** A line drawing, for those who see; it is no word. */
export function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [
    ["viewBox", "0 0 16 16"],
    ["class", `icon icon-${name}`],
    ["aria-hidden", "true"],
  ] as const)
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
