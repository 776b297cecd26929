/** Commands and places as messages name them. */
import { type Place, placeText } from "../../model/dockerfile/flow/place.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";

export const placesText = (places: readonly Place[]): string =>
  places.length === 0 ? "something" : places.slice(0, 3).map(placeText).join(", ");

const MAX_WORDS = 4;

/** The first words of a command. */
export function commandText(command: ShellCommand | undefined): string {
  if (!command) return "a RUN in another form";
  const words = [command.name ?? "a command", ...command.args.map(({ text }) => text)];
  return `${words.slice(0, MAX_WORDS).join(" ")}${words.length > MAX_WORDS ? " …" : ""}`;
}
