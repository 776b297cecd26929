FROM python:3.13 AS build

ENV PYTHONDONTWRITEBYTECODE=1

RUN --mount=type=cache,target=/root/.cache/pip pip install poetry

WORKDIR /app
COPY pyproject.toml poetry.lock ./
RUN python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH
RUN --mount=type=cache,target=/root/.cache/pypoetry/cache --mount=type=cache,target=/root/.cache/pypoetry/artifacts poetry config virtualenvs.create false && poetry install --no-root
RUN { find /opt/venv -type f \( -name '*.so*' -o -path '*/bin/*' \) -exec ldd {} + || true; } | awk '/=> \// { print $3 }' | xargs -r readlink -f | sort -u \
    | while read -r file; do dpkg-query -S "$file" "${file#/usr}" "/usr$file" 2>/dev/null || true; done \
    | awk -F: '!/^diversion / { print $1 }' | sort -u > /tmp/runtime-packages

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH
RUN --mount=type=bind,from=build,source=/tmp/runtime-packages,target=/tmp/runtime-packages \
    apt-get update && apt-get install -y --no-install-recommends $(cat /tmp/runtime-packages) \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
ENV PYTHONDONTWRITEBYTECODE=1

WORKDIR /app
COPY --from=build /opt/venv /opt/venv

COPY . .
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["python","-c","import urllib.request as u;u.urlopen('http://127.0.0.1:8000/',timeout=3)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]

# Python (poetry)
# - runtime-base: the last stage is built on python:3.13-slim: the same Python on the same Debian as python:3.13, without compilers and headers
# - environment: packages go into the virtual environment /opt/venv: as one folder they can be copied, with the programs they bring and whatever Python loads of them
# - start: CMD starts the program itself: poetry, uv and pipenv stay in the first stage; the environment's programs are on PATH
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
