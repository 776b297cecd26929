/** Our grammars among stand-ins for the editor's, read by the tokenizer that editors use. */
import { createRegistryFromGrammars } from "vscode-tmgrammar-test/dist/common/index.js";
import { grammarFiles } from "../../scripts/grammars/index.ts";
import { STAND_INS } from "./stand-ins.ts";

const ours = [...grammarFiles()].map(([path, content]) => ({
  grammar: { path, scopeName: (JSON.parse(content) as { scopeName: string }).scopeName },
  content,
}));
const others = STAND_INS.map((standIn) => ({
  grammar: { path: `${standIn.scopeName}.json`, scopeName: standIn.scopeName },
  content: JSON.stringify(standIn),
}));

export const registry = createRegistryFromGrammars([...ours, ...others]);

export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

interface Line {
  readonly tokens: readonly Token[];
}

/** The lines of a text as an editor colours them, without line endings. */
export async function linesOf(scopeName: string, lines: readonly string[]): Promise<readonly Line[]> {
  const grammar = await registry.loadGrammar(scopeName);
  if (!grammar) throw new Error(`there is no grammar ${scopeName}`);
  let state: Parameters<typeof grammar.tokenizeLine>[1] = null;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return {
      tokens: tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes })),
    };
  });
}
