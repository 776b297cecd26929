FROM node:24 AS build
WORKDIR /usr/src/app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm install
COPY . .
RUN npm run build

FROM build AS prod-deps
RUN npm prune --omit=dev

FROM node:24-slim
LABEL org.opencontainers.image.title="notes-api"
WORKDIR /usr/src/app
COPY --from=build /usr/src/app/package.json /usr/src/app/package.json
COPY --from=prod-deps /usr/src/app/node_modules /usr/src/app/node_modules
COPY --from=build /usr/src/app/public /usr/src/app/public
COPY --from=build /usr/src/app/dist /usr/src/app/dist
EXPOSE 8080
USER node
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["node","-e","require('http').get('http://127.0.0.1:8080/',r=>process.exit(r.statusCode<400?0:1)).on('error',()=>process.exit(1))"]
CMD ["node", "dist/index.js"]

# Node (TypeScript)
# - runtime-base: the last stage is built on node:24-slim: it has the same Node on the same distribution as node:24, without compilers and their headers; or keep node:24
# - dev-dependencies: development dependencies are left out: nothing that starts is one of them, and no source loads one; or keep them
# - start: CMD starts node dist/index.js itself: npm start does nothing else, and the program ends by itself when it is asked to; or keep npm start
# - files: of /usr/src/app everything is copied but sources, lock files and configuration of tools: tsc writes to dist, and no source names another of its folders; or copy /usr/src/app as a whole
# - order: manifests are copied and packages installed before the sources: a change of the sources leaves the installed packages as they are; or keep the order
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
