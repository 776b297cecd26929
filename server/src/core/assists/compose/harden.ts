/**
 * *Harden this service*: what it does not say yet of what keeps a container in its bounds, in one go. Only what is missing is added;
 * where what is there stands in the way, or too little is known of the image, the reason is given instead.
 */
import { fieldOf, isSet, itemsOf, perCompose, textOf } from "../../model/compose/fields.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import { capabilityName, type KnownImage, knownImageOf } from "../../model/compose/known-images.ts";
import { limitsOf, limitStyleFor, type Resource, SHORT_KEYS } from "../../model/compose/limits.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { mountsOf, tmpfsOf } from "../../model/compose/mounts.ts";
import {
  addItem,
  addKey,
  copyOf,
  type EditOptions,
  override,
  type Plain,
  setValue,
  sharedBy,
} from "../../model/compose/patch.ts";
import { projectOf } from "../../model/compose/project.ts";
import { type Edit, touches } from "../../text/edit.ts";
import type { YamlMap, YamlNode } from "../../text/yaml.ts";
import {
  type Assist,
  draftOf,
  type Draft,
  isAt,
  isRefusal,
  listed,
  type Offering,
  ownServices,
  type Refusal,
  type Request,
  type Rewrite,
  serviceNamed,
  servicesAt,
} from "./assist.ts";
import { addHealthcheck, planHealthcheck } from "./healthcheck.ts";
import { withTabStops } from "./tab-stops.ts";

/** One thing to add to a service. */
interface Wish {
  /** The key, for titles and accounts. */
  readonly name: string;
  readonly step: (compose: ComposeFile, map: YamlMap, options: EditOptions) => Change;
  /** A key and its value, where the wish is no more than that: it can go to an anchor as well. */
  readonly plain?: { readonly key: string; readonly value: Plain };
}

interface Plan {
  readonly wishes: readonly Wish[];
  /** Not added, and why. */
  readonly left: readonly string[];
}

const NO_NEW_PRIVILEGES = "no-new-privileges:true";
/** Limits of a template, for a person to adjust. */
const CPUS = "1.0";
const MEMORY = "512m";
const PIDS = 200;
/** For what begins many threads. */
const MANY_PIDS = 512;

/** Other files are not asked: an override file may well say less than this one. */
const alone = perCompose((compose) =>
  projectOf(compose, ({ ask }) => (ask === "path-kind" ? "missing" : { unknown: "not read here" })),
);

function planFor(compose: ComposeFile, { name }: Service): Plan {
  const written = serviceNamed(compose, name);
  const service = alone(compose).services.find((each) => each.name === name);
  if (!service?.map || !written) return { wishes: [], left: [] };
  if (fieldOf(service.map, "provider")) return { wishes: [], left: ["it runs no container"] };
  if (!service.complete && fieldOf(service.map, "extends"))
    return { wishes: [], left: ["it extends a service of another file, which may say all of this already"] };
  if (!has(service.map, "image") && !has(service.map, "build"))
    return { wishes: [], left: ["what it runs stands in another file, which may say all of this already"] };
  const facts: Facts = { compose, service, written, known: knownImageOf(service), map: service.map };
  const plans = PARTS.map((part) => part(facts));
  return { wishes: plans.flatMap(({ wishes }) => wishes), left: plans.flatMap(({ left }) => left) };
}

interface Facts {
  readonly compose: ComposeFile;
  /** With what it extends. */
  readonly service: Service;
  /** As this file has it. */
  readonly written: Service;
  readonly map: YamlMap;
  readonly known: KnownImage | undefined;
}

const nothing: Plan = { wishes: [], left: [] };
const only = (...wishes: readonly Wish[]): Plan => ({ wishes, left: [] });
const not = (reason: string): Plan => ({ wishes: [], left: [reason] });

const wish = (key: string, value: Plain): Wish => ({
  name: key,
  plain: { key, value },
  step: (compose, map, options) => addKey(compose, map, key, value, { after: keysBefore(key) }, options),
});

const has = (map: YamlMap, ...path: readonly string[]): boolean => {
  const field = fieldOf(map, ...path);
  return field !== undefined && isSet(field.value);
};

const isTrue = (map: YamlMap, key: string): boolean => textOf(fieldOf(map, key)?.value)?.toLowerCase() === "true";

/** Keys that only a container has that goes on running. */
const SERVING = ["ports", "expose", "healthcheck"];

/** What is said of a container that ends by itself. */
function runsOnce({ compose, service }: Facts): boolean {
  return compose.services.some(
    ({ map }) =>
      textOf(fieldOf(map, "depends_on", service.name, "condition")?.value) === "service_completed_successfully",
  );
}

function restart(facts: Facts): Plan {
  const { map, known } = facts;
  if (has(map, "restart") || has(map, "deploy", "restart_policy") || runsOnce(facts)) return nothing;
  if (!known && !SERVING.some((key) => has(map, key))) return not("restart: it may be a job that ends by itself");
  return only(wish("restart", "unless-stopped"));
}

function healthcheck({ map, service, known }: Facts): Plan {
  if (has(map, "healthcheck") || known?.ownHealthcheck) return nothing;
  const plan = planHealthcheck(service);
  if (isRefusal(plan)) return not(`healthcheck: ${plan.refusal}`);
  return only({
    name: "healthcheck",
    plain: { key: "healthcheck", value: plan.test },
    step: (compose, own, options) => addHealthcheck(compose, own, plan, { after: keysBefore("healthcheck") }, options),
  });
}

const imageText = (map: YamlMap): string =>
  has(map, "build") ? "the image that is built" : (textOf(fieldOf(map, "image")?.value) ?? "the image");

/** As the image's own user, where nothing on the host or handed in needs root to be read or to be made its own. */
function user({ map, service, known }: Facts): Plan {
  if (has(map, "user") || known?.account === undefined) return nothing;
  const binds = mountsOf(service).filter(({ type, readOnly }) => type !== "volume" && type !== "tmpfs" && !readOnly);
  if (binds.length > 0)
    return not(`user: ${known.account} may not be allowed to write to ${binds[0]?.source ?? "what is mounted"}`);
  if (has(map, "secrets")) return not(`user: ${known.account} may not be allowed to read the files of its secrets`);
  return only(wish("user", known.account));
}

const becomesUser = (facts: Facts): boolean => has(facts.map, "user") || user(facts).wishes.length > 0;

function readOnly(facts: Facts): Plan {
  const { map, service, known } = facts;
  if (has(map, "read_only")) return nothing;
  if (isTrue(map, "privileged")) return not("read_only: it is privileged, and could make it writable again");
  if (known && known.writes === undefined) return not(`read_only: it is not known where ${known.name} writes`);
  const folders = (known?.writes ?? ["/tmp"]).filter((folder) => !isWritable(service, folder));
  const left = known ? [] : [`read_only: it is not known where ${imageText(map)} writes, only /tmp stays writable`];
  return { wishes: [wish("read_only", true), ...tmpfsWishes(map, folders)], left };
}

/** Debian and Alpine have a link there. */
const real = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/, "/run");

function isWritable(service: Service, folder: string): boolean {
  const covers = (target: string): boolean => `${real(folder)}/`.startsWith(`${real(target)}/`);
  return (
    tmpfsOf(service).some(({ target }) => covers(target)) ||
    mountsOf(service).some(({ target, readOnly }) => !readOnly && covers(target))
  );
}

function tmpfsWishes(map: YamlMap, folders: readonly string[]): readonly Wish[] {
  if (folders.length === 0) return [];
  const there = fieldOf(map, "tmpfs")?.value;
  if (!there || !isSet(there)) return [wish("tmpfs", folders)];
  return [listWish("tmpfs", there, folders)];
}

/** More items for a list that is there, or a list of its own where that one comes from an anchor. */
const listWish = (key: string, there: YamlNode, items: readonly string[]): Wish => ({
  name: key,
  step: (compose, map, options) => {
    const own = map.written.find((entry) => entry.key === key)?.value;
    const before = there.kind === "list" ? (copyOf(there) as readonly Plain[]) : [copyOf(there)];
    if (!own || own.via || own.kind !== "list") return override(compose, map, key, [...before, ...items], {}, options);
    if (own.items.length === 0) return setValue(compose, own, [...items], options);
    return together(items.map((item) => addItem(compose, own, item, options)));
  },
});

/** Changes at one place, in this order. */
function together(changes: readonly Change[]): Change {
  const refusal = changes.find(isRefusal);
  return refusal ?? { edits: changes.flatMap((change) => ("edits" in change ? change.edits : [])) };
}

function capabilities(facts: Facts): Plan {
  const { map, known } = facts;
  if (has(map, "cap_drop")) return nothing;
  if (isTrue(map, "privileged")) return not("cap_drop: it is privileged, which gives it all of them back");
  const needed = becomesUser(facts) ? (known?.account === undefined ? known?.capabilities : []) : known?.capabilities;
  if (known && needed === undefined) return not(`cap_drop: it is not known which capabilities ${known.name} needs`);
  const added = fieldOf(map, "cap_add")?.value;
  const there = new Set(itemsOf(added).map((item) => capabilityName(textOf(item) ?? "")));
  const missing = there.has("ALL") ? [] : (needed ?? []).filter((name) => !there.has(name));
  const back =
    missing.length === 0
      ? []
      : added && isSet(added)
        ? [listWish("cap_add", added, missing)]
        : [wish("cap_add", missing)];
  const left = known ? [] : [`cap_drop: it is not known which capabilities ${imageText(map)} needs, it gets none`];
  return { wishes: [wish("cap_drop", ["ALL"]), ...back], left };
}

function privileges({ map }: Facts): Plan {
  const there = fieldOf(map, "security_opt")?.value;
  const isThere = itemsOf(there).some((item) => /^no-new-privileges(?:[:=]true)?$/.test(textOf(item) ?? ""));
  const isRefused = itemsOf(there).some((item) => /^no-new-privileges[:=]false$/.test(textOf(item) ?? ""));
  if (isThere) return nothing;
  if (isRefused) return not("security_opt: it says no-new-privileges:false");
  return only(
    there && isSet(there)
      ? listWish("security_opt", there, [NO_NEW_PRIVILEGES])
      : wish("security_opt", [NO_NEW_PRIVILEGES]),
  );
}

function limits({ compose, service, written, map, known }: Facts): Plan {
  const there = limitsOf(service);
  const values: Readonly<Record<Resource, Plain>> = {
    cpus: CPUS,
    memory: known?.memory ?? MEMORY,
    pids: known?.memory.endsWith("g") ? MANY_PIDS : PIDS,
  };
  const missing = (["cpus", "memory", "pids"] as const).filter((resource) => !there[resource]);
  if (missing.length === 0) return nothing;
  if (limitStyleFor(compose, written) === "short")
    return only(...missing.map((resource) => wish(SHORT_KEYS[resource], values[resource])));
  const wanted = Object.fromEntries(missing.map((resource) => [resource, values[resource]]));
  if (!has(map, "deploy")) return only({ ...wish("deploy", { resources: { limits: wanted } }), name: "limits" });
  return only({
    name: "limits",
    step: (text, own, options) => addBelow(text, own, ["deploy", "resources", "limits"], wanted, options),
  });
}

/** Keys below a path of keys, of which a part is there. */
function addBelow(
  compose: ComposeFile,
  map: YamlMap,
  path: readonly string[],
  values: Readonly<Record<string, Plain>>,
  options: EditOptions,
): Change {
  let at: YamlNode = map;
  let rest = path;
  for (const key of path) {
    const field = fieldOf(at, key);
    if (!field) break;
    if (field.via) return { refusal: `${key} ${field.via.kind === "merge" ? "is merged in" : "stands elsewhere"}` };
    at = field.value;
    rest = rest.slice(1);
  }
  if (rest.length > 0) {
    const [first = "", ...more] = rest;
    const value = more.reduceRight<Plain>((inner, key) => ({ [key]: inner }), values);
    return addKey(compose, at, first, value, {}, options);
  }
  const below = at;
  if (below.kind !== "map" || below.written.length === 0) return setValue(compose, below, values, options);
  return together(Object.entries(values).map(([key, value]) => addKey(compose, below, key, value, {}, options)));
}

/** In the order in which they are added. */
const PARTS: readonly ((facts: Facts) => Plan)[] = [
  restart,
  healthcheck,
  user,
  readOnly,
  capabilities,
  privileges,
  limits,
];

/** Keys of one mapping can be added at one offset, in their order; anything else there would get into the wrong place. */
const collide = (a: Edit, b: Edit, areKeys: boolean): boolean =>
  areKeys ? a.span.start < b.span.end && b.span.start < a.span.end : touches(a.span, b.span);

const MAX_PASSES = 5;

/** Takes all wishes for these services; what cannot be taken is added to the account. */
function harden(draft: Draft, names: readonly string[], options: EditOptions): readonly string[] {
  let refusals: readonly string[] = [];
  const told = (name: string, reasons: readonly string[]): readonly string[] =>
    names.length > 1 ? reasons.map((reason) => `${name}: ${reason}`) : reasons;
  const remarks = names.flatMap((name) => {
    const service = serviceNamed(draft.compose, name);
    return service ? told(name, planFor(draft.compose, service).left) : [];
  });
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const { compose } = draft;
    const taken: { readonly edit: Edit; readonly isKey: boolean }[] = [];
    refusals = names.flatMap((name) => {
      const service = serviceNamed(compose, name);
      if (!service) return [];
      const plan = planFor(compose, service);
      const refused = new Map<string, string[]>();
      for (const { name: key, step, plain } of plan.wishes) {
        const change = service.map ? step(compose, service.map, options) : { refusal: "it says nothing yet" };
        if (isRefusal(change)) refused.set(change.refusal, [...(refused.get(change.refusal) ?? []), key]);
        else if (!change.edits.some((edit) => taken.some((other) => collide(edit, other.edit, !!plain && other.isKey))))
          taken.push(...change.edits.map((edit) => ({ edit, isKey: plain !== undefined })));
      }
      return told(
        name,
        [...refused].map(([reason, keys]) => `${listed(keys)}: ${reason}`),
      );
    });
    draft.take(() => ({ edits: taken.map(({ edit }) => edit) }));
    if (draft.compose === compose) break;
  }
  return [...refusals, ...remarks];
}

function result(draft: Draft, left: readonly string[]): Rewrite | Refusal {
  const edits = draft.edits();
  if (edits.length === 0) return { refusal: left.length > 0 ? left.join("; ") : "nothing is missing" };
  return { edits, snippet: withTabStops(edits, STOPS), left };
}

/** Values a person will want to look at. */
const STOPS: readonly string[] = [
  "cpus",
  "memory",
  "pids",
  "mem_limit",
  "pids_limit",
  "user",
  "restart",
  "interval",
  "start_period",
];

const inAll = (compose: ComposeFile, names: readonly string[], options: EditOptions = {}): Rewrite | Refusal => {
  const draft = draftOf(compose);
  const left = harden(draft, names, options);
  return result(draft, left);
};

export const hardenAll: Request = (compose, service) => {
  const names = ownServices(compose, service).map(({ name }) => name);
  if (names.length === 0)
    return { refusal: service === undefined ? "there is no service" : `there is no service ${service}` };
  return inAll(compose, names);
};

export const hardenOffers: Offering = (compose, at) => {
  const services = ownServices(compose, undefined);
  const here = servicesAt(compose, at).flatMap((service) => offersFor(compose, service));
  const top = fieldOf(compose.root, "services");
  const isNear = here.length > 0 || (top && isAt(top.keySpan, at));
  if (!isNear || services.length < 2) return here;
  const wanting = services.filter((service) => planFor(compose, service).wishes.length > 0);
  if (wanting.length < 2) return here;
  const all: Assist = {
    ...COMMON,
    title: `Harden all ${wanting.length} services that lack something`,
    span: top?.keySpan ?? at,
    rewrite: () =>
      inAll(
        compose,
        services.map(({ name }) => name),
      ),
  };
  return [...here, all];
};

const COMMON = { id: "harden", kind: "refactor.rewrite", safety: "unsafe" } as const;

function offersFor(compose: ComposeFile, service: Service): readonly Assist[] {
  const { name, map, nameSpan } = service;
  const { wishes, left } = planFor(compose, service);
  if (wishes.length === 0 || !map)
    return left.length === 0
      ? []
      : [
          {
            ...COMMON,
            title: `Harden ${name}`,
            span: nameSpan,
            refusal: left.join("; "),
            rewrite: () => inAll(compose, [name]),
          },
        ];
  const what = [...new Set(wishes.map((each) => each.name))].join(", ");
  const shared = sharedBy(compose, map);
  if (shared) {
    const users = usersOf(compose, shared.uses, name);
    const where = users.length > 0 ? `, with ${listed(users)}` : "";
    const reason = `it is shared through &${shared.anchor.name}: what is added here is felt wherever that is used`;
    return [
      {
        ...COMMON,
        title: `Harden ${name} here only`,
        span: nameSpan,
        refusal: reason,
        rewrite: () => ({ refusal: reason }),
      },
      {
        ...COMMON,
        title: `Harden ${name} everywhere &${shared.anchor.name} is used${where}: ${what}`,
        span: nameSpan,
        rewrite: () => inAll(compose, [name], { shared: true }),
      },
    ];
  }
  const own: Assist = {
    ...COMMON,
    title: `Harden ${name}: ${what}`,
    span: nameSpan,
    rewrite: () => inAll(compose, [name]),
  };
  const everywhere = mergedAnchors(map).flatMap((anchor) => everywhereOffer(compose, service, anchor));
  return everywhere.length === 0 ? [own] : [{ ...own, title: `Harden ${name} here only: ${what}` }, ...everywhere];
}

const usersOf = (
  compose: ComposeFile,
  uses: readonly { readonly start: number; readonly end: number }[],
  but: string,
): readonly string[] =>
  compose.services
    .filter(
      ({ name, entry, via }) =>
        !via &&
        name !== but &&
        uses.some((use) =>
          isAt({ start: entry.keySpan.start, end: Math.max(entry.value.span.end, entry.keySpan.end) }, use),
        ),
    )
    .map(({ name }) => name);

/** Anchors that a mapping merges in by name. */
const mergedAnchors = (map: YamlMap): readonly string[] => [
  ...new Set(
    map.written
      .filter(({ key }) => key === "<<")
      .flatMap(({ value }) => (value.kind === "list" && !value.via ? value.items : [value]))
      .flatMap(({ via }) => (via?.name === undefined ? [] : [via.name])),
  ),
];

/** What every service that merges an anchor lacks, added to the anchor. */
function everywhereOffer(compose: ComposeFile, service: Service, name: string): readonly Assist[] {
  const common = commonWishes(compose, name);
  if (!common || common.users.length < 2) return [];
  return [
    {
      ...COMMON,
      title: `Harden everywhere &${name} is used (${listed(common.users)}): ${common.wishes.map((each) => each.name).join(", ")}`,
      span: service.nameSpan,
      rewrite: () => {
        const draft = draftOf(compose);
        const left = common.wishes.flatMap(({ name: key, step }) => {
          const reason = draft.take((next) => {
            const node = next.anchors.find((anchor) => anchor.name === name)?.node;
            return node?.kind === "map" ? step(next, node, { shared: true }) : { refusal: "the anchor is gone" };
          });
          return reason === undefined ? [] : [`${key}: ${reason}`];
        });
        return result(draft, left);
      },
    },
  ];
}

function commonWishes(
  compose: ComposeFile,
  name: string,
): { readonly users: readonly string[]; readonly wishes: readonly Wish[] } | undefined {
  const users = compose.services.filter(({ map }) => map && mergedAnchors(map).includes(name));
  const plans = users.map((user) => planFor(compose, user).wishes);
  const [first = [], ...others] = plans;
  const wishes = first.filter(
    ({ plain }) =>
      plain !== undefined &&
      others.every((other) => other.some((each) => each.plain && JSON.stringify(each.plain) === JSON.stringify(plain))),
  );
  return wishes.length === 0 ? undefined : { users: users.map((user) => user.name), wishes };
}
