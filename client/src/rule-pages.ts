/** `dockwright-rule:<id>.md`: the page of a rule as a document, with its text from the server. */
import { type Disposable, DocumentLink, languages, Range, Uri, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ExplainParams, Explanation } from "../../server/src/lsp/messages.ts";
import { PREVIEW_SCHEME } from "./preview.ts";

const SCHEME = "dockwright-rule";

export const rulePageUri = (rule: string): Uri => Uri.from({ scheme: SCHEME, path: `${rule}.md` });

export const provideRulePages = (client: LanguageClient): Disposable =>
  workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri, token) {
      const rule = uri.path.replace(/^\//, "").replace(/\.md$/, "");
      const params: ExplainParams = { rule };
      const explanation = await client.sendRequest<Explanation | null>("dockwright/explain", params, token);
      return explanation?.markdown ?? `# ${rule}\n\nThere is no such rule.\n`;
    },
  });

/** VS Code's own Markdown links know no address such as a rule's page has; our reports lead there. */
export const linkRulePages = (): Disposable =>
  languages.registerDocumentLinkProvider(
    { scheme: PREVIEW_SCHEME, language: "markdown" },
    {
      provideDocumentLinks: (document) =>
        [...document.getText().matchAll(LINK)].map(
          ({ index, 0: { length }, 1: address = "" }) =>
            new DocumentLink(
              new Range(document.positionAt(index), document.positionAt(index + length)),
              Uri.parse(address),
            ),
        ),
    },
  );

const LINK = new RegExp(`\\[[^\\]\\n]*\\]\\((${SCHEME}:[\\w.-]+)\\)`, "g");
