/** What menus and views show in an editor that runs in a browser: commands that need programs or registries stay away. */
import { IN_A_BROWSER } from "../client/src/web/commands.ts";

interface Item {
  readonly command?: string;
  readonly when?: string;
}

interface Contributes extends Readonly<Record<string, unknown>> {
  readonly commands?: readonly { readonly command: string }[];
  readonly menus?: Readonly<Record<string, readonly Item[]>>;
  readonly views?: Readonly<Record<string, readonly Item[]>>;
}

/** Set by the extension that runs there: the editor's own `isWeb` is also true where a machine stands behind the page. */
const HERE = "!dockwright.inBrowser";
const PALETTE = "commandPalette";

const works = (command: string | undefined): boolean => IN_A_BROWSER.some((name) => name === command);

const elsewhere = <T extends Item>(item: T): T => {
  const { when } = item;
  if (when === undefined || when === "true") return { ...item, when: HERE };
  return when === "false"
    ? item
    : { ...item, when: when.includes("||") ? `(${when}) && ${HERE}` : `${when} && ${HERE}` };
};

export function withBrowserMenus(contributes: Contributes): Contributes {
  const { commands = [], menus = {}, views = {} } = contributes;
  const inPalette = menus[PALETTE] ?? [];
  const unlisted = commands.filter(({ command }) => !inPalette.some((item) => item.command === command));
  const all = {
    ...menus,
    [PALETTE]: [...inPalette, ...unlisted.filter(({ command }) => !works(command)).map(({ command }) => ({ command }))],
  };
  const reduced = (items: readonly Item[]): readonly Item[] =>
    items.map((item) => (item.command === undefined || works(item.command) ? item : elsewhere(item)));
  return {
    ...contributes,
    menus: Object.fromEntries(Object.entries(all).map(([menu, items]) => [menu, reduced(items)])),
    views: Object.fromEntries(Object.entries(views).map(([container, items]) => [container, items.map(elsewhere)])),
  };
}
