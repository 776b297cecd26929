#!/bin/sh
# As in the official image: what is no program, and what begins with a dash, is given to node.
set -e
case "$1" in
  -*) exec node "$@" ;;
esac
if ! command -v "$1" >/dev/null 2>&1; then exec node "$@"; fi
exec "$@"
