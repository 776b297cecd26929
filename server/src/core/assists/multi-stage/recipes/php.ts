/** PHP: extensions are the same in both stages and built once; Composer, Node and git stay behind. */
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import { buildBase, runtimeBase } from "../base.ts";
import { commandsNamed, startedBy, workdir } from "../look.ts";
import { type Case, noBenefit, type Recipe, refused, type Side, type Verdict } from "../recipe.ts";

const BUILDS = /^(?:composer|composer\.phar|npm|npx|yarn|pnpm)$/;
const EXTENSIONS =
  /^(?:docker-php-ext-install|docker-php-ext-configure|docker-php-ext-enable|docker-php-source|pecl|pear|install-php-extensions|a2enmod|a2dismod|a2ensite|a2dissite|a2enconf)$/;
/** They only bring other files. */
const TOOLS = /^(?:git|git-core|unzip|zip|nodejs|npm|yarn|subversion|mercurial|openssh-client)$/;

export const php: Recipe = {
  name: "PHP",
  recognise(it) {
    const base = buildBase(it);
    const builds = commandsNamed(it, BUILDS).filter(
      ({ effect }) => effect.does === "build" || effect.does === "dependencies",
    );
    if (base?.name !== "php") return undefined;
    if (builds.length === 0)
      return noBenefit("neither Composer nor Node builds anything here", "a USER that is not root");
    const start = startedBy(it).find(({ argv }) => argv.includes("serve") || BUILDS.test(argv[0] ?? ""));
    if (start) return refused(`it starts ${start.argv.slice(0, 3).join(" ")}, which is for development`);
    return split(it, base.written, builds.at(-1)?.effect.instruction ?? it.stage.from);
  },
};

function split(it: Case, image: string, last: Instruction): Verdict {
  const folder = folderOfApplication(it);
  if (folder === undefined) return refused("the folder of the application is not known, or is the root of the image");
  // The same image has the same extensions; what BuildKit has made for one stage serves the other.
  const runtime = runtimeBase(image.replace(/@.*$/, ""), "extensions have to fit it, and are installed in both stages");
  const artisan = commandsNamed(it, /^php$/)
    .filter(({ effect }) => effect.does === "build")
    .at(-1)?.effect.instruction;
  const at = artisan && artisan.index > last.index ? artisan : last;
  return {
    is: "split",
    split: {
      ecosystem: "PHP",
      runtime,
      carried: [{ from: folder, to: folder, folder: true, at }],
      purpose: (name) => (TOOLS.test(name) ? "build" : "run"),
      side: sideOf(it),
      decisions: [
        {
          id: "files",
          what: `${folder} is copied from the first stage as a whole`,
          why: "Composer and the build of assets write into it",
          doubtful: false,
          alternatives: [],
        },
      ],
    },
  };
}

function folderOfApplication(it: Case): string | undefined {
  const folder = workdir(it);
  return folder === undefined || folder === "/" ? undefined : folder;
}

const sideOf =
  (it: Case) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "COPY" || instruction.name === "ADD") return outside(it, instruction) ? "both" : "build";
    const name = command?.name ?? "";
    if (EXTENSIONS.test(name)) return "both";
    if (BUILDS.test(name)) return "build";
    const installer = command?.args.some(({ value }) => /composer-setup|getcomposer|installer/.test(value)) ?? false;
    if (installer) return "build";
    return name === "php" && command?.args[0]?.value.endsWith("artisan") === true ? "build" : undefined;
  };

/** Configuration of PHP and its server, which is no part of the application. */
function outside({ needs }: Case, instruction: Instruction): boolean {
  const [answer] = needs.answers.filter(({ effect }) => effect.instruction === instruction);
  const writes = answer?.effect.writes;
  return (
    writes !== undefined &&
    writes !== "anything" &&
    writes.length > 0 &&
    writes.every(
      (place) =>
        place.kind === "files" && /^\/(?:usr\/local\/etc|etc|usr\/local\/bin\/(?!composer))/.test(place.pattern),
    )
  );
}
