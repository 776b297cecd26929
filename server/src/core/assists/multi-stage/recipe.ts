/**
 * What a conversion to several stages is made of. A recipe knows one ecosystem: it recognises a Dockerfile and says how its build is
 * told apart from what runs (`Split`), or why it will not. plan.ts makes stages of that, render.ts text, convert.ts puts all together.
 */
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import type { Purpose } from "../../model/dockerfile/flow/purposes.ts";
import type { Setting } from "../post-conditions/declared.ts";
import type { Needs } from "../../model/dockerfile/flow/need.ts";

/** What can be read of the build context. Pure: the driver has looked already, or looks at once. */
export interface BuildContext {
  /** The text of a file, relative to the context's root; undefined when it is not there, or nobody knows. */
  read(path: string): string | undefined;
  /** The text of a file beside the Dockerfile, whether a build gets it or not. */
  beside(path: string): string | undefined;
  /** Every file's path, without folders and without what an ignore file leaves out; undefined when nobody knows. */
  readonly paths: readonly string[] | undefined;
  /** The Dockerfile's own name, for the word `dev` in it. */
  readonly dockerfile: string | undefined;
  /** The digest a tag points at, where a registry has said it. */
  digest(image: string): string | undefined;
}

export const NO_CONTEXT: BuildContext = {
  read: () => undefined,
  beside: () => undefined,
  paths: undefined,
  dockerfile: undefined,
  digest: () => undefined,
};

/** One of several things that could be done, by name. */
export interface Alternative {
  readonly id: string;
  /** What it does, a clause: `keep python:3.12`. */
  readonly label: string;
}

/** Something decided that the Dockerfile did not say. */
export interface Decision {
  /** One word or two, the same in every conversion: `runtime-base`, `user`. */
  readonly id: string;
  /** What was decided, a sentence without its full stop. */
  readonly what: string;
  /** The reason, a clause without a full stop. */
  readonly why: string;
  /** Whether a person should look at it: nothing in the file or the project proves it. */
  readonly doubtful: boolean;
  /** What else could have been chosen; the chosen one is not among them. */
  readonly alternatives: readonly Alternative[];
}

/** What a person chose instead, by decision. */
export type Choices = ReadonlyMap<string, string>;

export const NO_CHOICES: Choices = new Map();

/** Something of the original that the result does not have. */
export interface Dropped {
  /** As written. */
  readonly text: string;
  readonly why: string;
}

/** The image the last stage is built on. */
export interface RuntimeBase {
  /** As it is written behind FROM, flags left out. */
  readonly image: string;
  readonly why: string;
  readonly hasShell: boolean;
  /** The distribution's package manager in it; undefined where there is none. */
  readonly packages: "apt" | "apk" | undefined;
  /** Whoever it runs as without a USER. */
  readonly user: "root" | "other";
  /** An account of the image to run as, as USER takes it; undefined where one has to be made. */
  readonly account: string | undefined;
}

/** Something the last stage takes from the build. */
export interface Carried {
  /** Absolute. */
  readonly from: string;
  /** Absolute; the same unless there is a reason. */
  readonly to: string;
  readonly folder: boolean;
  /** The instruction that makes it: it comes to stand where that stood. */
  readonly at: Instruction;
  /** The stage it comes from, where that is not the build's. */
  readonly stage?: string;
  /** The account that runs has to write in it. */
  readonly writable?: boolean;
  /** Who has it, as `--chown` takes it: the file's own COPY says so. */
  readonly owner?: string;
}

/** Where an instruction, or one command of a RUN, belongs. */
export type Side = "build" | "run" | "both" | { readonly drop: string };

/** How a recipe has the file told apart. */
export interface Split {
  /** As people call it: `Go`, `Node (TypeScript)`. */
  readonly ecosystem: string;
  readonly runtime: RuntimeBase;
  /** In the order they are copied. */
  readonly carried: readonly Carried[];
  /**
   * For instructions and commands the recipe knows about; `undefined` leaves it to what need.ts says. For a RUN it is asked with each
   * command, for anything else without one.
   */
  side(instruction: Instruction, command: ShellCommand | undefined): Side | undefined;
  /** The first stage's image, where it is another than the person's. */
  readonly buildImage?: string;
  /** Lines above an instruction of the build stage: `RUN python -m venv /opt/venv`. */
  readonly above?: ReadonlyMap<Instruction, readonly string[]>;
  /** The text of an instruction in the build stage instead of its own; each a decision that says so. */
  readonly inBuild?: ReadonlyMap<Instruction, string>;
  /** The text of an instruction in the last stage instead of its own. */
  readonly inRuntime?: ReadonlyMap<Instruction, string>;
  /** Stages between build and runtime, whole: `FROM build AS prod-deps` and what follows. */
  readonly between?: readonly string[];
  /** Lines at the end of the first stage. */
  readonly buildEnd?: readonly string[];
  /** Lines of the last stage directly behind FROM. */
  readonly head?: readonly string[];
  /** What a package of the distribution is for, where the recipe knows it better than its name tells. */
  purpose?(name: string): Purpose | undefined;
  /** Packages the last stage needs besides those the file names there: runtime libraries of -dev packages. */
  readonly packages?: readonly string[];
  /** ENV lines of the last stage that the old base or the build brought. */
  readonly environment?: readonly string[];
  /** Lines of the last stage behind what is carried, before its user. */
  readonly lines?: readonly string[];
  /** CMD or ENTRYPOINT the last stage needs because the old base had it. */
  readonly start?: readonly string[];
  readonly decisions: readonly Decision[];
  readonly dropped?: readonly Dropped[];
  /** Why another user than root could not do what the program does; a clause. */
  readonly staysRoot?: string;
  /** What of the image's configuration is another one; each with a decision that says so. */
  readonly changes?: readonly Setting[];
  /** Whatever is carried needs neither the C library nor another library of the distribution it was built on. */
  readonly static?: boolean;
}

export type Verdict =
  | { readonly is: "split"; readonly split: Split }
  /** It could be, but nobody can know how; a clause. */
  | { readonly is: "refused"; readonly reason: string }
  /** A second stage would leave nothing out; `instead` says what would help. */
  | { readonly is: "no benefit"; readonly reason: string; readonly instead: readonly string[] };

/** What a recipe is given. */
export interface Case {
  readonly dockerfile: Dockerfile;
  /** The only one. */
  readonly stage: Stage;
  readonly context: BuildContext;
  readonly needs: Needs;
  readonly choices: Choices;
}

export interface Recipe {
  /** For messages: `Go`. */
  readonly name: string;
  /** Undefined when the file is none of its kind. */
  recognise(it: Case): Verdict | undefined;
}

export const refused = (reason: string): Verdict => ({ is: "refused", reason });
export const noBenefit = (reason: string, ...instead: readonly string[]): Verdict => ({
  is: "no benefit",
  reason,
  instead,
});
