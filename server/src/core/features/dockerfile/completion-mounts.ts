/** `RUN --mount`: its keys, and what each may be. Caches are those of the package managers the very RUN calls. */
import { usesIn } from "../../model/dockerfile/cache-uses.ts";
import { builderAt } from "../../model/dockerfile/caches.ts";
import { MOUNT_TYPE_DOC } from "../../model/dockerfile/instruction-docs.ts";
import { MOUNT_TYPES, type MountOption } from "../../model/dockerfile/instructions.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { isSecretName } from "../../model/secret-names.ts";
import { folderCandidates } from "./completion-folders.ts";
import { type Candidate, type Inside, plainInSnippet } from "./completion-model.ts";
import { contextPaths, stagePaths } from "./completion-paths.ts";
import { sourceCandidates } from "./completion-stages.ts";
import type { GivenField, Part } from "./cursor.ts";
import { mountKeyText, mountOption, mountTypeText } from "./documentation.ts";
import { releaseOf } from "./since.ts";

type Key = Extract<Part, { readonly in: "mount key" }>;
type Value = Extract<Part, { readonly in: "mount value" }>;

const typeOf = (fields: readonly GivenField[]): string =>
  fields.find(({ key }) => key === "type")?.value?.toLowerCase() ?? "bind";

export function mountKeys(inside: Inside, { fields, span }: Key): readonly Candidate[] {
  const { dockerfile } = inside;
  const type = typeOf(fields);
  const hasType = fields.some(({ key }) => key === "type");
  const hasValue = dockerfile.text[span.end] === "=";
  const given = new Set(fields.map(({ key }) => mountOption(type, key)?.name ?? key));
  const known = MOUNT_TYPES.find(({ name }) => name === type)?.options ?? [];
  const begin = fields.length === 0 && !hasValue ? wholeMounts(inside) : [];
  // What a mount is decides what it takes.
  if (fields.length === 0) return [...begin, ...types(inside, hasValue), ...keys(inside, type, known, hasValue)];
  const others = keys(
    inside,
    type,
    known.filter(({ name }) => !given.has(name)),
    hasValue,
  );
  return hasType ? others : [...types(inside, hasValue), ...others];
}

function keys(
  { dockerfile }: Inside,
  type: string,
  known: readonly MountOption[],
  hasValue: boolean,
): readonly Candidate[] {
  return known.map(({ name, bare, since }): Candidate => {
    const text = hasValue || bare ? name : `${name}=`;
    return {
      label: name,
      kind: "key",
      detail: since === undefined ? undefined : releaseOf({ since }),
      about: mountKeyText(dockerfile, type, name),
      text,
      ...(text.endsWith("=") && { snippet: `${text}$0` }),
    };
  });
}

/** `type=cache` and the like in one. */
function types({ dockerfile }: Inside, hasValue: boolean): readonly Candidate[] {
  if (hasValue) return [{ label: "type", kind: "key" }];
  return MOUNT_TYPES.map(({ name }) => ({
    label: `type=${name}`,
    kind: "key",
    detail: MOUNT_TYPE_DOC.values?.[name],
    about: mountTypeText(dockerfile, name),
  }));
}

/** The caches that commands of this RUN fill and that are not mounted yet. */
function wholeMounts({ dockerfile, instruction }: Inside): readonly Candidate[] {
  const owner = builderAt(dockerfile, instruction)?.owner ?? "";
  return usesIn(dockerfile, instruction.trigger ?? instruction).flatMap(({ row, targets, mounted }) => {
    if (mounted || typeof targets === "string") return [];
    return targets.map((target): Candidate => {
      const text = `type=cache,target=${target}${row.locked ? ",sharing=locked" : ""}${owner}`;
      return {
        label: text,
        kind: "value",
        detail: `cache of ${row.tool}`,
        about: mountTypeText(dockerfile, "cache"),
        text,
        snippet: plainInSnippet(text),
      };
    });
  });
}

export function mountValues(inside: Inside, part: Value): readonly Candidate[] {
  const { fields, key } = part;
  const type = typeOf(fields);
  if (key === "type") return typeValues(inside);
  const option = mountOption(type, key);
  const values = VALUES[`${type}.${option?.name ?? key}`] ?? VALUES[option?.name ?? key];
  return values?.(inside, part) ?? [];
}

const typeValues = ({ dockerfile }: Inside): readonly Candidate[] =>
  MOUNT_TYPES.map(({ name }) => ({
    label: name,
    kind: "value",
    detail: MOUNT_TYPE_DOC.values?.[name],
    about: mountTypeText(dockerfile, name),
  }));

type Values = (inside: Inside, part: Value) => readonly Candidate[];

const plain =
  (...labels: readonly string[]): Values =>
  () =>
    labels.map((label) => ({ label, kind: "value" }));

/** What other mounts of the file give a key. */
const elsewhere =
  (type: string, ...names: readonly string[]): Values =>
  ({ dockerfile, offset }) => {
    const found = new Set<string>();
    for (const instruction of dockerfile.all)
      for (const mount of mountsOf(dockerfile, instruction)) {
        const isHere = mount.flag.span.start <= offset && offset <= mount.flag.span.end;
        if (mount.type !== type || isHere) continue;
        for (const { key, value } of mount.flag.fields) if (names.includes(key) && value) found.add(value);
      }
    return [...found].map((label) => ({ label, kind: "name", detail: "elsewhere in this file" }));
  };

/** By key, or by type and key where they differ. */
const VALUES: Readonly<Record<string, Values>> = {
  sharing: ({ dockerfile, instruction }) => {
    const isLocked = usesIn(dockerfile, instruction.trigger ?? instruction).some(({ row }) => row.locked);
    const values = isLocked ? ["locked", "shared", "private"] : ["shared", "private", "locked"];
    return values.map((label) => ({ label, kind: "value", detail: SHARING[label] }));
  },
  from: sourceCandidates,
  "cache.target": (inside, part) => [...cacheFolders(inside), ...folderCandidates(inside, part)],
  "cache.id": elsewhere("cache", "id"),
  "secret.id": (inside, part) => [
    ...elsewhere("secret", "id", "src", "source")(inside, part),
    ...fromOther(part, "env", (name) => name),
  ],
  "secret.env": (inside, part) => [
    ...fromOther(part, "id", (id) => id.toUpperCase().replace(/[^A-Z0-9_]/g, "_")),
    ...secretVariables(inside),
  ],
  "secret.target": (_, part) => fromOther(part, "id", (id) => `/run/secrets/${id}`),
  "ssh.id": (inside, part) => [{ label: "default", kind: "value" }, ...elsewhere("ssh", "id")(inside, part)],
  target: folderCandidates,
  source: (inside, part) =>
    part.fields.some(({ key }) => key === "from") ? stagePaths(inside, part) : contextPaths(inside, part),
  size: plain("64m", "256m", "1g"),
  mode: plain("0755", "0700", "0400", "0440", "0444", "0600"),
  uid: ({ dockerfile, instruction }) => ownerNumber(builderAt(dockerfile, instruction)?.owner, "uid"),
  gid: ({ dockerfile, instruction }) => ownerNumber(builderAt(dockerfile, instruction)?.owner, "gid"),
  required: plain("true", "false"),
  readonly: plain("true", "false"),
  readwrite: plain("true", "false"),
};

const SHARING: Readonly<Record<string, string>> = {
  shared: "all at the same time",
  private: "each its own copy",
  locked: "one after the other",
};

function ownerNumber(owner: string | undefined, key: string): readonly Candidate[] {
  const number = new RegExp(`${key}=(\\d+)`).exec(owner ?? "")?.[1];
  return [
    ...(number === undefined ? [] : [{ label: number, kind: "value", detail: "of the user here" } as const]),
    ...["0", "1000"].filter((label) => label !== number).map((label) => ({ label, kind: "value" }) as const),
  ];
}

function fromOther({ fields }: Value, key: string, of: (value: string) => string): readonly Candidate[] {
  const value = fields.find((field) => field.key === key)?.value;
  return value ? [{ label: of(value), kind: "value" }] : [];
}

/** Secrets that are given as build arguments now. */
const secretVariables = ({ dockerfile }: Inside): readonly Candidate[] => {
  const names = dockerfile.all.flatMap(({ name, pairs }) =>
    name === "ARG" || name === "ENV" ? pairs.map(({ key }) => key.text).filter(isSecretName) : [],
  );
  return [...new Set(names)].map((label) => ({ label, kind: "variable" }));
};

function cacheFolders({ dockerfile, instruction }: Inside): readonly Candidate[] {
  return usesIn(dockerfile, instruction.trigger ?? instruction).flatMap(({ row, targets }) =>
    typeof targets === "string"
      ? []
      : targets.map((label): Candidate => ({ label, kind: "folder", detail: `cache of ${row.tool}` })),
  );
}
