/** Files behind nginx: the last stage of everything that is built to pages, and all of a site that is written by hand. */
import { COMMANDS } from "../../assists/add-healthcheck.ts";
import type { App } from "../app.ts";
import { IMAGES } from "../releases.ts";
import { copy, from, healthcheck } from "../text.ts";

export const NGINX_PORT = 8080;
export const NGINX_PROBE = COMMANDS.wget(`${NGINX_PORT}/`);

/** Lines of the stage. With `singlePage` every path that is no file is answered with the page. */
export function nginxStage(
  app: App,
  files: { readonly from?: string; readonly path: string },
  singlePage: boolean,
): readonly string[] {
  const source = files.path.replace(/\/$/, "");
  return [
    from(app.image(IMAGES.nginx)),
    ...(singlePage
      ? [
          `COPY <<'EOF' /etc/nginx/conf.d/default.conf
server {
    listen ${NGINX_PORT};
    root /usr/share/nginx/html;
    location / {
        try_files $uri $uri/ /index.html;
    }
}
EOF`,
        ]
      : []),
    copy(
      [`${source}${source === "." ? "" : "/"}`],
      "/usr/share/nginx/html/",
      ...(files.from === undefined ? [] : [`--from=${files.from}`]),
    ),
    "USER 101:101",
    `EXPOSE ${NGINX_PORT}`,
    healthcheck(NGINX_PROBE),
  ];
}
