FROM node:24 AS build

WORKDIR /app

# dependencies first, they change less often
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm npm install

FROM build AS prod-deps
RUN npm prune --omit=dev

FROM node:24-slim
WORKDIR /app
COPY --from=prod-deps /app /app

COPY . .

ENV PORT=3000
EXPOSE 3000
USER node
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["node","-e","require('http').get('http://127.0.0.1:3000/',r=>process.exit(r.statusCode<400?0:1)).on('error',()=>process.exit(1))"]
CMD ["node", "server.js"]

# Node
# - runtime-base: the last stage is built on node:24-slim: it has the same Node on the same distribution as node:24, without compilers and their headers; or keep node:24
# - dev-dependencies: development dependencies are left out: nothing that starts is one of them, and no source loads one; or keep them
# - files: /app is copied as a whole: everything it could read comes along
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
