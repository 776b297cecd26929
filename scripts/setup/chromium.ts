/** A Chromium to drive the workbench with: the machine's own, or Debian's unpacked into the cache. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, which } from "../process.ts";
import { cacheDir } from "./cache.ts";
import { debianPackages, Unavailable } from "./debian.ts";

export interface Browser {
  readonly executable: string;
  /** Added to the environment of the browser. */
  readonly env: Readonly<Record<string, string>>;
}

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
/** The two faces of fonts.conf below come first; dejavu has the signs they lack. */
const PACKAGES = ["chromium", "fonts-roboto-unhinted", "fonts-jetbrains-mono", "fonts-dejavu-core"];

export async function chromium(): Promise<Browser> {
  const own = process.env["CHROME_PATH"];
  if (own !== undefined && own !== "") {
    if (!existsSync(own)) throw new Unavailable(`CHROME_PATH names ${own}, which does not exist`);
    return { executable: own, env: {} };
  }
  const installed = NAMES.map((name) => which(name)).find((path) => path !== undefined);
  if (installed !== undefined) return { executable: installed, env: {} };
  if (process.platform === "darwin" && existsSync(MAC)) return { executable: MAC, env: {} };
  try {
    return await unpacked();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`there is no Chromium: install it or name one in CHROME_PATH (${why})`);
  }
}

async function unpacked(): Promise<Browser> {
  const folder = await debianPackages(PACKAGES, { withDependencies: true });
  const libraries = join(folder, "usr", "lib", libraryFolder());
  const browser: Browser = {
    executable: join(folder, "usr", "lib", "chromium", "chromium"),
    env: {
      LD_LIBRARY_PATH: [libraries, join(libraries, "pulseaudio")].join(":"),
      FONTCONFIG_FILE: await fontConfiguration(folder),
    },
  };
  const tried = await run(browser.executable, ["--version"], { env: browser.env, timeoutMs: 60_000 });
  if (tried.code !== 0) throw new Error(`the unpacked one does not start: ${tried.stderr.trim()}`);
  return browser;
}

function libraryFolder(): string {
  if (process.arch === "x64") return "x86_64-linux-gnu";
  if (process.arch === "arm64") return "aarch64-linux-gnu";
  throw new Error(`no Debian library folder is known for ${process.arch}`);
}

/** The packages' own fonts.conf names folders of an installed system. */
async function fontConfiguration(folder: string): Promise<string> {
  const state = join(cacheDir(), "fontconfig");
  await mkdir(state, { recursive: true });
  const file = join(state, "fonts.conf");
  const prefer = (family: string, face: string): string =>
    `<alias binding="same"><family>${family}</family><prefer><family>${face}</family><family>DejaVu Sans</family></prefer></alias>`;
  await writeFile(
    file,
    [
      '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
      `<dir>${join(folder, "usr", "share", "fonts")}</dir><dir>/usr/share/fonts</dir>`,
      `<cachedir>${state}</cachedir>`,
      // Chromium's system-ui asks for no family at all.
      '<match target="pattern"><edit name="family" mode="append_last"><string>sans-serif</string></edit></match>',
      prefer("sans-serif", "Roboto"),
      prefer("system-ui", "Roboto"),
      prefer("monospace", "JetBrains Mono"),
      "</fontconfig>\n",
    ].join("\n"),
  );
  return file;
}
