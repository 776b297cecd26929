#!/bin/sh
# As in the official image: scripts first, then the command in place of this shell.
set -e
for script in /docker-entrypoint.d/*.sh; do
  if [ -x "$script" ]; then "$script"; fi
done
exec "$@"
