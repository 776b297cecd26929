/** PHP: extensions are the same in both stages and built once; Composer, Node and git stay behind. */
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import { buildBase, runtimeBase } from "../base.ts";
import { commandsNamed, lastCopy, ownerOf, startedBy, workdir, writesOf } from "../look.ts";
import { covers, everythingBelow, files } from "../../../model/dockerfile/flow/place.ts";
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
  const console = it.needs.answers.filter(({ effect }) => isConsole(effect.command)).at(-1)?.effect.instruction;
  const built = console && console.index > last.index ? console : last;
  const at = lastCopy(it, built, folder);
  return {
    is: "split",
    split: {
      ecosystem: "PHP",
      runtime,
      carried: [{ from: folder, to: folder, folder: true, at, ...ownerOf(it, folder) }],
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

/** `php artisan`, `php bin/console`, `bin/console`: they write into the application. */
const isConsole = (command: ShellCommand | undefined): boolean =>
  [command?.nameWord, ...(command?.name === "php" ? command.args.slice(0, 1) : [])].some((word) =>
    /(?:^|\/)artisan$|(?:^|\/)bin\/console$/.test(word?.value ?? ""),
  );

const sideOf =
  (it: Case) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "COPY" || instruction.name === "ADD") return outside(it, instruction) ? "both" : "build";
    const name = command?.name ?? "";
    if (EXTENSIONS.test(name)) return "both";
    if (BUILDS.test(name)) return "build";
    const installer =
      command?.args.some(({ value }) =>
        /composer-setup|getcomposer|installer|^--install-dir|^--filename=composer/.test(value),
      ) ?? false;
    if (installer) return "build";
    return isConsole(command) ? "build" : undefined;
  };

/** Configuration of PHP and its server, and scripts: no part of the application. */
function outside(it: Case, instruction: Instruction): boolean {
  const folder = folderOfApplication(it);
  const writes = writesOf(it, instruction);
  return (
    folder !== undefined &&
    writes.length > 0 &&
    writes.every(
      (place) =>
        place.kind === "files" &&
        !covers(files(everythingBelow(folder)), place) &&
        !/^\/(?:usr\/)?(?:local\/)?s?bin\/(?:composer|node|npm|npx|yarn|\*)|\*\*$/.test(place.pattern),
    )
  );
}
