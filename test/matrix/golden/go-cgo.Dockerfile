FROM golang:1.24-trixie AS build
RUN apt-get update && apt-get install -y libsqlite3-dev
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /usr/local/bin/ledger .
RUN { ldd /usr/local/bin/ledger || true; } | awk '/=> \// { print $3 }' | xargs -r readlink -f | sort -u \
    | while read -r file; do dpkg-query -S "$file" "${file#/usr}" "/usr$file" 2>/dev/null || true; done \
    | awk -F: '!/^diversion / { print $1 }' | sort -u > /tmp/runtime-packages

FROM debian:trixie-slim
RUN --mount=type=bind,from=build,source=/tmp/runtime-packages,target=/tmp/runtime-packages \
    apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata $(cat /tmp/runtime-packages) \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
WORKDIR /src
COPY --from=build /usr/local/bin/ledger /usr/local/bin/ledger
EXPOSE 8090
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["bash","-c","exec 3<>/dev/tcp/127.0.0.1/8090; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ \"$s\" -lt 400 ]"]
CMD ["/usr/local/bin/ledger"]

# Go
# - runtime-base: the last stage is built on debian:trixie-slim: the program is linked with the C library of this distribution
# - files: only /usr/local/bin/ledger is copied: the project's sources name no other file
# - packages:libsqlite3-dev: libsqlite3-dev stays in the first stage: it only builds
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
