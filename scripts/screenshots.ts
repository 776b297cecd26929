/**
 * `npm run screenshots [-- dockerfile grammar writing registry compose refactor tools layers]`: what a person sees, as pictures in media/screenshots; all of them by default.
 * Exits 75 when some cannot be had on this machine.
 */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { composePictures } from "./screenshots/compose.ts";
import { grammarPictures } from "./screenshots/grammar.ts";
import { layerPictures } from "./screenshots/layers.ts";
import { layersProject } from "./screenshots/layers-project.ts";
import { navigationPictures } from "./screenshots/navigation.ts";
import { refactorPictures } from "./screenshots/refactor.ts";
import { Unavailable } from "./setup/debian.ts";
import { registryPictures } from "./screenshots/registry.ts";
import { dockerfilePictures } from "./screenshots/dockerfile.ts";
import { toolsHere, writeProjects } from "./screenshots/tools-here.ts";
import { toolPictures } from "./screenshots/tools.ts";
import { writingPictures, writingProject } from "./screenshots/writing.ts";
import { PICTURES, type Theme, THEMES } from "./screenshots/workbench.ts";

const NOT_HERE = 75;
const PLAIN: readonly Theme[] = ["dark", "light"];
const ALL = Object.keys(THEMES) as readonly Theme[];

const GROUPS: Readonly<Record<string, (work: string, examples: string) => Promise<void>>> = {
  async dockerfile(_, examples) {
    for (const theme of PLAIN) await dockerfilePictures(examples)(theme);
  },
  async registry(work) {
    try {
      await registryPictures(work, async (take) => {
        for (const theme of PLAIN) await take(theme);
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.error(`NOT TAKEN, what registries say: ${error.message}`);
      process.exitCode = NOT_HERE;
    }
  },
  async writing(work) {
    const folder = await writingProject(work);
    for (const theme of PLAIN) await writingPictures(folder)(theme);
  },
  async compose(_, examples) {
    for (const theme of PLAIN) await composePictures(examples)(theme);
  },
  async tools(work, examples) {
    await using tools = await toolsHere(work);
    const { lacking, image } = tools;
    await writeProjects(work, image);
    for (const theme of ALL) await toolPictures(tools, work, examples)(theme);
    for (const what of lacking) console.error(`NOT TAKEN, ${what}`);
    if (lacking.length > 0) process.exitCode = NOT_HERE;
  },
  async navigation(work) {
    for (const theme of PLAIN) await navigationPictures(work, theme);
  },
  async grammar(work) {
    for (const theme of ALL) await grammarPictures(work, theme);
  },
  async refactor(work) {
    for (const theme of ALL) await refactorPictures(work, theme);
  },
  async layers(work) {
    try {
      await using project = await layersProject(work);
      for (const theme of ALL) await layerPictures(project, theme);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.error(`NOT TAKEN, the layers of an image: ${error.message}`);
      process.exitCode = NOT_HERE;
    }
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  console.error(`there are no pictures ${unknown.join(", ")}: ${Object.keys(GROUPS).join(", ")}`);
  process.exit(2);
}
await buildAll();
await mkdir(PICTURES, { recursive: true });
/** The examples, where what is typed is nobody's loss; called as they are, since pictures show the name. */
const work = await mkdtemp(join(tmpdir(), "dockwright-screenshots-"));
const examples = join(work, "examples");
try {
  await cp(join(import.meta.dirname, "..", "examples"), examples, { recursive: true });
  for (const [name, take] of Object.entries(GROUPS))
    if (wanted.length === 0 || wanted.includes(name)) await take(work, examples);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 3 });
}
