/** What is known of an image that was built and of a container that was run from it: the facts two of which are compared. */

/** As the engine says it of the image. */
export interface Configuration {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** As `8080/tcp`. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal: string;
  readonly user: string;
  /** Its image has a HEALTHCHECK that is not NONE. */
  readonly hasHealthcheck: boolean;
}

export interface ImageFacts {
  readonly configuration: Configuration;
  /** Undefined where the engine does not say it of every layer. */
  readonly bytes: number | undefined;
  readonly layers: number;
}

/** What a container answered to `GET` of a path. */
export type Answer =
  | {
      readonly path: string;
      readonly status: number;
      /** `content-type` without parameters. */
      readonly type: string | undefined;
      readonly location: string | undefined;
      readonly body: string;
      /** The body went on behind what is kept of it. */
      readonly cut: boolean;
      /** A second request was answered by the same. */
      readonly steady: boolean;
    }
  /** No answer; why, a clause. */
  | { readonly path: string; readonly failure: string };

export type Health = "none" | "healthy" | "unhealthy" | "starting" | "unknown";

export interface RunFacts {
  /** `exited`: by itself. `stopped`: it ran until it was stopped. `cut off`: it printed more than anybody reads. */
  readonly end: "exited" | "stopped" | "cut off";
  /** Undefined where the engine did not say it, and for what was cut off. */
  readonly exitCode: number | undefined;
  /** The first lines of standard output. */
  readonly stdout: readonly string[];
  /** The last lines of standard error. */
  readonly lastWords: readonly string[];
  /** The TCP ports that were tried. */
  readonly tried: readonly number[];
  /** The one of them that answered HTTP. */
  readonly port: number | undefined;
  /** Those it listens on that were not tried; undefined where nobody can say, and for what did not keep running. */
  readonly listening: readonly number[] | undefined;
  readonly answers: readonly Answer[];
  /** User ids of its processes; empty where the engine did not say. */
  readonly users: readonly string[];
  readonly health: Health;
  /** From the signal to the end, for what was stopped. */
  readonly stopMs: number | undefined;
}

/** One of the two. */
export interface Facts {
  readonly image: ImageFacts;
  readonly run: RunFacts;
}
