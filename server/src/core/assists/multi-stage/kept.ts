/** What a RUN does to the image for what runs: settings of the distribution, folders, where packages come from. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { overlap, type Place } from "../../model/dockerfile/flow/place.ts";
import type { Case } from "./recipe.ts";

/** Where package managers fetch from, and the keys they trust. */
const SOURCES = /^\/(?:etc\/(?:apt|apk|yum|pki|pip)|usr\/(?:local\/)?share\/keyrings|root\/\.gnupg)(?:\/|$|\.)/;

export const setsSources = ({ effect: { does, writes, command } }: Answer): boolean =>
  command?.name === "apt-key" ||
  ((does === "files" || does === "download") &&
    writes !== "anything" &&
    writes.length > 0 &&
    writes.every((place) => place.kind === "files" && SOURCES.test(place.pattern)));

/** Programs that write the distribution's own settings from others: locales, certificates. */
export const configures = ({ effect: { command } }: Answer): boolean =>
  /^(?:locale-gen|localedef|update-locale|update-ca-certificates|dpkg-reconfigure|update-alternatives|fc-cache)$/.test(
    command?.name ?? "",
  );

/** It changes settings of the distribution: the time zone, the names of hosts. */
export const setsSystem = (answer: Answer): boolean => {
  const { does, writes, command } = answer.effect;
  return (
    !setsSources(answer) &&
    does === "files" &&
    command !== undefined &&
    writes !== "anything" &&
    writes.length > 0 &&
    writes.every((place) => place.kind === "files" && /^\/etc\/[\w.-]/.test(place.pattern))
  );
};

/** A folder that is made, or given away, for what runs: needed for sure, or nothing of the build writes to it. */
export function staysFolder(it: Case, answer: Answer): boolean {
  const { effect, need } = answer;
  if (!isRuntimeFolder(answer)) return false;
  if (need === "run") return true;
  const { writes, command } = effect;
  if (writes === "anything" || writes.length === 0) return false;
  if (command?.name === "mkdir") return writes.some((place) => isUntouched(it, place));
  return (
    /^(?:chmod|chown|chgrp)$/.test(command?.name ?? "") &&
    writes.every((place) => isUntouched(it, place) && isMadeToStay(it, place))
  );
}

/** Nothing of the build writes into the folder, and it is none of those that tools use. */
const isUntouched = ({ needs }: Case, place: Place): boolean =>
  place.kind === "files" &&
  !/^\/(?:tmp|root|var\/cache|usr|etc)(?:\/|$)|\/\.\w/.test(place.pattern) &&
  !needs.answers.some(
    (other) => !isRuntimeFolder(other) && (other.effect.writes === "anything" || writesTo(other, place)),
  );

const isMadeToStay = (it: Case, place: Place): boolean =>
  it.needs.answers.some(
    (answer) =>
      answer.effect.command?.name === "mkdir" &&
      answer.effect.writes !== "anything" &&
      answer.effect.writes.some((each) => overlap(each, place)) &&
      staysFolder(it, answer),
  );

/** Into the folder, or below it; a COPY of everything above it does not count. */
const writesTo = ({ effect: { writes, does } }: Answer, place: Place): boolean =>
  writes !== "anything" &&
  does !== "copies context" &&
  writes.some((each) => each.kind === "files" && place.kind === "files" && isInside(each.pattern, place.pattern));

const isInside = (path: string, folder: string): boolean => {
  const plain = folder.replace(/\/\*\*$/, "");
  return path === plain || path.startsWith(`${plain}/`);
};

/** It prepares folders and owners rather than bringing contents. */
export const isRuntimeFolder = ({ effect }: Answer): boolean =>
  effect.does === "files" && /^(?:mkdir|chown|chmod|chgrp|ln|touch|setcap|install)$/.test(effect.command?.name ?? "");
