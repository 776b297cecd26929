/** `dockwright-rule:<id>.md`: the page of a rule as a document, with its text from the server. */
import { type Disposable, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { ExplainParams, Explanation } from "../../server/src/lsp/messages.ts";

const SCHEME = "dockwright-rule";

export const rulePageUri = (rule: string): Uri => Uri.from({ scheme: SCHEME, path: `${rule}.md` });

export const provideRulePages = (client: BaseLanguageClient): Disposable =>
  workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri, token) {
      const rule = uri.path.replace(/^\//, "").replace(/\.md$/, "");
      const params: ExplainParams = { rule };
      const explanation = await client.sendRequest<Explanation | null>("dockwright/explain", params, token);
      return explanation?.markdown ?? `# ${rule}\n\nThere is no such rule.\n`;
    },
  });
