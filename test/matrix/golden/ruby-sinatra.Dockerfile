FROM ruby:3.4 AS build

WORKDIR /app

COPY Gemfile Gemfile.lock ./
RUN --mount=type=cache,target=/root/.bundle/cache BUNDLE_GLOBAL_GEM_CACHE=true bundle install
RUN { find /usr/local/bundle -type f \( -name '*.so*' -o -path '*/bin/*' \) -exec ldd {} + || true; } | awk '/=> \// { print $3 }' | xargs -r readlink -f | sort -u \
    | while read -r file; do dpkg-query -S "$file" "${file#/usr}" "/usr$file" 2>/dev/null || true; done \
    | awk -F: '!/^diversion / { print $1 }' | sort -u > /tmp/runtime-packages

FROM ruby:3.4-slim
RUN --mount=type=bind,from=build,source=/tmp/runtime-packages,target=/tmp/runtime-packages \
    apt-get update && apt-get install -y --no-install-recommends $(cat /tmp/runtime-packages) \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
WORKDIR /app

COPY Gemfile Gemfile.lock ./
COPY --from=build /usr/local/bundle /usr/local/bundle

COPY . .

EXPOSE 9292
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["ruby","-rnet/http","-e","exit Net::HTTP.get_response(URI('http://127.0.0.1:9292/')).code.to_i<400"]
CMD ["bundle", "exec", "rackup", "--host", "0.0.0.0", "--port", "9292"]

# Ruby
# - runtime-base: the last stage is built on ruby:3.4-slim: the same Ruby on the same Debian as ruby:3.4, without compilers and headers
# - files: /usr/local/bundle is copied from the first stage: gems are all that is built
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
