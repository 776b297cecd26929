/** `dockwright lsp --stdio`: the language server, for editors. */
import { EXIT, UsageError } from "../io.ts";
import { HELP } from "../options.ts";
import type { Command } from "./command.ts";

export const lsp: Command = {
  name: "lsp",
  summary: "serve an editor over the Language Server Protocol",
  usage: "--stdio",
  details: "Started by editors, not by people.",
  options: [{ name: "stdio", help: "speak on standard input and output" }, HELP],
  async run(args, _io, { serve }) {
    if (!args.has("stdio"))
      throw new UsageError("the server speaks on standard input and output only: dockwright lsp --stdio");
    await serve();
    return EXIT.clean;
  },
};
