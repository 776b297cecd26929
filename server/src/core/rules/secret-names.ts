/** Which names of variables say that there is a secret in them, and what their values are in a Dockerfile. */
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { unquote } from "../model/dockerfile/words.ts";

export { harmlessKind, isSecretName, isSecretToBuildKit } from "../model/secret-names.ts";

/** With variables put in where they are known: `ENV KEY=$KEY` is as harmless as what it hands on. */
export function valueOf(dockerfile: Dockerfile, instruction: Instruction, written: string): string {
  const { text, known } = expandIn(dockerfile, instruction, written);
  return unquote(known ? text : written, dockerfile.escape);
}
