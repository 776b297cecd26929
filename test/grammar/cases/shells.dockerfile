# SYNTAX TEST "source.dockerfile" "other shells"
FROM debian:13
# <---- keyword.other.special-method.dockerfile
#    ^^^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#          ^ meta.image.dockerfile punctuation.separator.tag.dockerfile
#           ^^ meta.image.dockerfile constant.numeric.tag.dockerfile
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# <----- keyword.other.special-method.dockerfile
#     ^ meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#      ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#       ^^^^^^^^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                 ^ meta.exec.dockerfile punctuation.separator.array.dockerfile
#                   ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                    ^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                      ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                       ^ meta.exec.dockerfile punctuation.separator.array.dockerfile
#                         ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                          ^^^^^^^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                                  ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                                   ^ meta.exec.dockerfile punctuation.separator.array.dockerfile
#                                     ^ meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                                      ^^ meta.exec.dockerfile string.quoted.double.dockerfile
#                                        ^ meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                                         ^ meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN echo a | cat
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell meta.statement.shell
#          ^ meta.embedded.inline.shell keyword.operator.shell
#            ^^^ meta.embedded.inline.shell
SHELL [ "pwsh", "-Command" ]
# <----- meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#     ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#       ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#        ^^^^ meta.shell.powershell.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#            ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#             ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.separator.array.dockerfile
#               ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                ^^^^^^^^ meta.shell.powershell.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                        ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                          ^ meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN import $x
# <--- meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#   ^^^^^^ meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.control.powershell
#          ^^ meta.shell.powershell.dockerfile meta.embedded.inline.powershell variable.other.normal.powershell
CMD import $x
# <--- meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#   ^^^^^^ meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.control.powershell
#          ^^ meta.shell.powershell.dockerfile meta.embedded.inline.powershell variable.other.normal.powershell
SHELL ["/usr/bin/python3", "-c"]
# <----- meta.shell.python.dockerfile keyword.other.special-method.dockerfile
#     ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#      ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#       ^^^^^^^^^^^^^^^^ meta.shell.python.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                       ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                        ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.separator.array.dockerfile
#                          ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                           ^^ meta.shell.python.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                             ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                              ^ meta.shell.python.dockerfile meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN import os; """never closed
# <--- meta.shell.python.dockerfile keyword.other.special-method.dockerfile
#   ^^^^^^ meta.shell.python.dockerfile meta.embedded.inline.python keyword.control.python
#          ^^ meta.shell.python.dockerfile meta.embedded.inline.python
#            ^ meta.shell.python.dockerfile meta.embedded.inline.python keyword.operator.python
#              ^^^ meta.shell.python.dockerfile meta.embedded.inline.python string.quoted.multi.python
#                 ^^^^^^^^^^^^ meta.shell.python.dockerfile meta.embedded.inline.python string.quoted.multi.python
ONBUILD RUN import os
# <------- meta.shell.python.dockerfile keyword.other.special-method.dockerfile
#       ^^^ meta.shell.python.dockerfile keyword.other.special-method.dockerfile
#           ^^^^^^ meta.shell.python.dockerfile meta.embedded.inline.python keyword.control.python
#                  ^^ meta.shell.python.dockerfile meta.embedded.inline.python
FROM debian:13
# <---- keyword.other.special-method.dockerfile
#    ^^^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
#          ^ meta.image.dockerfile punctuation.separator.tag.dockerfile
#           ^^ meta.image.dockerfile constant.numeric.tag.dockerfile
RUN echo a
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell meta.statement.shell
