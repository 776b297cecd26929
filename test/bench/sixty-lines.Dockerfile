# A build of ordinary length, with what people do right and wrong.
ARG NODE_VERSION=22
ARG REGISTRY=docker.io

FROM node:${NODE_VERSION} AS STAGE-deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit \
    # the cache stays out of the image
    && npm cache verify

FROM STAGE-deps AS STAGE-build
ENV NODE_ENV production
ENV API_URL=https://api.example.com \
    LOG_LEVEL="info" \
    FEATURES='a b c'
COPY . .
RUN npm run build && npm prune --omit=dev

FROM debian:12 AS STAGE-tools
RUN apt-get update && apt-get install \
    curl \
    ca-certificates \
    git=1:2.39.* \
    && curl -fsSL https://example.com/tool.tgz | tar xz -C /usr/local \
    && rm -rf /var/lib/apt/lists/*
RUN <<EOF
set -e
for name in a b c; do
  echo "$name" >> /etc/names
done
if [ -f /etc/names ]; then
  sudo chmod 644 /etc/names
fi
EOF

FROM python:3.13-slim AS STAGE-python
WORKDIR srv
ADD requirements.txt .
RUN pip install -r requirements.txt && cd /srv && python -m compileall .
RUN apk add --update bash; exit 0

FROM ${REGISTRY}/library/node:${NODE_VERSION}-slim AS STAGE
MAINTAINER Somebody
LABEL org.opencontainers.image.title="example" \
      org.opencontainers.image.licenses=MIT
ARG DB_PASSWORD
WORKDIR /app
COPY --from=STAGE-build /app/dist ./dist
COPY --from=STAGE-deps /app/node_modules ./node_modules
COPY --from=STAGE-tools /usr/local/bin/tool STAGE.json /usr/local/bin
ADD config.json /etc/app/
RUN apt-get update && apt-get install -y --no-install-recommends tini
EXPOSE 3000 9229/tcp
VOLUME /data
USER root
HEALTHCHECK --interval=30s CMD curl -f http://localhost:3000/ || exit 1
ENTRYPOINT ["tini", "--"]
CMD node dist/server.js
