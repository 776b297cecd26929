/** Texts of files within Markdown. */

const LONGEST = 120;

/** As code on one line, whatever backticks are in it. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  const cut = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  const ticks = Math.max(0, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  return ticks === 0 ? `\`${cut}\`` : `${fence} ${cut} ${fence}`;
}

/** As a block of YAML. */
export function yamlBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}yaml\n${text}\n${fence}`;
}
