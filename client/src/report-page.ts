/** A report as a page: Markdown as VS Code renders it, in a webview without scripts whose links run a few commands of ours. */
import { randomUUID } from "node:crypto";
import { commands, type Disposable, ViewColumn, type WebviewPanel, window } from "vscode";

/** What links of a report may lead to. */
const COMMANDS = ["dockwright.openLine", "dockwright.explainRule"] as const;

/** Behind a title in Markdown: `[title](…)`. */
export const commandLink = (command: (typeof COMMANDS)[number], ...args: readonly (string | number)[]): string =>
  `command:${command}?${encodeURIComponent(JSON.stringify(args)).replaceAll("(", "%28").replaceAll(")", "%29")}`;

const shown = new Map<string, WebviewPanel>();

/** @param about what a later report takes the place of an earlier one of */
export async function showReport(about: string, title: string, markdown: string): Promise<void> {
  const body = await commands.executeCommand<string>("markdown.api.render", markdown);
  const there = shown.get(about);
  const panel =
    there ??
    window.createWebviewPanel("dockwright.report", title, ViewColumn.Active, {
      enableCommandUris: COMMANDS,
      enableFindWidget: true,
      localResourceRoots: [],
    });
  if (!there) {
    shown.set(about, panel);
    panel.onDidDispose(() => shown.delete(about));
  }
  panel.webview.html = pageOf(title, body);
  panel.reveal();
}

/** Reports are of this session: when the extension goes, so do they. */
export const closeReports = (): Disposable => ({
  dispose() {
    for (const panel of shown.values()) panel.dispose();
  },
});

function pageOf(title: string, body: string): string {
  const nonce = randomUUID();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
body { font-size: var(--vscode-font-size); line-height: 1.6; padding: 0 24px 24px; }
main { max-width: 880px; overflow-wrap: anywhere; }
h1 { font-size: 1.8em; font-weight: 600; }
h2 { font-size: 1.3em; font-weight: 600; margin-top: 1.6em; padding-top: 0.8em; border-top: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder)); }
li { margin: 0.2em 0; }
ul { padding-left: 1.6em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder)); }
td:first-child { overflow-wrap: break-word; width: 20%; }
a { color: var(--vscode-textLink-foreground); text-decoration: var(--text-link-decoration); }
a:hover, body.vscode-high-contrast a, body.vscode-high-contrast-light a { text-decoration: underline; }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
code { font-family: var(--vscode-editor-font-family); font-size: 0.95em; color: var(--vscode-editor-foreground); background: var(--vscode-textCodeBlock-background); padding: 1px 4px; border-radius: 3px; }
body.vscode-high-contrast code, body.vscode-high-contrast-light code { background: none; border: 1px solid var(--vscode-contrastBorder); }
`;
