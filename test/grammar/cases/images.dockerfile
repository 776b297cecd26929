# SYNTAX TEST "source.dockerfile" "images, stages, directives and comments"
# syntax=docker/dockerfile:1
# <- punctuation.definition.comment.dockerfile
# ^^^^^^ keyword.control.directive.dockerfile
#       ^ keyword.operator.assignment.dockerfile
#        ^^^^^^^^^^^^^^^^^^^ string.unquoted.directive.dockerfile
# check=skip=JSONArgsRecommended
# <- punctuation.definition.comment.dockerfile
# ^^^^^ keyword.control.directive.dockerfile
#      ^ keyword.operator.assignment.dockerfile
#       ^^^^^^^^^^^^^^^^^^^^^^^^ string.unquoted.directive.dockerfile
# a comment
# <- punctuation.definition.comment.dockerfile
# ^^^^^^^^^ comment.line.number-sign.dockerfile
# hadolint ignore=DL3008
# <- punctuation.definition.comment.dockerfile
# ^^^^^^^^ storage.type.class.suppression.dockerfile
#          ^^^^^^ keyword.other.suppression.dockerfile
#                ^ comment.line.number-sign.dockerfile
#                 ^^^^^^ variable.other.suppression.dockerfile
ARG REGISTRY=ghcr.io TAG
# <--- keyword.other.special-method.dockerfile
#   ^^^^^^^^ variable.other.readwrite.dockerfile
#           ^ keyword.operator.assignment.dockerfile
#            ^^^^^^^ string.unquoted.dockerfile
#                    ^^^ variable.other.readwrite.dockerfile
FROM --platform=$BUILDPLATFORM ghcr.io/acme/base/node:22-alpine@sha256:0123abcd AS build
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#              ^ keyword.operator.assignment.dockerfile
#               ^ punctuation.definition.variable.dockerfile
#                ^^^^^^^^^^^^^ variable.other.normal.dockerfile
#                              ^^^^^^^ meta.image.dockerfile entity.name.namespace.registry.dockerfile
#                                     ^ meta.image.dockerfile punctuation.separator.path.dockerfile
#                                      ^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                                          ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                                           ^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                                               ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                                                ^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                                                    ^ meta.image.dockerfile punctuation.separator.tag.dockerfile
#                                                     ^^^^^^^^^ meta.image.dockerfile constant.numeric.tag.dockerfile
#                                                              ^ meta.image.dockerfile punctuation.separator.digest.dockerfile
#                                                               ^^^^^^^^^^^^^^^ meta.image.dockerfile constant.numeric.hex.digest.dockerfile
#                                                                               ^^ keyword.other.special-method.dockerfile
#                                                                                  ^^^^^ entity.name.function.stage.dockerfile
FROM localhost:5000/app
# <---- keyword.other.special-method.dockerfile
#    ^^^^^^^^^^^^^^ meta.image.dockerfile entity.name.namespace.registry.dockerfile
#                  ^ meta.image.dockerfile punctuation.separator.path.dockerfile
#                   ^^^ meta.image.dockerfile entity.name.type.image.dockerfile
FROM ${REGISTRY:-docker.io}/team/app:$TAG
# <---- keyword.other.special-method.dockerfile
#    ^^ meta.image.dockerfile punctuation.definition.variable.begin.dockerfile
#      ^^^^^^^^ meta.image.dockerfile variable.other.normal.dockerfile
#              ^^ meta.image.dockerfile keyword.operator.expansion.dockerfile
#                ^^^^^^^^^ meta.image.dockerfile string.unquoted.expansion.dockerfile
#                         ^ meta.image.dockerfile punctuation.definition.variable.end.dockerfile
#                          ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                           ^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                               ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                                ^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                                   ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                                    ^ meta.image.dockerfile punctuation.definition.variable.dockerfile
#                                     ^^^ meta.image.dockerfile variable.other.normal.dockerfile
from scratch as Last
# <---- keyword.other.special-method.dockerfile
#    ^^^^^^^ constant.language.scratch.dockerfile
#            ^^ keyword.other.special-method.dockerfile
#               ^^^^ entity.name.function.stage.dockerfile
FROM build
# <---- keyword.other.special-method.dockerfile
#    ^^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
COPY --from=build --chown=1000:app --link /a /b
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^^ entity.name.function.stage.dockerfile
#                 ^^ punctuation.definition.flag.dockerfile
#                   ^^^^^ entity.other.attribute-name.flag.dockerfile
#                        ^ keyword.operator.assignment.dockerfile
#                         ^^^^ constant.numeric.flag.dockerfile
#                             ^ punctuation.separator.flag.dockerfile
#                              ^^^ string.unquoted.flag.dockerfile
#                                  ^^ punctuation.definition.flag.dockerfile
#                                    ^^^^ entity.other.attribute-name.flag.dockerfile
#                                         ^^ string.unquoted.dockerfile
#                                            ^^ string.unquoted.dockerfile
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^^^^ meta.image.dockerfile entity.name.namespace.registry.dockerfile
#                  ^ meta.image.dockerfile punctuation.separator.path.dockerfile
#                   ^^^^^^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                            ^ meta.image.dockerfile punctuation.separator.image.dockerfile
#                             ^^ meta.image.dockerfile entity.name.type.image.dockerfile
#                               ^ meta.image.dockerfile punctuation.separator.tag.dockerfile
#                                ^^^ meta.image.dockerfile constant.numeric.tag.dockerfile
#                                    ^^^ string.unquoted.dockerfile
#                                        ^^^^^ string.unquoted.dockerfile
COPY --from=0 a b
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^ constant.numeric.stage.dockerfile
#             ^ string.unquoted.dockerfile
#               ^ string.unquoted.dockerfile
