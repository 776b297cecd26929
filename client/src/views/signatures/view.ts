/** The view *Signatures*: what was pushed, signed and verified in this window, the newest first. */
import {
  commands,
  type Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from "vscode";
import { shortImage } from "../../short-image.ts";
import { colorOf, headline, ICONS, oneLineOf, rowsOf, type SignatureEntry } from "./rows.ts";

export interface SignatureView extends Disposable {
  readonly entries: () => readonly SignatureEntry[];
  /** The newest of an image takes the place of the older ones of the same kind. */
  readonly add: (entry: SignatureEntry) => void;
  readonly show: () => Promise<void>;
}

type Row = SignatureEntry | readonly [string, string];

const ID = "dockwrightSignatures";

export function createSignatureView(onChange: (entries: readonly SignatureEntry[]) => void): SignatureView {
  const changed = new EventEmitter<undefined>();
  let entries: readonly SignatureEntry[] = [];
  const view = window.createTreeView<Row>(ID, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => (row === undefined ? [...entries] : "state" in row ? [...rowsOf(row)] : []),
      getTreeItem: itemOf,
    },
  });
  return {
    entries: () => entries,
    add(entry) {
      entries = [
        entry,
        ...entries.filter(({ image, state }) => image !== entry.image || isCheck(state) !== isCheck(entry.state)),
      ];
      changed.fire(undefined);
      onChange(entries);
    },
    show: async () => void (await commands.executeCommand(`${ID}.focus`)),
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

const isCheck = (state: SignatureEntry["state"]): boolean => !["pushed", "signed", "attested"].includes(state);

function itemOf(row: Row): TreeItem {
  if (!("state" in row)) {
    const [label, text] = row;
    const item = new TreeItem(label);
    item.description = text;
    item.tooltip = `${label}: ${text}`;
    return item;
  }
  const [name, where] = shortImage(row.image);
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed);
  item.description = [headline(row), where].filter((part) => part !== "").join(" · ");
  item.tooltip = `${row.image}\n${oneLineOf(row)}`;
  item.iconPath = new ThemeIcon(ICONS[row.state], new ThemeColor(colorOf(row.state)));
  item.contextValue = "image";
  return item;
}
