/**
 * *Extract secret*: a value of the environment becomes a secret, a file that is mounted for this service alone. The value itself goes
 * into that file and nowhere else.
 */
import { buildOf } from "../../model/compose/build.ts";
import { fieldOf, isSet, textOf } from "../../model/compose/fields.ts";
import { hasVariables, interpolationsIn, unescaped } from "../../model/compose/interpolation.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import { imageNameOf } from "../../model/compose/known-images.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { addItem, addKey, copyOf, override, type Plain, renameKey, setValue } from "../../model/compose/patch.ts";
import { type Variable, variablesOf } from "../../model/compose/variables.ts";
import { cannotBeSecret, isSecretVariable } from "../../model/secret-names.ts";
import {
  type Assist,
  type Companion,
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
import { fileVariable } from "./secret-files.ts";

const FOLDER = "secrets";

/** What becomes of a variable. */
interface Plan {
  readonly service: string;
  readonly variable: string;
  /** The variable that names the file instead. */
  readonly fileVariable: string;
  readonly secret: string;
  readonly from: { readonly file: string; readonly value: string } | { readonly environment: string };
  /** The image is known to read the file. */
  readonly isRead: boolean;
}

const mountPath = (secret: string): string => `/run/secrets/${secret}`;

const isCandidate = ({ name, text }: Variable): boolean => {
  if (text === undefined || text === "" || !isSecretVariable(name)) return false;
  return onlyVariable(text) !== undefined || (!hasVariables(text) && !cannotBeSecret(name, unescaped(text)));
};

/** The name of the variable that a text consists of. */
function onlyVariable(text: string): string | undefined {
  const [first, second] = interpolationsIn(text).variables;
  return first && !second && first.form === "plain" && first.start === 0 && first.end === text.length
    ? first.name
    : undefined;
}

/** `made`: secrets of this run by variable and value, to be used again. */
function planFor(
  compose: ComposeFile,
  service: Service,
  variable: Variable,
  made: ReadonlyMap<string, string> = new Map(),
): Plan | Refusal {
  const { name, text = "", via } = variable;
  if (via)
    return {
      refusal: via.name === undefined ? `${name} stands elsewhere` : `${name} comes from the anchor &${via.name}`,
    };
  const image = buildOf(service) ? undefined : imageNameOf(service);
  const reader = fileVariable(image, name);
  const file = reader ?? `${name}_FILE`;
  if (variablesOf(service).has(file)) return { refusal: `${file} is there already` };
  const source = onlyVariable(text);
  const secret = made.get(sameKey(name, text)) ?? freeName(compose, service.name, name, source);
  return {
    service: service.name,
    variable: name,
    fileVariable: file,
    secret,
    from:
      source === undefined ? { file: `./${FOLDER}/${secret}.txt`, value: unescaped(text) } : { environment: source },
    isRead: reader !== undefined,
  };
}

const sameKey = (variable: string, value: string): string => `${variable}=${value}`;

/** As the variable, with the service's name where that is taken; a secret that comes from the same variable is used again. */
function freeName({ root }: ComposeFile, service: string, variable: string, source: string | undefined): string {
  const taken = fieldOf(root, "secrets")?.value;
  const isFree = (name: string): boolean => {
    const there = fieldOf(taken, name);
    return !there || (source !== undefined && textOf(fieldOf(there.value, "environment")?.value) === source);
  };
  const plain = variable.toLowerCase();
  const own = `${service.toLowerCase()}_${plain}`;
  const names = [plain, own, ...Array.from({ length: 20 }, (_, index) => `${own}_${index + 2}`)];
  return names.find(isFree) ?? `${own}_new`;
}

/** All steps of one plan; the draft stays as it was when one of them cannot be taken. */
function take(draft: Draft, plan: Plan): string | undefined {
  const own = draftOf(draft.compose);
  for (const step of [inEnvironment, inService, atTop]) {
    const reason = own.take((compose) => step(compose, plan));
    if (reason !== undefined) return reason;
  }
  return draft.take(() => ({ edits: own.edits() }));
}

function inEnvironment(compose: ComposeFile, { service, variable, fileVariable: file, secret }: Plan): Change {
  const own = serviceNamed(compose, service);
  const found = own && variablesOf(own).get(variable);
  const environment = fieldOf(own?.map, "environment")?.value;
  if (!found || !environment) return { refusal: `${variable} is gone` };
  if (found.written === "list") return setValue(compose, found.node, `${file}=${mountPath(secret)}`);
  const entry = environment.kind === "map" ? environment.written.find(({ key }) => key === variable) : undefined;
  if (!entry) return { refusal: `${variable} stands elsewhere` };
  const value = setValue(compose, entry.value, mountPath(secret));
  const key = renameKey(compose, entry, file);
  if (isRefusal(value)) return value;
  return isRefusal(key) ? key : { edits: [...key.edits, ...value.edits] };
}

function inService(compose: ComposeFile, { service, secret }: Plan): Change {
  const map = serviceNamed(compose, service)?.map;
  if (!map) return { refusal: "the service says nothing" };
  const there = fieldOf(map, "secrets");
  if (!there || !isSet(there.value)) return addKey(compose, map, "secrets", [secret], { after: keysBefore("secrets") });
  if (there.value.kind !== "list") return { refusal: "its secrets are no list" };
  const names = there.value.items.map((item) => textOf(item.kind === "map" ? fieldOf(item, "source")?.value : item));
  if (names.includes(secret)) return { edits: [] };
  if (!there.via) return addItem(compose, there.value, secret);
  const before: readonly Plain[] = there.value.items.map(copyOf);
  return override(compose, map, "secrets", [...before, secret]);
}

function atTop(compose: ComposeFile, { secret, from }: Plan): Change {
  const { root } = compose;
  if (!root) return { refusal: "the file is no mapping" };
  const value = "file" in from ? { file: from.file } : { environment: from.environment };
  const there = fieldOf(root, "secrets");
  if (!there) return addKey(compose, root, "secrets", { [secret]: value });
  if (fieldOf(there.value, secret)) return { edits: [] };
  return addKey(compose, there.value, secret, value);
}

const companionsOf = ({ from }: Plan): readonly Companion[] =>
  "file" in from
    ? [
        { make: from.file.replace(/^\.\//, ""), text: from.value },
        { addTo: ".gitignore", line: `/${FOLDER}/` },
      ]
    : [];

/** What a person has to know or to do. The value is not repeated. */
function remarksOn(
  { compose }: Draft,
  { from, service, variable, fileVariable: file, isRead }: Plan,
): readonly string[] {
  if (!("file" in from)) return isRead ? [] : [unread(service, variable, file)];
  const { value } = from;
  const other = compose.services.find((each) =>
    [...variablesOf(each).values()].some(
      ({ name, text = "" }) => (text === value && isSecretVariable(name)) || text.includes(`:${value}@`),
    ),
  );
  return [
    ...(isRead ? [] : [unread(service, variable, file)]),
    ...(other ? [`the value of ${variable} stands in the environment of ${other.name} too`] : []),
  ];
}

const unread = (service: string, variable: string, file: string): string =>
  `nothing says that ${service} reads ${file}: what it runs has to take ${variable} from that file`;

function rewriteWith(compose: ComposeFile, plans: (draft: Draft) => Iterable<Plan | Refusal>): Rewrite | Refusal {
  const draft = draftOf(compose);
  const left: string[] = [];
  const companions = new Map<string, Companion>();
  const taken: Plan[] = [];
  for (const plan of plans(draft)) {
    const reason = isRefusal(plan) ? plan.refusal : take(draft, plan);
    if (reason !== undefined) left.push(reason);
    if (reason !== undefined || isRefusal(plan)) continue;
    taken.push(plan);
    for (const companion of companionsOf(plan)) companions.set(JSON.stringify(companion), companion);
  }
  left.push(...taken.flatMap((plan) => remarksOn(draft, plan)));
  const edits = draft.edits();
  if (edits.length === 0)
    return { refusal: left.length > 0 ? left.join("; ") : "no value in the environment looks like a secret" };
  return { edits, left, companions: [...companions.values()] };
}

export const extractSecretOffers: Offering = (compose, at) =>
  servicesAt(compose, at).flatMap((service) =>
    [...variablesOf(service).values()].flatMap((variable): readonly Assist[] => {
      const { name, nameSpan, valueSpan } = variable;
      const span = { start: Math.min(nameSpan.start, valueSpan.start), end: Math.max(nameSpan.end, valueSpan.end) };
      if (variable.via || !isCandidate(variable) || !isAt(span, at)) return [];
      const plan = planFor(compose, service, variable);
      const common = { id: "extract-secret", kind: "refactor.extract", safety: "unsafe", span } as const;
      if (isRefusal(plan))
        return [{ ...common, title: `Extract ${name} to a secret`, refusal: plan.refusal, rewrite: () => plan }];
      const where = "file" in plan.from ? `the file ${plan.from.file}` : `the variable ${plan.from.environment}`;
      const doubt = plan.isRead ? "" : `, which ${service.name} is not known to read`;
      return [
        {
          ...common,
          title: `Extract ${name} to a secret from ${where}${doubt}`,
          rewrite: () => rewriteWith(compose, () => [plan]),
        },
      ];
    }),
  );

/** Values that images are known to read from files; others only where `unread` says so. */
export const extractSecrets =
  (unread: boolean): Request =>
  (compose, name) => {
    const services = ownServices(compose, name);
    if (services.length === 0)
      return { refusal: name === undefined ? "there is no service" : `there is no service ${name}` };
    const made = new Map<string, string>();
    return rewriteWith(compose, function* (draft) {
      for (const { name: service } of services) {
        const own = serviceNamed(draft.compose, service);
        for (const { name: variable } of own ? variablesOf(own).values() : []) {
          const now = serviceNamed(draft.compose, service);
          const found = now && variablesOf(now).get(variable);
          if (!now || !found || !isCandidate(found)) continue;
          const plan = planFor(draft.compose, now, found, made);
          if (isRefusal(plan)) yield { refusal: `${service}: ${plan.refusal}` };
          else if (plan.isRead || unread) {
            made.set(sameKey(variable, found.text ?? ""), plan.secret);
            yield plan;
          } else yield { refusal: `${service}: nothing says that it reads ${plan.fileVariable}, so ${variable} stays` };
        }
      }
    });
  };
