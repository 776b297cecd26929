# no benefit: python:3.13-slim has no compiler, and none is left behind
#   instead: a cache mount for pip, which makes builds faster
#   instead: a USER that is not root
#   instead: a HEALTHCHECK
