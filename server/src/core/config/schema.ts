/** The JSON schema of `.dockwright.yaml`, for editors. */
import type { Rule } from "../rule.ts";
import { HOME } from "../rules/page.ts";
import { configShape } from "./keys.ts";
import type { Field, Shape } from "./shape.ts";

export const SCHEMA_PATH = "schemas/dockwright.schema.json";
export const SCHEMA_URL = `${HOME.replace("github.com", "raw.githubusercontent.com")}/main/${SCHEMA_PATH}`;

type Schema = Readonly<Record<string, unknown>>;

export const configSchema = (rules: readonly Rule[]): Schema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: SCHEMA_URL,
  title: "Dockwright",
  ...schemaOf(configShape(rules), { $schema: { type: "string" } }),
});

/** `more` are properties of a map besides its fields. */
export function schemaOf(shape: Shape, more: Schema = {}): Schema {
  switch (shape.is) {
    case "choice":
      return { enum: shape.of };
    case "fields": {
      const required = shape.fields.filter((field) => field.required).map(({ name }) => name);
      return {
        type: "object",
        properties: { ...more, ...Object.fromEntries(shape.fields.map((field) => [field.name, fieldSchema(field)])) },
        ...(shape.patterns && {
          patternProperties: Object.fromEntries(
            shape.patterns.map(({ name, about, shape: of }) => [name, { ...schemaOf(of), description: about }]),
          ),
        }),
        ...(required.length > 0 && { required }),
        additionalProperties: false,
      };
    }
    case "each":
      return { type: "object", additionalProperties: schemaOf(shape.value) };
    case "list":
      return { type: "array", items: schemaOf(shape.item) };
    case "texts":
      return {
        anyOf: [
          { type: "string", minLength: 1 },
          { type: "array", items: { type: "string", minLength: 1 } },
        ],
      };
    case "written":
      return {
        anyOf: [
          { type: "string", pattern: `^(?:${shape.pattern})$` },
          { type: "integer", minimum: 0 },
        ],
      };
    case "text":
      return { type: "string", minLength: 1 };
    default:
      return { type: shape.is };
  }
}

const fieldSchema = ({ about, shape, default: usual }: Field): Schema => ({
  ...schemaOf(shape),
  description: about,
  ...(usual !== undefined && { default: usual }),
});
