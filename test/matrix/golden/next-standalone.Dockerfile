FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
ENV NEXT_TELEMETRY_DISABLED=1
RUN npm run build

FROM node:24-slim
ENV HOSTNAME=0.0.0.0
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY --from=build --chown=node:node /app/.next/standalone /app
COPY --from=build --chown=node:node /app/.next/static /app/.next/static
COPY --from=build /app/public /app/public
EXPOSE 3000
USER node
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["node","-e","require('http').get('http://127.0.0.1:3000/',r=>process.exit(r.statusCode<400?0:1)).on('error',()=>process.exit(1))"]
CMD ["node", "server.js"]

# Node (Next.js)
# - runtime-base: the last stage is built on node:24-slim: it has the same Node on the same distribution as node:24, without compilers and their headers; or keep node:24
# ? files: the server that next build writes is copied, with static files and the folder public: next.config says output: "standalone", and the build traces what the server loads; files read by names made while it runs may be missing; or copy the project's folder as a whole
# - start: CMD starts node server.js: npm start starts next start, which is not made for a standalone build
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
