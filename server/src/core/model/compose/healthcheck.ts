/** The healthcheck a service itself states; its image may bring another. */
import type { YamlNode } from "../../text/yaml.ts";
import { fieldOf, itemsOf, perService, textOf } from "./fields.ts";
import type { Field } from "./model.ts";

export interface Healthcheck {
  readonly field: Field;
  /** `disable: true`, or a test `NONE`: whatever the image brings is off. */
  readonly disabled: boolean;
  /** Undefined when the image's test stays, with other times. */
  readonly test: HealthTest | undefined;
}

export interface HealthTest {
  /** `shell`: one text, or CMD-SHELL. */
  readonly form: "shell" | "exec" | "none";
  readonly field: Field;
  readonly node: YamlNode;
  /** What runs: one text of the shell form, the words of the exec form. */
  readonly words: readonly string[];
}

interface Found {
  readonly healthcheck: Healthcheck | undefined;
}

const found = perService(({ map }): Found => {
  const field = fieldOf(map, "healthcheck");
  if (field?.value.kind !== "map") return { healthcheck: undefined };
  const test = testOf(fieldOf(map, "healthcheck", "test"));
  const off = textOf(fieldOf(field.value, "disable")?.value)?.toLowerCase() === "true";
  return { healthcheck: { field, disabled: off || test?.form === "none", test } };
});

export const healthcheckOf = (service: Parameters<typeof found>[0]): Healthcheck | undefined =>
  found(service).healthcheck;

function testOf(field: Field | undefined): HealthTest | undefined {
  if (!field) return undefined;
  const node = field.value;
  const whole = textOf(node);
  if (whole !== undefined) return { form: "shell", field, node, words: [whole] };
  const [first, ...words] = itemsOf(node).map((item) => textOf(item) ?? "");
  if (first === "NONE") return { form: "none", field, node, words: [] };
  if (first === "CMD-SHELL") return { form: "shell", field, node, words };
  return first === "CMD" ? { form: "exec", field, node, words } : undefined;
}
