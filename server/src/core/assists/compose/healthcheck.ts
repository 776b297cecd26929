/** A healthcheck for a service whose image is known: a command the image certainly has. */
import { fieldOf, isSet } from "../../model/compose/fields.ts";
import { type HealthTest, healthTestOf, imageNameOf, knownImageOf } from "../../model/compose/known-images.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { addKey, type EditOptions, type Placing, setValue } from "../../model/compose/patch.ts";
import type { Edit } from "../../text/edit.ts";
import type { YamlMap } from "../../text/yaml.ts";
import { COMMANDS } from "../add-healthcheck.ts";

export interface HealthcheckPlan {
  /** `pg_isready`, `curl`: what asks. */
  readonly program: string;
  /** The words of `healthcheck.test`. */
  readonly test: readonly string[];
  readonly interval: string;
}

export function planHealthcheck(service: Service): HealthcheckPlan | { readonly refusal: string } {
  const test = healthTestOf(service);
  if (!test) return { refusal: whyNot(service) };
  const words = wordsOf(test);
  return { program: programOf(words), test: words, interval: "http" in test ? "30s" : "10s" };
}

function wordsOf(test: HealthTest): readonly string[] {
  if ("shell" in test) return ["CMD-SHELL", test.shell];
  if ("command" in test) return ["CMD", ...test.command];
  const { port, path, prober } = test.http;
  // Compose takes a single dollar sign for a variable.
  return ["CMD", ...COMMANDS[prober](`${port}${path}`).map((word) => word.replaceAll("$", "$$$$"))];
}

const programOf = ([form = "", command = ""]: readonly string[]): string =>
  form === "CMD" ? command : (command.split(" ")[0] ?? command);

function whyNot(service: Service): string {
  if (isSet(fieldOf(service.map, "build")?.value))
    return "the image is built here: a HEALTHCHECK in its Dockerfile can rest on what is in it";
  if (knownImageOf(service)?.ownHealthcheck === true) return "its image brings one";
  const name = imageNameOf(service);
  if (name === undefined) return "the image is not known, so neither is a program in it that could ask";
  return knownImageOf(service)
    ? `how ${name} can be asked depends on its version and configuration`
    : `it is not known what ${name} has to ask with`;
}

/** Stands for the test while the lines around it are made; its words go on one line. */
const TEST = "HEALTHCHECK_TEST";

export function addHealthcheck(
  compose: ComposeFile,
  map: YamlMap,
  { test, interval }: HealthcheckPlan,
  placing: Placing = {},
  options: EditOptions = {},
): Change {
  const value = { test: TEST, interval, timeout: "5s", retries: 5, start_period: "30s" };
  const there = fieldOf(map, "healthcheck")?.value;
  const change = there
    ? setValue(compose, there, value, options)
    : addKey(compose, map, "healthcheck", value, placing, options);
  if ("refusal" in change) return change;
  const line = `[${test.map((word) => JSON.stringify(word)).join(", ")}]`;
  return {
    edits: change.edits.map(
      ({ span, text }): Edit => ({ span, text: text.replace(new RegExp(`["']?${TEST}["']?`), () => line) }),
    ),
  };
}
