# SYNTAX TEST "source.dockerfile" "arguments of each instruction"
ENV A=1 B="x ${A:-b} \"" C='d'
# <--- keyword.other.special-method.dockerfile
#   ^ variable.other.readwrite.dockerfile
#    ^ keyword.operator.assignment.dockerfile
#     ^ string.unquoted.dockerfile
#       ^ variable.other.readwrite.dockerfile
#        ^ keyword.operator.assignment.dockerfile
#         ^ punctuation.definition.string.begin.dockerfile
#          ^ string.quoted.double.dockerfile
#            ^^ punctuation.definition.variable.begin.dockerfile
#              ^ variable.other.normal.dockerfile
#               ^^ keyword.operator.expansion.dockerfile
#                 ^ string.unquoted.expansion.dockerfile
#                  ^ punctuation.definition.variable.end.dockerfile
#                    ^^ constant.character.escape.dockerfile
#                      ^ punctuation.definition.string.end.dockerfile
#                        ^ variable.other.readwrite.dockerfile
#                         ^ keyword.operator.assignment.dockerfile
#                          ^ punctuation.definition.string.begin.dockerfile
#                           ^ string.quoted.single.dockerfile
#                            ^ punctuation.definition.string.end.dockerfile
ENV OLD a value with $A
# <--- keyword.other.special-method.dockerfile
#   ^^^ variable.other.readwrite.dockerfile
#       ^ string.unquoted.dockerfile
#         ^^^^^ string.unquoted.dockerfile
#               ^^^^ string.unquoted.dockerfile
#                    ^ punctuation.definition.variable.dockerfile
#                     ^ variable.other.normal.dockerfile
ARG V="1.0" W
# <--- keyword.other.special-method.dockerfile
#   ^ variable.other.readwrite.dockerfile
#    ^ keyword.operator.assignment.dockerfile
#     ^ punctuation.definition.string.begin.dockerfile
#      ^^^ string.quoted.double.dockerfile
#         ^ punctuation.definition.string.end.dockerfile
#           ^ variable.other.readwrite.dockerfile
LABEL org.opencontainers.image.title="A b" "quoted key"=c
# <----- keyword.other.special-method.dockerfile
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ entity.other.attribute-name.label.dockerfile
#                                   ^ keyword.operator.assignment.dockerfile
#                                    ^ punctuation.definition.string.begin.dockerfile
#                                     ^^^ string.quoted.double.dockerfile
#                                        ^ punctuation.definition.string.end.dockerfile
#                                          ^^^^^^^^^^^^ entity.other.attribute-name.label.dockerfile
#                                                      ^ keyword.operator.assignment.dockerfile
#                                                       ^ string.unquoted.dockerfile
RUN --mount=type=cache,target=/root/.npm,sharing=locked,ro --network=none npm ci
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
#                             ^^^^^^^^^^ string.unquoted.flag.dockerfile
#                                       ^ punctuation.separator.mount.dockerfile
#                                        ^^^^^^^ entity.other.attribute-name.mount.dockerfile
#                                               ^ keyword.operator.assignment.dockerfile
#                                                ^^^^^^ constant.language.flag.dockerfile
#                                                      ^ punctuation.separator.mount.dockerfile
#                                                       ^^ entity.other.attribute-name.mount.dockerfile
#                                                          ^^ punctuation.definition.flag.dockerfile
#                                                            ^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                                   ^ keyword.operator.assignment.dockerfile
#                                                                    ^^^^ constant.language.flag.dockerfile
#                                                                         ^^^ meta.embedded.inline.shell entity.name.command.shell
#                                                                             ^^ meta.embedded.inline.shell meta.statement.shell
RUN --mount=type=bind,from=build,source=/a,target=/b --mount=type=secret,id=token,env=TOKEN,required make
# <--- keyword.other.special-method.dockerfile
#   ^^ punctuation.definition.flag.dockerfile
#     ^^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^ entity.other.attribute-name.mount.dockerfile
#               ^ keyword.operator.assignment.dockerfile
#                ^^^^ constant.language.flag.dockerfile
#                    ^ punctuation.separator.mount.dockerfile
#                     ^^^^ entity.other.attribute-name.mount.dockerfile
#                         ^ keyword.operator.assignment.dockerfile
#                          ^^^^^ entity.name.function.stage.dockerfile
#                               ^ punctuation.separator.mount.dockerfile
#                                ^^^^^^ entity.other.attribute-name.mount.dockerfile
#                                      ^ keyword.operator.assignment.dockerfile
#                                       ^^ string.unquoted.flag.dockerfile
#                                         ^ punctuation.separator.mount.dockerfile
#                                          ^^^^^^ entity.other.attribute-name.mount.dockerfile
#                                                ^ keyword.operator.assignment.dockerfile
#                                                 ^^ string.unquoted.flag.dockerfile
#                                                    ^^ punctuation.definition.flag.dockerfile
#                                                      ^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                           ^ keyword.operator.assignment.dockerfile
#                                                            ^^^^ entity.other.attribute-name.mount.dockerfile
#                                                                ^ keyword.operator.assignment.dockerfile
#                                                                 ^^^^^^ constant.language.flag.dockerfile
#                                                                       ^ punctuation.separator.mount.dockerfile
#                                                                        ^^ entity.other.attribute-name.mount.dockerfile
#                                                                          ^ keyword.operator.assignment.dockerfile
#                                                                           ^^^^^ string.unquoted.flag.dockerfile
#                                                                                ^ punctuation.separator.mount.dockerfile
#                                                                                 ^^^ entity.other.attribute-name.mount.dockerfile
#                                                                                    ^ keyword.operator.assignment.dockerfile
#                                                                                     ^^^^^ string.unquoted.flag.dockerfile
#                                                                                          ^ punctuation.separator.mount.dockerfile
#                                                                                           ^^^^^^^^ entity.other.attribute-name.mount.dockerfile
#                                                                                                    ^^^^ meta.embedded.inline.shell entity.name.command.shell
EXPOSE 80 443/tcp 8000-8010
# <------ keyword.other.special-method.dockerfile
#      ^^ constant.numeric.port.dockerfile
#         ^^^ constant.numeric.port.dockerfile
#            ^ punctuation.separator.protocol.dockerfile
#             ^^^ constant.language.protocol.dockerfile
#                 ^^^^ constant.numeric.port.dockerfile
#                     ^ keyword.operator.range.dockerfile
#                      ^^^^ constant.numeric.port.dockerfile
USER 1000:app
# <---- keyword.other.special-method.dockerfile
#    ^^^^ constant.numeric.user.dockerfile
#        ^ punctuation.separator.group.dockerfile
#         ^^^ string.unquoted.user.dockerfile
STOPSIGNAL SIGTERM
# <---------- keyword.other.special-method.dockerfile
#          ^^^^^^^ constant.language.signal.dockerfile
WORKDIR /srv/$NAME
# <------- keyword.other.special-method.dockerfile
#       ^^^^^ string.unquoted.dockerfile
#            ^ punctuation.definition.variable.dockerfile
#             ^^^^ variable.other.normal.dockerfile
VOLUME ["/data", "/x\ty"]
# <------ keyword.other.special-method.dockerfile
#      ^ meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#       ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#        ^^^^^ meta.exec.dockerfile string.quoted.double.dockerfile
#             ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#              ^ meta.exec.dockerfile punctuation.separator.array.dockerfile
#                ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                 ^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                   ^^ meta.exec.dockerfile constant.character.escape.dockerfile
#                     ^ meta.exec.dockerfile string.quoted.double.dockerfile
#                      ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                       ^ meta.exec.dockerfile punctuation.definition.array.end.dockerfile
HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f http://localhost/
# <----------- keyword.other.special-method.dockerfile
#           ^^ punctuation.definition.flag.dockerfile
#             ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                     ^ keyword.operator.assignment.dockerfile
#                      ^^^^ constant.numeric.duration.dockerfile
#                          ^ keyword.other.unit.dockerfile
#                            ^^ punctuation.definition.flag.dockerfile
#                              ^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                     ^ keyword.operator.assignment.dockerfile
#                                      ^ constant.numeric.flag.dockerfile
#                                        ^^^ keyword.other.special-method.dockerfile
#                                            ^^^^ meta.embedded.inline.shell entity.name.command.shell
#                                                 ^^^^^^^^^^^^^^^^^^^^ meta.embedded.inline.shell meta.statement.shell
HEALTHCHECK NONE
# <----------- keyword.other.special-method.dockerfile
#           ^^^^ constant.language.none.dockerfile
CMD ["node", "server.js"]
# <--- keyword.other.special-method.dockerfile
#   ^ meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#    ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#     ^^^^ meta.exec.dockerfile string.quoted.double.dockerfile
#         ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#          ^ meta.exec.dockerfile punctuation.separator.array.dockerfile
#            ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#             ^^^^^^^^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                      ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                       ^ meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN ["a"]
# <--- keyword.other.special-method.dockerfile
#   ^ meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#    ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#     ^ meta.exec.dockerfile string.quoted.double.dockerfile
#      ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#       ^ meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN [ "$A" = "b" ] && true
# <--- keyword.other.special-method.dockerfile
#   ^ meta.embedded.inline.shell
#     ^ meta.embedded.inline.shell string.quoted.double.shell
#      ^^ meta.embedded.inline.shell string.quoted.double.shell
#        ^ meta.embedded.inline.shell string.quoted.double.shell
#          ^ meta.embedded.inline.shell
#            ^ meta.embedded.inline.shell string.quoted.double.shell
#             ^ meta.embedded.inline.shell string.quoted.double.shell
#              ^ meta.embedded.inline.shell string.quoted.double.shell
#                ^ meta.embedded.inline.shell
#                  ^^ meta.embedded.inline.shell keyword.operator.shell
#                     ^^^^ meta.embedded.inline.shell
MAINTAINER somebody
# <---------- keyword.other.special-method.dockerfile
#          ^^^^^^^^ string.unquoted.dockerfile
ONBUILD COPY . /app
# <------- keyword.other.special-method.dockerfile
#       ^^^^ keyword.other.special-method.dockerfile
#            ^ string.unquoted.dockerfile
#              ^^^^ string.unquoted.dockerfile
COPY a\ b "c\"d" 'e\f' \$X
# <---- keyword.other.special-method.dockerfile
#    ^ string.unquoted.dockerfile
#     ^ string.unquoted.dockerfile
#       ^ string.unquoted.dockerfile
#         ^ punctuation.definition.string.begin.dockerfile
#          ^ string.quoted.double.dockerfile
#           ^^ constant.character.escape.dockerfile
#             ^ string.quoted.double.dockerfile
#              ^ punctuation.definition.string.end.dockerfile
#                ^ punctuation.definition.string.begin.dockerfile
#                 ^^^ string.quoted.single.dockerfile
#                    ^ punctuation.definition.string.end.dockerfile
#                      ^^ constant.character.escape.dockerfile
#                        ^ string.unquoted.dockerfile
