/** Text → compose file. Never throws. */
import { parseYaml } from "../../text/yaml.ts";
import { fieldOf, fieldsOf } from "./fields.ts";
import type { ComposeFile, Service } from "./model.ts";

/** `name` is the file's without folders: some names make a file an override of another. */
export function parseCompose(text: string, name?: string): ComposeFile {
  const { root, problems, comments, anchors, documents } = parseYaml(text, { tolerant: true });
  const map = root?.kind === "map" ? root : undefined;
  const services = fieldOf(map, "services");
  return {
    language: "compose",
    text,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    name,
    root: map,
    problems,
    comments,
    anchors,
    documents,
    services: fieldsOf(services?.value)
      .filter(({ key }) => !key.startsWith("x-"))
      .map((field): Service => {
        const { key, keySpan, value } = field;
        const via = services?.via ?? field.via;
        return {
          name: key,
          nameSpan: keySpan,
          map: value.kind === "map" ? value : undefined,
          entry: { key, keySpan, value },
          ...(via && { via }),
          memory: [],
        };
      }),
    memory: [],
  };
}
