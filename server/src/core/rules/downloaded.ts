/** What becomes of a downloaded file: whether something checks it, and whether something runs or unpacks it. */
import { perDocument } from "../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { type Program, programsWithin } from "../model/dockerfile/programs.ts";
import { nameIn } from "../model/dockerfile/downloads.ts";
import { allNamed } from "../model/dockerfile/named.ts";

/** Programs that compare a file with what its publisher says of it. */
const CHECKERS: ReadonlySet<string> = new Set(
  (
    "sha1sum sha224sum sha256sum sha384sum sha512sum md5sum b2sum shasum cksum sha3sum rhash md5 sha256 sha512 " +
    "gpgv gpgv2 minisign signify cosign slsa-verifier sigstore openssl apksigner debsig-verify"
  ).split(" "),
);

/** Where a checksum, or a signature, is looked at. `gpg` and `rpm` do many other things. */
const isCheck = ({ command: { name, args } }: Program): boolean => {
  if (name === undefined) return false;
  if (CHECKERS.has(name)) return true;
  if (name === "gpg" || name === "gpg2")
    return args.some(({ value }) => /^--(?:batch-)?verify|^--decrypt$/.test(value));
  if (name === "rpm") return args.some(({ value }) => /^-\w*K|^--checksig$/.test(value));
  return name === "gh" && args[0]?.value === "attestation";
};

/** The programs of each stage's RUNs, in order. */
const programsByStage = perDocument((dockerfile): ReadonlyMap<number, readonly Program[]> => {
  const found = new Map<number, Program[]>();
  for (const instruction of allNamed(dockerfile, "RUN")) {
    const programs = programsWithin(dockerfile, instruction);
    const same = found.get(instruction.stage);
    if (same) same.push(...programs);
    else found.set(instruction.stage, [...programs]);
  }
  return found;
});

export const programsOfStage = (dockerfile: Dockerfile, stage: number): readonly Program[] =>
  programsByStage(dockerfile).get(stage) ?? [];

const checks = perDocument((dockerfile): ReadonlyMap<number, readonly Program[]> => {
  const found = new Map<number, readonly Program[]>();
  for (const [stage, programs] of programsByStage(dockerfile)) found.set(stage, programs.filter(isCheck));
  return found;
});

/**
 * True when the same RUN checks something, or a later one of the stage names the file while it does. A check may stand in a
 * function or take its list from a variable: one in the same RUN is taken for the file's.
 */
export function isVerified(dockerfile: Dockerfile, instruction: Instruction, url: string): boolean {
  const own = checks(dockerfile).get(instruction.stage) ?? [];
  const name = nameIn(url);
  return own.some(
    (check) =>
      check.instruction.index === instruction.index ||
      (check.instruction.index > instruction.index &&
        (name === "" || name.includes("$") || textOf(dockerfile, check.instruction).includes(name))),
  );
}

const textOf = ({ text }: Dockerfile, { span }: Instruction): string => text.slice(span.start, span.end);
