#!/usr/bin/env node
/**
 * The bundle's front door. The program is a file of its own, so that Node can keep it compiled from one run to the next: in the person's
 * own cache folder, because what lies in a shared one could be somebody else's code.
 */
import { createRequire, enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "../effects/cache-folder.ts";

enableCompileCache?.(join(cacheFolder(process.env), "compiled"));
createRequire(import.meta.filename)("./program.js");
