/** A name: what a service comes to, and what is known of networks, volumes and the like. */
import { buildOf } from "../../model/compose/build.ts";
import { dependenciesOf } from "../../model/compose/dependencies.ts";
import { fieldOf, fieldsOf, itemsOf, textOf } from "../../model/compose/fields.ts";
import { nameAt, type NameKind, namesOf } from "../../model/compose/name-index.ts";
import type { ComposeFile, Service } from "../../model/compose/model.ts";
import { mountsOf } from "../../model/compose/mounts.ts";
import { portsOf } from "../../model/compose/ports.ts";
import type { Project } from "../../model/compose/project.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { code, yamlBlock } from "./markdown.ts";
import { effectiveText, originsOf, plainOf, yamlOf } from "./shown.ts";

type Shown = string | undefined;

export function hoverName(
  compose: ComposeFile,
  offset: number,
  project: Project,
): { readonly span: Span; readonly text: string } | undefined {
  const place = nameAt(compose, offset);
  if (!place) return undefined;
  const text =
    place.kind === "service"
      ? serviceText(compose, place.name, project, place.file)
      : otherText(compose, place.kind, place.name, project);
  return text === undefined ? undefined : { span: place.span, text };
}

function serviceText(compose: ComposeFile, name: string, project: Project, file: string | undefined): Shown {
  if (file !== undefined) {
    const other = project.fileAt(file);
    const found = typeof other === "object" ? other.services.find((each) => each.name === name) : undefined;
    return found && textOfService(found, found, project, file);
  }
  const service = project.service(name);
  return (
    service &&
    textOfService(
      service,
      compose.services.find((each) => each.name === name),
      project,
      undefined,
    )
  );
}

/** `written` is the service as this file has it, before what it extends. */
function textOfService(
  service: Service,
  written: Service | undefined,
  project: Project,
  file: string | undefined,
): string {
  const show = (node: YamlNode | undefined): Shown =>
    node?.kind === "scalar" && node.value !== null ? code(effectiveText(node, project) ?? node.text) : undefined;
  const build = buildOf(service);
  const context = build && (show(build.context?.node) ?? "this folder");
  const target = show(build?.target?.node);
  const lines: (readonly [string, Shown])[] = [
    ["Image", show(fieldOf(service.map, "image")?.value)],
    [
      "Build",
      build?.inline ? "from a Dockerfile written here" : context && (target ? `${context}, target ${target}` : context),
    ],
    ["Command", show(fieldOf(service.map, "command")?.value)],
    ["Ports", listed(portsOf(service).map(({ node }) => shortOf(node, project)))],
    [
      "Volumes",
      listed(mountsOf(service).map(({ source, target: to }) => code(source === undefined ? to : `${source}:${to}`))),
    ],
    ["Networks", listed(namesIn(fieldOf(service.map, "networks")?.value).map(code))],
    [
      "Depends on",
      listed(
        dependenciesOf(service).map(
          ({ name, condition }) => code(name) + (condition === "service_started" ? "" : ` (${condition})`),
        ),
      ),
    ],
    ["Profiles", listed(itemsOf(fieldOf(service.map, "profiles")?.value).flatMap((item) => show(item) ?? []))],
    ["Extends", extendsText(written)],
    ["Inherits", listed(originsOf(service).map(({ from, keys }) => `${keys.map(code).join(", ")} from ${code(from)}`))],
  ];
  const known = lines.flatMap(([label, text]) => (text === undefined ? [] : [`- ${label}: ${text}`]));
  const title = `**${service.name}**: service${file === undefined ? "" : ` in ${code(file)}`}`;
  return known.length === 0 ? title : `${title}\n\n${known.join("\n")}`;
}

const MAX_LISTED = 8;

function listed(texts: readonly string[]): Shown {
  if (texts.length === 0) return undefined;
  return (
    texts.slice(0, MAX_LISTED).join(", ") + (texts.length > MAX_LISTED ? ` and ${texts.length - MAX_LISTED} more` : "")
  );
}

/** A port in few words, also of the long form. */
function shortOf(node: YamlNode, project: Project): string {
  if (node.kind === "scalar") return code(effectiveText(node, project) ?? node.text);
  const part = (key: string): string => textOf(fieldOf(node, key)?.value) ?? "";
  return code([part("host_ip"), part("published"), part("target")].filter((text) => text !== "").join(":"));
}

const namesIn = (node: YamlNode | undefined): readonly string[] =>
  node?.kind === "list" ? node.items.flatMap((item) => textOf(item) ?? []) : fieldsOf(node).map(({ key }) => key);

function extendsText(service: Service | undefined): Shown {
  const value = fieldOf(service?.map, "extends")?.value;
  const name = textOf(value) ?? textOf(fieldOf(value, "service")?.value);
  const file = textOf(fieldOf(value, "file")?.value);
  if (name === undefined) return undefined;
  return file === undefined ? code(name) : `${code(name)} in ${code(file)}`;
}

const SECTION_OF = {
  network: "networks",
  volume: "volumes",
  secret: "secrets",
  config: "configs",
  model: "models",
} as const;

const isResource = (kind: NameKind): kind is keyof typeof SECTION_OF => kind in SECTION_OF;

function otherText(compose: ComposeFile, kind: NameKind, name: string, project: Project): Shown {
  const users = new Set(
    namesOf(compose).places.flatMap((place) =>
      place.kind === kind && place.name === name && place.role === "use" ? place.services : [],
    ),
  );
  const use = listed([...users].map(code));
  const used = use === undefined ? [] : [`Used by ${use}`];
  if (kind === "profile") return [`**${name}**: profile`, ...used].join("\n\n");
  if (kind === "anchor") return anchorText(compose, name);
  if (!isResource(kind)) return undefined;
  const resource = project.resources(SECTION_OF[kind]).get(name);
  if (!resource && name === "default" && kind === "network")
    return ["**default**: the network compose makes for the project", ...used].join("\n\n");
  if (!resource) return project.complete ? `**${name}**: ${kind} that is declared nowhere` : undefined;
  const { value } = resource.entry;
  const body = value.kind === "map" && value.entries.length > 0 ? [yamlBlock(yamlOf(plainOf(value, project)))] : [];
  return [`**${name}**: ${kind}`, ...body, ...used].join("\n\n");
}

function anchorText({ anchors }: ComposeFile, name: string): Shown {
  const anchor = anchors.find((each) => each.name === name);
  return (
    anchor &&
    `**&${name}**: used ${anchor.uses.length === 1 ? "once" : `${anchor.uses.length} times`}\n\n${yamlBlock(yamlOf(plainOf(anchor.node)))}`
  );
}
