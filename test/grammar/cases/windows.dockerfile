# SYNTAX TEST "source.dockerfile" "Windows: the backtick, cmd and powershell"
# escape=`
# <- punctuation.definition.comment.dockerfile
# ^^^^^^ keyword.control.directive.dockerfile
#       ^ keyword.operator.assignment.dockerfile
#        ^ string.unquoted.directive.dockerfile
# check=skip=all
# <- meta.escape.backtick.dockerfile punctuation.definition.comment.dockerfile
# ^^^^^ meta.escape.backtick.dockerfile keyword.control.directive.dockerfile
#      ^ meta.escape.backtick.dockerfile keyword.operator.assignment.dockerfile
#       ^^^^^^^^ meta.escape.backtick.dockerfile string.unquoted.directive.dockerfile
FROM mcr.microsoft.com/windows/servercore:ltsc2022
# <---- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#    ^^^^^^^^^^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.namespace.registry.dockerfile
#                     ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.path.dockerfile
#                      ^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.type.image.dockerfile
#                             ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.image.dockerfile
#                              ^^^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.type.image.dockerfile
#                                        ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.tag.dockerfile
#                                         ^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile constant.numeric.tag.dockerfile
RUN set "never closed
# <--- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#   ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.control.batchfile
#       ^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile string.quoted.double.batchfile
#        ^^^^^^^^^^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile string.quoted.double.batchfile
RUN set A=1 `
# <--- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#   ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.control.batchfile
#       ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile
#           ^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile constant.character.escape.line-continuation.dockerfile
  # a comment
# ^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile punctuation.definition.comment.dockerfile
#   ^^^^^^^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile comment.line.number-sign.dockerfile
  && set B=2
# ^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.operator.batchfile
#    ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.control.batchfile
#        ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile
COPY a C:\app\
# <---- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#    ^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#      ^^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#        ^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#         ^^^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#            ^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
WORKDIR C:\app
# <------- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#       ^^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#         ^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
#          ^^^ meta.escape.backtick.dockerfile string.unquoted.dockerfile
SHELL ["powershell", "-Command"]
# <----- meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#     ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#      ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#       ^^^^^^^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                 ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                  ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.separator.array.dockerfile
#                    ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                     ^^^^^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                             ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                              ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN import "goes `
# <--- meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#   ^^^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.control.powershell
#          ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.double.powershell
#           ^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.double.powershell
#                ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell constant.character.escape.line-continuation.dockerfile
  on" ; `
# ^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.double.powershell
#   ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.double.powershell
#     ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.operator.powershell
#       ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell constant.character.escape.line-continuation.dockerfile
  set
# ^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.control.powershell
RUN import 'never closed
# <--- meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile keyword.other.special-method.dockerfile
#   ^^^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell keyword.control.powershell
#          ^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.single.powershell
#           ^^^^^^^^^^^^ meta.escape.backtick.dockerfile meta.shell.powershell.dockerfile meta.embedded.inline.powershell string.quoted.single.powershell
SHELL ["cmd", "/S", "/C"]
# <----- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#     ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.array.begin.dockerfile
#      ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#       ^^^ meta.escape.backtick.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#          ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#           ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.separator.array.dockerfile
#             ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#              ^^ meta.escape.backtick.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                 ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.separator.array.dockerfile
#                   ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.begin.dockerfile
#                    ^^ meta.escape.backtick.dockerfile meta.exec.dockerfile string.quoted.double.dockerfile
#                      ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.string.end.dockerfile
#                       ^ meta.escape.backtick.dockerfile meta.exec.dockerfile punctuation.definition.array.end.dockerfile
RUN set X=1
# <--- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#   ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.control.batchfile
#       ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
# <---- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#    ^^^^^^^^^^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.namespace.registry.dockerfile
#                     ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.path.dockerfile
#                      ^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.type.image.dockerfile
#                             ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.image.dockerfile
#                              ^^^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile entity.name.type.image.dockerfile
#                                        ^ meta.escape.backtick.dockerfile meta.image.dockerfile punctuation.separator.tag.dockerfile
#                                         ^^^^^^^^ meta.escape.backtick.dockerfile meta.image.dockerfile constant.numeric.tag.dockerfile
RUN set Y=1
# <--- meta.escape.backtick.dockerfile keyword.other.special-method.dockerfile
#   ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile keyword.control.batchfile
#       ^^^ meta.escape.backtick.dockerfile meta.embedded.inline.batchfile
