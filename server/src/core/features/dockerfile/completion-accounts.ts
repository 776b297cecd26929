/** Users, and groups, that may stand in USER and `--chown`: those the file makes, those of the base image, root. */
import { accountsCreated } from "../../model/dockerfile/accounts.ts";
import { baseImageOf, familyUnder, usersOf } from "../../model/dockerfile/facts.ts";
import type { Candidate, Inside } from "./completion-model.ts";
import type { Typed } from "./cursor.ts";

export function accountCandidates(
  { dockerfile, stage, offset, instruction }: Inside,
  { typed, span }: Typed,
): readonly Candidate[] {
  if (!stage) return [];
  const found = new Map<string, string>();
  const add = (name: string, detail: string): void => void (found.has(name) || found.set(name, detail));
  const isAbove = (index: number, at: number): boolean => at !== instruction.stage || index < instruction.index;
  for (const { name, user, by } of accountsCreated(dockerfile, stage).toReversed()) {
    if (!isAbove(by.index, by.stage)) continue;
    add(name, "made by a RUN above");
    if (user !== name) add(user, `${name}, made by a RUN above`);
  }
  const base = baseImageOf(dockerfile, stage);
  if (base?.account) {
    add(base.account.name, `of ${base.name}`);
    add(String(base.account.uid), `${base.account.name} of ${base.name}`);
  }
  for (const { name, instruction: by } of usersOf(dockerfile, stage))
    if (name !== undefined && by !== instruction) add(name, "named in this file");
  if (familyUnder(dockerfile, stage) === "windows")
    for (const name of ["ContainerUser", "ContainerAdministrator"]) add(name, "of Windows images");
  else add("root", "0");
  // Behind a colon stands a group, which most often has the user's name.
  const colon = typed.lastIndexOf(":");
  const part = colon === -1 ? span : { start: offset - (typed.length - colon - 1), end: span.end };
  return [...found].map(([label, detail]): Candidate => ({ label, kind: "name", detail, span: part }));
}
