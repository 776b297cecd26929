/** `dockwright pin`: asks registries for the digests of all images and writes them behind the tags. */
import { fixAll } from "../../core/findings/fix-all.ts";
import { inspect } from "../../core/findings/inspect.ts";
import { defaultSettings } from "../../core/findings/settings.ts";
import type { Answers, Question } from "../../core/rule.ts";
import { imageOf, perShellcheck, questionsIn, unansweredImages, withAnswers } from "../ask.ts";
import { createChooser } from "../choose-rules.ts";
import { complain, complainAboutCrashes, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { EXIT, UsageError } from "../io.ts";
import { CONFIG, HELP, OFFLINE, STDIN_FILENAME } from "../options.ts";
import { findSources, kindOf, readSource } from "../sources.ts";
import type { Command } from "./command.ts";

/** The rules whose fixes put the digests in. */
const RULES: ReadonlySet<string> = new Set(["base-digest-unpinned", "compose-image-digest"]);

export const pin: Command = {
  name: "pin",
  summary: "put the digest of today behind the tag of every image",
  usage: "[options] [paths…]",
  details: `Asks the registries of all images in FROM, COPY --from and # syntax=, with the logins docker has.
Tags are kept: node:22 becomes node:22@sha256:…

Exit code: 0 all is pinned (with --diff: 1 something would change), 2 wrong usage, a file that could not be read
or written, or a registry that gave no digest.`,
  options: [{ name: "diff", help: "print a unified diff and write nothing" }, ...CONFIG, STDIN_FILENAME, OFFLINE, HELP],
  async run(args, io, { rules: all, answers }) {
    if (args.has("offline")) throw new UsageError("pin has to ask registries; leave --offline out");
    const choiceFor = createChooser(args, all, io);
    const rules = all.filter(({ id }) => RULES.has(id));
    const { places, failures } = await findSources(args, io);
    for (const failure of failures) complainAboutFile(io, failure);
    const settings = { ...defaultSettings, profile: "all" } as const;
    const asking = {
      answers: perShellcheck(answers, true)("off"),
      may: ({ ask }: Question) => ask === "digest",
      signal: io.signal,
    };

    let trouble = failures.length > 0;
    let anyChanged = false;
    for (const place of places) {
      const { ignoredBy } = await choiceFor(place.file);
      if (ignoredBy !== undefined && !place.stdin) {
        complain(io, `${place.name} is left alone: ${ignoredBy} ignores it`);
        continue;
      }
      const kind = kindOf(place);
      const source = await readSource(place, io);
      if (!("text" in source)) {
        complainAboutFile(io, source);
        trouble = true;
        continue;
      }
      const { result, answers: known } = await withAnswers(
        source.place,
        asking,
        (found) => inspect(source.text, rules, settings, found, kind),
        questionsIn,
      );
      complainAboutCrashes(io, source.name, result.crashes);
      const pinned = fixAll(source.text, { rules, settings, answers: known, allow: ["safe"], kind });
      const delivered = await deliver(source, pinned, io, args.has("diff"));
      if (delivered.failure) complainAboutFile(io, delivered.failure);
      else delivered.say(account(source.name, known));
      const unknown = unansweredImages(known);
      for (const { image, reason } of unknown) complain(io, `${source.name}: ${image} was not pinned: ${reason}`);
      trouble ||= delivered.failure !== undefined || unknown.length > 0 || result.crashes.length > 0;
      anyChanged ||= pinned.edits.length > 0;
    }

    if (trouble) return EXIT.trouble;
    return args.has("diff") && anyChanged ? EXIT.findings : EXIT.clean;
  },
};

/** A line for each image. */
function account(name: string, known: Answers): string {
  const found = [...known].flatMap(([key, answer]) =>
    typeof answer === "string" ? [`${name}: ${imageOf(key)} is ${answer}`] : [],
  );
  return known.size === 0 ? `${name}: nothing to pin` : found.join("\n");
}
