/** The view *SBOMs*: opened SBOMs as a tree that can be filtered and grouped. */
import {
  commands,
  type Disposable,
  EventEmitter,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from "vscode";
import { type LayerLine, type LayerNames, noNames } from "../../sbom/layers.ts";
import type { Component, Sbom } from "../../sbom/model.ts";
import { shortImage } from "../../short-image.ts";
import { describe, details, filtered, type Group, type Grouping, groupsOf, madeBy, placeOf, summary } from "./tree.ts";

/** One SBOM that is open, with the text it was read from. */
export interface OpenSbom {
  readonly label: string;
  readonly sbom: Sbom;
  readonly text: string;
  /** The image it was made of here. */
  readonly image?: string;
  /** What its layers are called. */
  readonly layers?: LayerNames;
}

type Row =
  | { readonly is: "sbom"; readonly of: OpenSbom }
  | { readonly is: "group"; readonly of: OpenSbom; readonly group: Group }
  | { readonly is: "package"; readonly of: OpenSbom; readonly component: Component; readonly group?: Group };

export interface SbomView extends Disposable {
  readonly opened: () => readonly OpenSbom[];
  /** Opens it above the others, in place of one of the same name, and shows it. */
  readonly open: (sbom: OpenSbom) => Promise<void>;
  /** Does nothing once it is closed. */
  readonly nameLayers: (sbom: OpenSbom, layers: LayerNames) => void;
  readonly close: (sbom: OpenSbom) => void;
  readonly filter: () => string;
  readonly setFilter: (filter: string) => void;
  readonly grouping: () => Grouping;
  readonly setGrouping: (grouping: Grouping) => void;
}

const ID = "dockwrightSboms";
/** More rows than this are no help; the filter is. */
const MAX_ROWS = 5_000;

export function createSbomView(): SbomView {
  const changed = new EventEmitter<undefined>();
  let sboms: readonly OpenSbom[] = [];
  let filter = "";
  let grouping: Grouping = "ecosystem";

  const childrenOf = (row?: Row): readonly Row[] => {
    if (!row) return sboms.map((of) => ({ is: "sbom", of }));
    if (row.is === "package") return [];
    const { of } = row;
    if (row.is === "group") return packages(of, row.group.components, row.group);
    const components = filtered(of.sbom, filter, of.layers);
    if (grouping === "none") return packages(of, components);
    return groupsOf(components, grouping, of.layers).map((group) => ({ is: "group", of, group }));
  };
  const itemOf = (row: Row): TreeItem =>
    row.is === "sbom"
      ? sbomItem(row.of, filter)
      : row.is === "group"
        ? groupItem(row.of, row.group, filter)
        : packageItem(row.component, row.of.layers, grouping);

  const view: TreeView<Row> = window.createTreeView<Row>(ID, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => [...childrenOf(row)],
      getTreeItem: itemOf,
    },
    showCollapseAll: true,
  });
  const show = (): void => {
    view.message = filter === "" ? "" : `Only what matches “${filter}”`;
    void commands.executeCommand("setContext", "dockwright.hasSboms", sboms.length > 0);
    changed.fire(undefined);
  };

  return {
    opened: () => sboms,
    async open(sbom) {
      sboms = [sbom, ...sboms.filter(({ label }) => label !== sbom.label)];
      show();
      // The command VS Code has for each view: it opens what the view is in.
      await commands.executeCommand(`${ID}.focus`);
    },
    nameLayers(sbom, layers) {
      if (!sboms.includes(sbom) || layers.size + (sbom.layers?.size ?? 0) === 0) return;
      sboms = sboms.map((each) => (each === sbom ? { ...each, layers } : each));
      show();
    },
    close(sbom) {
      sboms = sboms.filter((each) => each !== sbom);
      show();
    },
    filter: () => filter,
    setFilter(now) {
      filter = now;
      show();
    },
    grouping: () => grouping,
    setGrouping(now) {
      grouping = now;
      show();
    },
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

const packages = (of: OpenSbom, components: readonly Component[], group?: Group): readonly Row[] =>
  components.slice(0, MAX_ROWS).map((component) => ({ is: "package", of, component, ...(group && { group }) }));

function sbomItem({ label, sbom, image, layers }: OpenSbom, filter: string): TreeItem {
  const [name, where] = image === undefined ? [label, ""] : shortImage(image);
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.description = summary(sbom, filtered(sbom, filter, layers).length, where);
  item.tooltip = [
    image ?? label,
    sbom.subject !== image && sbom.subject !== label && sbom.subject,
    sbom.system,
    `${sbom.format === "spdx" ? "SPDX" : "CycloneDX"} ${sbom.specVersion}`,
    sbom.tool && `Made by ${sbom.tool}`,
    sbom.created && `Made ${sbom.created}`,
  ]
    .filter((line) => line)
    .join("\n");
  item.iconPath = new ThemeIcon("package");
  item.contextValue = "sbom";
  return item;
}

function groupItem({ label: sbom, layers = noNames }: OpenSbom, group: Group, filter: string): TreeItem {
  const { label, components, place } = group;
  const state = filter === "" ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(label, state);
  // Another row with a filter than without: what was closed opens when there are few.
  item.id = JSON.stringify([sbom, label, filter === ""]);
  if (place) {
    leadTo(item, place);
    item.tooltip = madeBy(layers.get(components[0]?.layer ?? "")) ?? label;
  }
  const more = components.length > MAX_ROWS ? `, the first ${MAX_ROWS} shown` : "";
  item.description = `${components.length}${more}`;
  return item;
}

function packageItem(component: Component, layers: LayerNames = noNames, grouping: Grouping = "none"): TreeItem {
  const item = new TreeItem(component.name, TreeItemCollapsibleState.None);
  item.description = describe(component, layers, grouping);
  item.tooltip = details(component, layers);
  item.contextValue = "package";
  const place = placeOf(component, layers);
  if (place) leadTo(item, place);
  return item;
}

/** To the instruction that made the layer. */
function leadTo(item: TreeItem, { uri, line }: LayerLine): void {
  item.command = { title: "Go to Line", command: "dockwright.openLine", arguments: [uri, line - 1] };
}

/** The SBOM a command was invoked on in the view; undefined when it was invoked elsewhere. */
export const sbomOfRow = (row: unknown): OpenSbom | undefined =>
  typeof row === "object" && row !== null && "is" in row && "of" in row ? (row as Row).of : undefined;
