/** Every file a compose file names, and where: what it includes and extends, what it is built from, what it reads. */
import type { Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { cleanPath } from "../ignore.ts";
import { buildOf } from "./build.ts";
import { fieldOf, fieldsOf, itemsOf, perCompose, textOf } from "./fields.ts";
import { withDefaults } from "./interpolation.ts";
import type { ComposeFile, Service } from "./model.ts";
import { mountsOf } from "./mounts.ts";

export type FileRole =
  | "include"
  | "extends"
  | "env_file"
  | "dockerfile"
  | "context"
  | "label_file"
  | "secret"
  | "config"
  | "mount"
  | "watch";

export interface FileMention {
  readonly role: FileRole;
  readonly span: Span;
  /** With defaults in the place of variables; as compose takes it, relative to the file's folder. Or a URL. */
  readonly path: string;
  /** Of a context: the Dockerfile it is built with. */
  readonly dockerfile?: string;
}

/** Those that a variable without a default hides are not among them. */
export const fileMentions = perCompose((compose): readonly FileMention[] => {
  const found = new Map<number, FileMention>();
  const all = [...includesOf(compose), ...sectionFiles(compose), ...compose.services.flatMap(serviceFiles)];
  for (const mention of all) if (!found.has(mention.span.start)) found.set(mention.span.start, mention);
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
});

/** Contexts and files that are fetched from elsewhere: a URL, `git@host:…`, an artifact of a registry. */
export const isRemote = (path: string): boolean =>
  /^(?:[a-z][\w+.-]*:\/\/|git@|oci:|docker-image:|github\.com\/)/i.test(path);

function textWithDefaults(node: YamlNode | undefined): string | undefined {
  const text = textOf(node);
  const path = text === undefined ? undefined : withDefaults(text);
  return path === "" ? undefined : path;
}

function mention(role: FileRole, node: YamlNode | undefined): readonly FileMention[] {
  const path = textWithDefaults(node);
  return path === undefined || !node ? [] : [{ role, path, span: node.span }];
}

/** One file, a list of them, or a list of mappings with a `path`. */
function mentions(role: FileRole, node: YamlNode | undefined): readonly FileMention[] {
  if (node?.kind !== "list") return mention(role, node);
  return node.items.flatMap((item) => mention(role, item.kind === "map" ? fieldOf(item, "path")?.value : item));
}

function includesOf({ root }: ComposeFile): readonly FileMention[] {
  return itemsOf(fieldOf(root, "include")?.value).flatMap((item) => {
    if (item.kind !== "map") return mention("include", item);
    const files = mentions("include", fieldOf(item, "path")?.value);
    return [...files, ...mentions("env_file", fieldOf(item, "env_file")?.value)];
  });
}

const sectionFiles = ({ root }: ComposeFile): readonly FileMention[] =>
  (["secret", "config"] as const).flatMap((role) =>
    fieldsOf(fieldOf(root, `${role}s`)?.value).flatMap(({ value }) => mention(role, fieldOf(value, "file")?.value)),
  );

const serviceFiles = (service: Service): readonly FileMention[] => [
  ...mention("extends", fieldOf(service.map, "extends", "file")?.value),
  ...mentions("env_file", fieldOf(service.map, "env_file")?.value),
  ...mentions("label_file", fieldOf(service.map, "label_file")?.value),
  ...buildFiles(service),
  ...mountsOf(service).flatMap(({ type, source, sourceSpan }): readonly FileMention[] => {
    const path = source === undefined ? undefined : withDefaults(source);
    return type === "bind" && path && sourceSpan ? [{ role: "mount", path, span: sourceSpan }] : [];
  }),
  ...itemsOf(fieldOf(service.map, "develop", "watch")?.value).flatMap((item) =>
    mention("watch", fieldOf(item, "path")?.value),
  ),
];

function buildFiles(service: Service): readonly FileMention[] {
  const build = buildOf(service);
  if (!build) return [];
  const { context, dockerfile, contexts } = build;
  const file = dockerfileOf(service);
  return [
    ...mention("context", context?.node).map((found) => ({
      ...found,
      ...(file !== undefined && { dockerfile: file }),
    })),
    ...(dockerfile && file !== undefined ? [{ role: "dockerfile" as const, path: file, span: dockerfile.span }] : []),
    ...contexts.flatMap(({ text, valueSpan }): readonly FileMention[] => {
      const path = text === undefined ? undefined : withDefaults(text);
      const isPath = path !== undefined && path !== "" && !path.startsWith("service:");
      return isPath ? [{ role: "context", path, span: valueSpan }] : [];
    }),
  ];
}

/** The Dockerfile a service is built with, relative to the file's folder; undefined when it is elsewhere, inline, or hidden. */
export function dockerfileOf(service: Service): string | undefined {
  const build = buildOf(service);
  if (!build || build.inline) return undefined;
  const folder = build.context ? textWithDefaults(build.context.node) : ".";
  const named = build.dockerfile ? textWithDefaults(build.dockerfile.node) : "Dockerfile";
  if (folder === undefined || named === undefined || isRemote(folder)) return undefined;
  return named.startsWith("/") ? named : cleanPath(`${folder}/${named}`);
}
