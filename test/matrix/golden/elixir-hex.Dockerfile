FROM elixir:1.18 AS build

ENV MIX_ENV=prod

WORKDIR /app

RUN mix local.hex --force && mix local.rebar --force

COPY mix.exs mix.lock ./
RUN mix deps.get --only prod

COPY . .
RUN mix release
RUN { find /app/_build/prod/rel/pinger -type f \( -name '*.so*' -o -name beam.smp -o -name inet_gethost \) -exec ldd {} + || true; } | awk '/=> \// { print $3 }' | xargs -r readlink -f | sort -u \
    | while read -r file; do dpkg-query -S "$file" "${file#/usr}" "/usr$file" 2>/dev/null || true; done \
    | awk -F: '!/^diversion / { print $1 }' | sort -u > /tmp/runtime-packages

FROM elixir:1.18-slim
RUN --mount=type=bind,from=build,source=/tmp/runtime-packages,target=/tmp/runtime-packages \
    apt-get update && apt-get install -y --no-install-recommends $(cat /tmp/runtime-packages) \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
ENV MIX_ENV=prod

WORKDIR /app
COPY --from=build --chown=10001:10001 /app/_build/prod/rel/pinger /app/_build/prod/rel/pinger

EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["bash","-c","exec 3<>/dev/tcp/127.0.0.1/4000; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ \"$s\" -lt 400 ]"]
CMD ["_build/prod/rel/pinger/bin/pinger", "start"]

# Elixir
# - runtime-base: the last stage is built on elixir:1.18-slim: the same distribution, whose release no tag of the image says; Elixir in it is not used
# - files: /app/_build/prod/rel/pinger is copied: the release holds the program, its dependencies and Erlang
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
