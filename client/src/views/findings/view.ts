/** The view Findings: reports as a tree that keyboards and screen readers can use. */
import {
  commands,
  Disposable,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from "vscode";
import type { Findings } from "./store.ts";
import { type Filter, noFilter, type TreeNode, treeOf } from "./tree.ts";

export const FINDINGS_VIEW = "dockwrightFindings";

export function createFindingsView(findings: Findings): Disposable {
  let roots: readonly TreeNode[] = [];
  let parents = new Map<TreeNode, TreeNode>();
  const provider: TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: (listener) => findings.onChange(() => listener(undefined)),
    getChildren: (node) => [...(node ? node.children : roots)],
    getParent: (node) => parents.get(node),
    getTreeItem: itemOf,
  };
  const rebuild = (): void => {
    roots = treeOf(findings.inputs(), findings.grouping(), findings.filter());
    parents = new Map();
    const visit = (node: TreeNode): void => {
      for (const child of node.children) {
        parents.set(child, node);
        visit(child);
      }
    };
    for (const root of roots) visit(root);
  };
  // Before the view asks: listeners are called in the order they came.
  const listening = findings.onChange(rebuild);
  const view = window.createTreeView(FINDINGS_VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const describe = (): void => {
    const shown = filterText(findings.filter());
    view.message = shown;
    const count = findings.reports().reduce((sum, { findings: all }) => sum + all.length, 0);
    view.badge = count === 0 ? undefined : { value: count, tooltip: `${count} findings of scans` };
    void commands.executeCommand("setContext", "dockwright.hasFindings", findings.reports().length > 0);
    void commands.executeCommand("setContext", "dockwright.findingsFiltered", shown !== "");
  };
  const describing = findings.onChange(describe);
  return Disposable.from(listening, describing, view);
}

function filterText(filter: Filter): string {
  const parts = [
    filter.fixableOnly ? "with a fix" : "",
    filter.least === noFilter.least ? "" : `${filter.least} and graver`,
    filter.text === "" ? "" : `"${filter.text}"`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `Shown: ${parts.join(", ")}`;
}

function itemOf(node: TreeNode): TreeItem {
  const leaf = node.children.length === 0;
  const state = node.open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(node.label, leaf ? TreeItemCollapsibleState.None : state);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = new MarkdownString().appendText(node.tooltip);
  item.accessibilityInformation = { label: node.spoken };
  item.iconPath =
    node.color === undefined ? new ThemeIcon(node.icon) : new ThemeIcon(node.icon, new ThemeColor(node.color));
  item.contextValue = node.finding?.link === undefined ? node.kind : `${node.kind}.linked`;
  if (leaf && (node.place || node.finding))
    item.command = { title: "Open", command: "dockwright.findings.open", arguments: [node] };
  return item;
}
