/** The project's configuration file for a document, over the person's settings; its mistakes are shown in the file itself. */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type Connection, DiagnosticSeverity } from "vscode-languageserver/node";
import { resolve } from "../core/config/resolve.ts";
import { linesOf } from "../core/text/lines.ts";
import { type Configs, type LoadedConfig, resolveFor } from "../effects/config/load.ts";
import { SOURCE, toRange } from "./convert.ts";
import type { ProjectConfig } from "./settings.ts";

/** New ones read the files anew. */
export type ConfigsAnew = () => Configs;

/** A file wins over the person's settings in what it names: a project's findings are the same for all who work on it, and in CI. */
export function createProjectConfig(connection: Connection, configs: ConfigsAnew | undefined): ProjectConfig {
  const withMistakes = new Set<string>();
  /** What is understood holds nevertheless: somebody may be writing the file right now. */
  const showMistakes = ({ path, text, read, failure }: LoadedConfig): void => {
    if (failure !== undefined) connection.console.warn(`${path} ${failure}`);
    const uri = pathToFileURL(path).href;
    const had = withMistakes.has(uri);
    if (read.problems.length === 0 && !had) return;
    if (read.problems.length > 0) withMistakes.add(uri);
    else withMistakes.delete(uri);
    const lines = linesOf(text);
    const diagnostics = read.problems.map(({ span, message }) => ({
      range: toRange(lines, span),
      message,
      source: SOURCE,
      severity: DiagnosticSeverity.Error,
    }));
    void connection.sendDiagnostics({ uri, diagnostics });
  };

  return async (path, { values, registry, compose, dockerfile, layerSizes, registryHints }) => {
    const found = path === undefined ? undefined : await configs?.().near(dirname(path));
    if (found) showMistakes(found);
    const own = { source: "the editor's settings", values };
    const resolved = found && path !== undefined ? resolveFor(path, found, [own]) : resolve([own]);
    const { settings, budget, format, shellcheck, ignored } = resolved;
    return {
      ...{ settings, budget, format, shellcheck, ignored: ignored !== undefined },
      ...{ registry, compose, dockerfile, layerSizes, registryHints },
    };
  };
}
