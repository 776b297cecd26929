/** docs/refactorings.md: what `dockwright refactor` does to Dockerfiles, and why each is safe or not. */
import { REFACTORINGS } from "../server/src/core/assists/dockerfile/index.ts";

export const REFACTORINGS_PATH = "docs/refactorings.md";

const cell = (text: string): string => text.replaceAll("|", "\\|");

export const refactoringsPage = (): string => `# Refactorings of Dockerfiles

In the editor: *Refactor…* at the cursor or for a selection. On the command line: \`dockwright refactor KIND [--line N[-M]] [--diff] FILE\`;
without \`--line\`, everywhere in the file. What cannot be done is refused with the reason, and nothing leaves that does not keep the
file's commands, comments and configuration but for what the refactoring is about.

*safe*: what is built stays the same. *unsafe*: probably wanted, but it changes what is built, or how.

| kind | what it does | safety | why |
|---|---|---|---|
${REFACTORINGS.map(
  ({ id, about, everywhere, safety, why }) =>
    `| \`${id}\` | ${cell(about)}${everywhere ? "" : "; needs `--line`"} | ${safety} | ${cell(why)} |`,
).join("\n")}

*Convert to multi-stage* (\`dockwright refactor multi-stage\`) has options of its own: \`dockwright refactor --help\`.
`;
