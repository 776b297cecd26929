# SYNTAX TEST "source.dockerfile" "what is continued, and what is not closed"
RUN apt-get update && \
# <--- keyword.other.special-method.dockerfile
#   ^^^^^^^ meta.embedded.inline.shell entity.name.command.shell
#           ^^^^^^ meta.embedded.inline.shell meta.statement.shell
#                  ^^ meta.embedded.inline.shell keyword.operator.shell
#                     ^ meta.embedded.inline.shell constant.character.escape.line-continuation.dockerfile
    # a comment between
#   ^ meta.embedded.inline.shell punctuation.definition.comment.dockerfile
#     ^^^^^^^^^^^^^^^^^ meta.embedded.inline.shell comment.line.number-sign.dockerfile

    apt-get install curl
#   ^^^^^^^^^^^^^^^^^^^^ meta.embedded.inline.shell
RUN echo "never closed
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell string.quoted.double.shell
#         ^^^^^^^^^^^^ meta.embedded.inline.shell string.quoted.double.shell
USER app
# <---- keyword.other.special-method.dockerfile
#    ^^^ string.unquoted.user.dockerfile
RUN echo 'closed \
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell string.quoted.single.shell
#         ^^^^^^ meta.embedded.inline.shell string.quoted.single.shell
#                ^ meta.embedded.inline.shell constant.character.escape.line-continuation.dockerfile
  on the next line' && true
# ^^^^^^^^^^^^^^^^ meta.embedded.inline.shell string.quoted.single.shell
#                 ^ meta.embedded.inline.shell string.quoted.single.shell
#                   ^^ meta.embedded.inline.shell keyword.operator.shell
#                      ^^^^ meta.embedded.inline.shell
ENV A="never closed
# <--- keyword.other.special-method.dockerfile
#   ^ variable.other.readwrite.dockerfile
#    ^ keyword.operator.assignment.dockerfile
#     ^ punctuation.definition.string.begin.dockerfile
#      ^^^^^^^^^^^^ string.quoted.double.dockerfile
ENV A="goes \
# <--- keyword.other.special-method.dockerfile
#   ^ variable.other.readwrite.dockerfile
#    ^ keyword.operator.assignment.dockerfile
#     ^ punctuation.definition.string.begin.dockerfile
#      ^^^^ string.quoted.double.dockerfile
#           ^ constant.character.escape.line-continuation.dockerfile
  # a comment
# ^ punctuation.definition.comment.dockerfile
#   ^^^^^^^^^ comment.line.number-sign.dockerfile
  on" B=c
# ^^ string.quoted.double.dockerfile
#   ^ punctuation.definition.string.end.dockerfile
#     ^ variable.other.readwrite.dockerfile
#      ^ keyword.operator.assignment.dockerfile
#       ^ string.unquoted.dockerfile
CMD echo `never closed
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell string.template.shell
#         ^^^^^^^^^^^^ meta.embedded.inline.shell string.template.shell
RUN echo ends in two \\
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^^^^^^^^^^^^^^ meta.embedded.inline.shell meta.statement.shell
USER app
# <---- keyword.other.special-method.dockerfile
#    ^^^ string.unquoted.user.dockerfile
RUN echo # a comment of the shell \
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^ meta.embedded.inline.shell comment.line.number-sign.shell
  && still its RUN
# ^^ meta.embedded.inline.shell keyword.operator.shell
#    ^^^^^^^^^^^^^ meta.embedded.inline.shell
RUN --mount=type=cache,target=/x \
# <--- keyword.other.special-method.dockerfile
#   ^^ punctuation.definition.flag.dockerfile
#     ^^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^ entity.other.attribute-name.mount.dockerfile
#               ^ keyword.operator.assignment.dockerfile
#                ^^^^^ constant.language.flag.dockerfile
#                     ^ punctuation.separator.mount.dockerfile
#                      ^^^^^^ entity.other.attribute-name.mount.dockerfile
#                            ^ keyword.operator.assignment.dockerfile
#                             ^^ string.unquoted.flag.dockerfile
#                                ^ constant.character.escape.line-continuation.dockerfile
    --mount=type=tmpfs,target=/y \
#   ^^ punctuation.definition.flag.dockerfile
#     ^^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^ entity.other.attribute-name.mount.dockerfile
#               ^ keyword.operator.assignment.dockerfile
#                ^^^^^ constant.language.flag.dockerfile
#                     ^ punctuation.separator.mount.dockerfile
#                      ^^^^^^ entity.other.attribute-name.mount.dockerfile
#                            ^ keyword.operator.assignment.dockerfile
#                             ^^ string.unquoted.flag.dockerfile
#                                ^ constant.character.escape.line-continuation.dockerfile
    make
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
UNKNOWN words \
# <------------- meta.unknown.dockerfile
#             ^ constant.character.escape.line-continuation.dockerfile
  FROM nowhere
# ^^^^^^^^^^^^ meta.unknown.dockerfile
COPY --from=a \
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^ entity.name.function.stage.dockerfile
#             ^ constant.character.escape.line-continuation.dockerfile
  b c
# ^ string.unquoted.dockerfile
#   ^ string.unquoted.dockerfile
ONBUILD RUN echo "never closed
# <------- keyword.other.special-method.dockerfile
#       ^^^ keyword.other.special-method.dockerfile
#           ^^^^ meta.embedded.inline.shell entity.name.command.shell
#                ^ meta.embedded.inline.shell string.quoted.double.shell
#                 ^^^^^^^^^^^^ meta.embedded.inline.shell string.quoted.double.shell
HEALTHCHECK --interval=5s \
# <----------- keyword.other.special-method.dockerfile
#           ^^ punctuation.definition.flag.dockerfile
#             ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                     ^ keyword.operator.assignment.dockerfile
#                      ^ constant.numeric.duration.dockerfile
#                       ^ keyword.other.unit.dockerfile
#                         ^ constant.character.escape.line-continuation.dockerfile
  CMD echo 'never closed
# ^^^ keyword.other.special-method.dockerfile
#     ^^^^ meta.embedded.inline.shell entity.name.command.shell
#          ^ meta.embedded.inline.shell string.quoted.single.shell
#           ^^^^^^^^^^^^ meta.embedded.inline.shell string.quoted.single.shell
USER app
# <---- keyword.other.special-method.dockerfile
#    ^^^ string.unquoted.user.dockerfile
