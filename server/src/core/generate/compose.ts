/** compose.yaml: the application and the services its libraries speak to, then hardened the way *Harden this service* does it. */
import { hardenAll } from "../assists/compose/harden.ts";
import { isRefusal } from "../assists/compose/assist.ts";
import { parseCompose } from "../model/compose/parse.ts";
import { type NeededService, servicesOf } from "../model/project/services.ts";
import { applyEdits } from "../text/edit.ts";
import type { Made } from "./app.ts";
import { type ProjectFiles, sourcesOf } from "./files.ts";
import { variablesIn } from "./listening.ts";
import type { Notes } from "./notes.ts";
import { SERVICES, type ServiceRow, valueFor } from "./services.ts";

interface Chosen {
  readonly name: string;
  readonly row: ServiceRow;
}

export function composeFor(
  files: ProjectFiles,
  made: Made,
  notes: Notes,
  image: (reference: string) => string,
): string {
  const needed = servicesOf(made.libraries.from, made.libraries.names);
  const others = (made.services ?? []).filter(({ service }) => !needed.some((each) => each.service === service));
  const chosen = chooseServices([...needed, ...others], notes);
  const names = new Set([...variablesIn(sourcesOf(files, made.sources)), ...exampleVariables(files)]);
  const variables = variablesOf(names, chosen, made, notes);
  const service = slug(files.name) || "app";
  const volumes = made.writes
    .filter(isData)
    .map((path) => ({ name: `${service}-${slug(path.slice(path.lastIndexOf("/") + 1))}`, path }));
  const scratch = made.writes.filter((path) => !isData(path));
  const app = block(2, service, [
    "build:",
    "  context: .",
    ...(made.init ? ["init: true"] : []),
    "restart: unless-stopped",
    ...(made.port === undefined ? [] : ["ports:", `  - "127.0.0.1:${made.port}:${made.port}"`]),
    ...(variables.length === 0
      ? []
      : [
          "environment:",
          ...variables.map(([name, value]) => (value === undefined ? `  ${name}:` : `  ${name}: ${scalar(value)}`)),
        ]),
    ...(volumes.length === 0 ? [] : ["volumes:", ...volumes.map(({ name, path }) => `  - ${name}:${path}`)]),
    ...(scratch.length === 0 ? [] : ["tmpfs:", "  - /tmp", ...scratch.map((path) => `  - ${path}`)]),
    ...(chosen.length === 0
      ? []
      : ["depends_on:", ...chosen.flatMap(({ name }) => [`  ${name}:`, "    condition: service_healthy"])]),
    ...(made.probe === undefined
      ? []
      : [
          "healthcheck:",
          `  test: [${["CMD", ...made.probe].map((word) => JSON.stringify(word.replaceAll("$", "$$$$"))).join(", ")}]`,
          "  interval: 30s",
          "  timeout: 5s",
          "  retries: 3",
          "  start_period: 30s",
        ]),
  ]);
  const secrets = chosen.flatMap(({ name, row }) =>
    row.password === undefined ? [] : [{ name: `${name}-password`, variable: row.password }],
  );
  const data = chosen.flatMap(({ name, row }) => (row.data === undefined ? [] : [`${name}-data`]));
  const text = [
    "services:",
    ...app,
    ...chosen.flatMap(({ name, row }) => ["", ...serviceLines(name, row, image(row.image))]),
    ...section(
      "volumes",
      [...volumes.map(({ name }) => name), ...data].map((name) => [`${name}: {}`]),
    ),
    ...section(
      "secrets",
      secrets.map(({ name, variable }) => [`${name}:`, `  environment: ${variable}`]),
    ),
  ].join("\n");
  const compose = parseCompose(`${text}\n`);
  const hardened = hardenAll(compose, undefined);
  return isRefusal(hardened) ? `${text}\n` : applyEdits(compose.text, hardened.edits);
}

/** What is kept when the container is made anew. */
const isData = (path: string): boolean => /\/(?:storage|data|uploads|media)$/.test(path);

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

const block = (indent: number, name: string, lines: readonly string[]): readonly string[] => [
  `${" ".repeat(indent)}${name}:`,
  ...lines.map((line) => `${" ".repeat(indent + 2)}${line}`),
];

const section = (name: string, entries: readonly (readonly string[])[]): readonly string[] =>
  entries.length === 0 ? [] : ["", `${name}:`, ...entries.flat().map((line) => `  ${line}`)];

/** JSON's strings are YAML's. */
const scalar = (text: string): string =>
  /^[A-Za-z/][\w./-]*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

function serviceLines(name: string, row: ServiceRow, image: string): readonly string[] {
  const secret = `${name}-password`;
  const environment = Object.entries(row.environment).map(
    ([key, value]) => `  ${key}: ${scalar(value.replace("{secret}", `/run/secrets/${secret}`))}`,
  );
  return [
    ...(row.comment ?? []).map((line) => `  # ${line}`),
    ...block(2, name, [
      `image: ${image}`,
      ...(environment.length === 0 ? [] : ["environment:", ...environment]),
      ...(row.password === undefined ? [] : ["secrets:", `  - ${secret}`]),
      ...(row.data === undefined ? [] : ["volumes:", `  - ${name}-data:${row.data}`]),
    ]),
  ];
}

function chooseServices(needed: readonly NeededService[], notes: Notes): readonly Chosen[] {
  return needed.flatMap(({ service, needed: sure, because }) => {
    const row = SERVICES[service];
    const why = `${because.join(", ")} ${sure === "certain" ? "speaks to it" : "can speak to it, and configuration decides"}`;
    if (!row) {
      notes.note(
        `service-${service}`,
        `compose.yaml has no ${service}`,
        `${why}; how one container of it is set up well is not known here, so add it by hand or use one that is there`,
        true,
      );
      return [];
    }
    const inCompose = {
      id: "container",
      label: "a container in compose.yaml",
      what: `${service} runs in compose.yaml (${row.image})`,
    };
    const elsewhere = { id: "elsewhere", label: "it is somewhere else", what: `${service} is somewhere else` };
    const choice = notes.choose(
      `service-${service}`,
      why,
      sure === "possible",
      sure === "certain" ? [inCompose, elsewhere] : [elsewhere, inCompose],
    );
    return choice === "container" ? [{ name: service, row }] : [];
  });
}

/** Variables that a project shows in an example file. */
const exampleVariables = (files: ProjectFiles): readonly string[] =>
  [".env.example", ".env.sample", ".env.template", ".env.dist"].flatMap((path) =>
    [...(files.read(path) ?? "").matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm)].map(([, name = ""]) => name),
  );

/** Set by whoever builds or runs things, and no business of a project. */
const NOT_OURS: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USER",
  "PWD",
  "SHELL",
  "TERM",
  "TMPDIR",
  "HOSTNAME",
  "LANG",
  "TZ",
  "CI",
  "NODE_ENV",
  "PORT",
  "HOST",
  "DEBUG",
  "NO_COLOR",
  "FORCE_COLOR",
  "ENV",
]);
const MAX_VARIABLES = 40;

/** As ADO.NET's drivers of these databases read it. */
const connectionString = (name: string, { port, password }: ServiceRow): string | undefined =>
  name === "mongodb" || password === undefined
    ? undefined
    : `${name === "postgres" ? "Host" : "Server"}=${name};Port=${port};Database=app;Username=app;Password=\${${password}:?set it in the environment or in .env}`;

/** Those of services with their values, the others as they are in the environment of whoever runs compose. */
function variablesOf(
  names: ReadonlySet<string>,
  services: readonly Chosen[],
  made: Made,
  notes: Notes,
): readonly (readonly [string, string | undefined])[] {
  const found: (readonly [string, string | undefined])[] = [];
  const told = new Set<string>();
  for (const name of names) {
    if (
      NOT_OURS.has(name) ||
      made.sets.includes(name) ||
      /^(?:npm_|VSCODE_|GITHUB_|VITE_|NEXT_PUBLIC_|REACT_APP_)/.test(name)
    )
      continue;
    const service = services.find(({ name: each, row }) => valueFor(name, each, row) !== undefined);
    if (service) told.add(service.name);
    found.push([name, service && valueFor(name, service.name, service.row)]);
  }
  for (const { name, row } of services) {
    if (told.has(name)) continue;
    const connection = row.isDatabase && made.libraries.from === "nuget" ? connectionString(name, row) : undefined;
    const variable = connection
      ? "ConnectionStrings__DefaultConnection"
      : made.libraries.from === "maven" && row.isDatabase
        ? "SPRING_DATASOURCE_URL"
        : row.isDatabase
          ? "DATABASE_URL"
          : `${name.toUpperCase()}_URL`;
    if (connection !== undefined) found.push([variable, connection]);
    else if (variable === "SPRING_DATASOURCE_URL") {
      found.push(
        [variable, `jdbc:${name === "postgres" ? "postgresql" : name}://${name}:${row.port}/app`],
        ["SPRING_DATASOURCE_USERNAME", "app"],
      );
      if (row.password !== undefined)
        found.push(["SPRING_DATASOURCE_PASSWORD", `\${${row.password}:?set it in the environment or in .env}`]);
    } else
      found.push([
        variable,
        row.url.replace("{password}", `\${${row.password}:?set it in the environment or in .env}`),
      ]);
    notes.note(
      `variable-${name}`,
      `${variable} says where ${name} is`,
      `no variable of the sources is certainly about ${name}, so this usual one is set`,
      true,
    );
  }
  const open = found.filter(([, value]) => value === undefined).map(([name]) => name);
  if (open.length > 0)
    notes.note(
      "variables",
      `Handed on from the environment or .env: ${open.slice(0, 8).join(", ")}${open.length > 8 ? " and others" : ""}`,
      "the sources ask for them, and their values are nobody's business here",
    );
  return found.slice(0, MAX_VARIABLES);
}
