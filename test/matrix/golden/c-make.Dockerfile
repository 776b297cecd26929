FROM gcc:14-trixie AS build
WORKDIR /usr/src/app
COPY . .
RUN make
RUN { ldd /usr/src/app/server || true; } | awk '/=> \// { print $3 }' | xargs -r readlink -f | sort -u \
    | while read -r file; do dpkg-query -S "$file" "${file#/usr}" "/usr$file" 2>/dev/null || true; done \
    | awk -F: '!/^diversion / { print $1 }' | sort -u > /tmp/runtime-packages

FROM debian:trixie-slim
RUN --mount=type=bind,from=build,source=/tmp/runtime-packages,target=/tmp/runtime-packages \
    apt-get update && apt-get install -y --no-install-recommends $(cat /tmp/runtime-packages) \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
WORKDIR /usr/src/app
COPY --from=build /usr/src/app/server /usr/src/app/server
EXPOSE 9000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["bash","-c","exec 3<>/dev/tcp/127.0.0.1/9000; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ \"$s\" -lt 400 ]"]
CMD ["./server"]

# C and C++
# - runtime-base: the last stage is built on debian:trixie-slim: the Debian under gcc:14-trixie, without compilers
# - files: only /usr/src/app/server is copied: the project's sources name no other file
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
