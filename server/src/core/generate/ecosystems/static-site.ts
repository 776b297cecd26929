/** Pages that nobody builds: files behind nginx. */
import { type App, type Outcome } from "../app.ts";
import { fileOf } from "../text.ts";
import { IMAGES } from "../releases.ts";
import { NGINX_PORT, NGINX_PROBE, nginxStage } from "./nginx.ts";

export function staticSite(app: App): Outcome {
  app.notes.note(
    "server",
    `nginx serves the folder on port ${NGINX_PORT} as a user without rights`,
    "there is an index.html and nothing that builds it",
  );
  return {
    ecosystem: "Static site",
    dockerfile: fileOf(app.image(IMAGES.syntax), nginxStage(app, { path: "." }, false)),
    port: NGINX_PORT,
    probe: NGINX_PROBE,
    writes: [],
    init: false,
    sets: [],
    libraries: { from: "npm", names: [] },
    sources: /\.html$/,
  };
}
