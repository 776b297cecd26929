FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm install
COPY . .
RUN npm run build

FROM nginxinc/nginx-unprivileged:stable-alpine
COPY <<'EOT' /etc/nginx/conf.d/default.conf
server {
    listen 4173;
    root /usr/share/nginx/html;
    location / {
        try_files $uri $uri/ /index.html;
    }
    location ~ \.m?js$ {
        types { }
        default_type text/javascript;
    }
}
EOT
WORKDIR /app
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 4173
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["wget","-q","-O","/dev/null","http://127.0.0.1:4173/"]

# Node (static pages)
# - runtime-base: the last stage is built on nginxinc/nginx-unprivileged:stable-alpine: the build writes files, and nginx serves files without root and without Node
# ? server: nginx serves /app/dist in place of npm run preview: the build writes files, which need no Node; variables that are set when the container starts do not reach the pages, nor do requests that the old server passed on; or keep vite on a smaller image of Node
# ? port: nginx listens on port 4173: that is where the server was reached before
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
# dropped "CMD [\"npm\", \"run\", \"preview\"]": nginx is started by its own image
