/** *Sort keys*: a service's in the agreed order, the services by name, the file's own at the top. */
import { fieldOf } from "../../model/compose/fields.ts";
import { SERVICE_KEYS, TOP_KEYS } from "../../model/compose/key-order.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { reorderKeys } from "../../model/compose/patch.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlMap } from "../../text/yaml.ts";
import {
  type Assist,
  type Draft,
  draftOf,
  isAt,
  isRefusal,
  type Offering,
  ownServices,
  type Refusal,
  type Request,
  type Rewrite,
  serviceNamed,
  servicesAt,
} from "./assist.ts";

/** What is merged in comes first: the keys behind it go before it. */
const inService = (compose: ComposeFile, map: YamlMap): Change => reorderKeys(compose, map, ["<<", ...SERVICE_KEYS]);

function inServices(compose: ComposeFile): Change {
  const services = fieldOf(compose.root, "services");
  if (services?.value.kind !== "map" || services.via) return { edits: [] };
  const names = services.value.written.map(({ key }) => key).filter((key) => key !== "<<");
  return reorderKeys(compose, services.value, ["<<", ...names.sort(byName)]);
}

/** As sorting by code units has it: the same on every machine. */
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function atTop(compose: ComposeFile): Change {
  const { root } = compose;
  if (!root) return { edits: [] };
  const extensions = root.written.map(({ key }) => key).filter((key) => key.startsWith("x-"));
  const sorted = reorderKeys(compose, root, [...extensions.toSorted(byName), ...TOP_KEYS]);
  // One extension may need an anchor of another.
  return isRefusal(sorted) ? reorderKeys(compose, root, [...extensions, ...TOP_KEYS]) : sorted;
}

interface Part {
  readonly name: string;
  readonly sort: (compose: ComposeFile) => Change;
}

const partOf = (name: string): Part => ({
  name,
  sort: (compose) => {
    const map = serviceNamed(compose, name)?.map;
    return map ? inService(compose, map) : { edits: [] };
  },
});

const SERVICES: Part = { name: "services", sort: inServices };
const TOP: Part = { name: "the top level", sort: atTop };

function take(draft: Draft, parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ name, sort }) => {
    const reason = draft.take(sort);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
}

function sorted(compose: ComposeFile, parts: readonly Part[]): Rewrite | Refusal {
  const draft = draftOf(compose);
  const left = take(draft, parts);
  const edits = draft.edits();
  if (edits.length > 0) return { edits, left };
  return { refusal: left.length > 0 ? left.join("; ") : "everything is in order" };
}

export const sortAll: Request = (compose, service) => {
  if (service !== undefined && !serviceNamed(compose, service)) return { refusal: `there is no service ${service}` };
  // A service that comes in through an alias is sorted where it stands.
  const own = ownServices(compose, service).filter(({ map, via }) => !via && !map?.via);
  return sorted(compose, [...own.map(({ name }) => partOf(name)), ...(service === undefined ? [SERVICES, TOP] : [])]);
};

export const sortOffers: Offering = (compose, at) => {
  const services = fieldOf(compose.root, "services");
  const own = servicesAt(compose, at).map(({ name, nameSpan }) =>
    offer(compose, `Sort the keys of ${name}`, partOf(name), nameSpan),
  );
  const onKey = services && !services.via && isAt(services.keySpan, at);
  const top = compose.root?.written.find(({ keySpan }) => isAt(keySpan, at));
  return [
    ...own,
    onKey ? offer(compose, "Sort the services by name", SERVICES, services.keySpan) : undefined,
    top ? offer(compose, "Sort the keys at the top level", TOP, top.keySpan) : undefined,
  ].filter((each) => each !== undefined);
};

/** None where everything is in order. */
function offer(compose: ComposeFile, title: string, part: Part, span: Span): Assist | undefined {
  const change = part.sort(compose);
  if (!isRefusal(change) && change.edits.length === 0) return undefined;
  return {
    id: "sort-keys",
    title,
    kind: "refactor.rewrite",
    safety: "safe",
    span,
    ...(isRefusal(change) && { refusal: change.refusal }),
    rewrite: () => change,
  };
}
