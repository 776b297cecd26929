/** What the server would say about a Dockerfile that no compose file builds. */
import { factsIn } from "../../server/src/lsp/handlers/build-facts.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import type { BuildFacts } from "../../server/src/lsp/messages.ts";

export const factsOf = (text: string): BuildFacts => ({ ...factsIn(text, linesOf(text)), services: [] });
