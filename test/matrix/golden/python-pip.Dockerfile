FROM python:3.13 AS build

ENV PYTHONUNBUFFERED=1
WORKDIR /app

COPY requirements.txt .
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=build /opt/venv /opt/venv

COPY . .

EXPOSE 8000
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["python","-c","import urllib.request as u;u.urlopen('http://127.0.0.1:8000/',timeout=3)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]

# Python (pip)
# - runtime-base: the last stage is built on python:3.13-slim: the same Python on the same Debian as python:3.13, without compilers and headers
# - environment: packages go into the virtual environment /opt/venv: as one folder they can be copied, with the programs they bring and whatever Python loads of them
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
