/** Whether what is given to yum or dnf says which version is wanted. */
import type { SystemCall } from "../model/dockerfile/system-packages.ts";

/** `name-[epoch:]version[-release][.arch]`, as dnf's "Specifying packages" has it; the version begins with a digit. */
const NEVRA = /-(?:\d+:)?\d[\w.~^+*:?]*(?:-\d[\w.~^+*?]*)?$/;
const FILE = /\.rpm$|^\.{0,2}\/|:\/\//;

/** Groups (`@name`) have no version; `>=` and the like say one. */
const isLoosePackage = (name: string): boolean => !FILE.test(name) && !/^@|[<>=]/.test(name) && !NEVRA.test(name);

/** A module's version is its stream: `nodejs:22`. */
export const isLooseRpm = (name: string, { effect }: SystemCall): boolean =>
  effect === "module" ? !name.includes(":") : isLoosePackage(name);

const INSTALL = /^(?:install|in)$/;

export const isRpmInstall = ({ effect, verb }: SystemCall): boolean =>
  (effect === "install" || effect === "module") && INSTALL.test(verb.value);
