# SYNTAX TEST "source.dockerfile" "heredocs in their languages"
RUN <<EOF
# <--- keyword.other.special-method.dockerfile
#   ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#     ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
echo "never closed
# <---- meta.heredoc.dockerfile meta.embedded.block.shell
#    ^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.double.shell
#     ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.double.shell
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN <<EOF
# <--- keyword.other.special-method.dockerfile
#   ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#     ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#!/usr/bin/env python3
# <---------------------- meta.heredoc.dockerfile comment.line.shebang.dockerfile
import """never closed
# <------ meta.heredoc.dockerfile meta.embedded.block.python keyword.control.python
#      ^^^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.multi.python
#         ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.multi.python
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
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
    python3 - <<'PY'
#   ^^^^^^ meta.heredoc.dockerfile entity.name.command.shell
#         ^^^ meta.heredoc.dockerfile meta.statement.shell
#             ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#               ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
#                ^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#                  ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
import "never closed
# <------ meta.heredoc.dockerfile meta.embedded.block.python keyword.control.python
#      ^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.double.python
#       ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.double.python
PY
# <-- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN node <<-JS && echo done
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.heredoc.dockerfile entity.name.command.shell
#        ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#          ^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#           ^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#              ^^ meta.heredoc.dockerfile keyword.operator.shell
#                 ^^^^ meta.heredoc.dockerfile entity.name.command.shell
#                      ^^^^ meta.heredoc.dockerfile meta.statement.shell
	const x = `never closed
#^^^^^ meta.heredoc.dockerfile meta.embedded.block.javascript keyword.control.javascript
#      ^^^ meta.heredoc.dockerfile meta.embedded.block.javascript
#          ^ meta.heredoc.dockerfile meta.embedded.block.javascript string.template.javascript
#           ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.javascript string.template.javascript
	JS
#^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN cat <<EOF > /etc/app.json
# <--- keyword.other.special-method.dockerfile
#   ^^^ meta.heredoc.dockerfile entity.name.command.shell
#       ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#         ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#             ^^^^^^^^^^^^^^^ meta.heredoc.dockerfile meta.heredoc.rest.dockerfile
{ "never": "closed
# <- meta.heredoc.dockerfile meta.embedded.block.json keyword.operator.json
# ^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
#  ^^^^^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
#       ^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
#        ^ meta.heredoc.dockerfile meta.embedded.block.json
#          ^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
#           ^^^^^^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN cat <<"EOF" > /etc/motd
# <--- keyword.other.special-method.dockerfile
#   ^^^ meta.heredoc.dockerfile entity.name.command.shell
#       ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#         ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
#          ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#             ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
#               ^^^^^^^^^^^ meta.heredoc.dockerfile meta.heredoc.rest.dockerfile
costs $5 'here
# <-------------- meta.heredoc.dockerfile string.unquoted.heredoc.dockerfile
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN cat <<EOF > /etc/motd
# <--- keyword.other.special-method.dockerfile
#   ^^^ meta.heredoc.dockerfile entity.name.command.shell
#       ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#         ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#             ^^^^^^^^^^^ meta.heredoc.dockerfile meta.heredoc.rest.dockerfile
hello $NAME
# <----- meta.heredoc.dockerfile string.unquoted.heredoc.dockerfile
#     ^ meta.heredoc.dockerfile punctuation.definition.variable.dockerfile
#      ^^^^ meta.heredoc.dockerfile variable.other.normal.dockerfile
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN <<FIRST cat > /a && cat <<SECOND > /b
# <--- keyword.other.special-method.dockerfile
#   ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#     ^^^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#           ^^^ meta.heredoc.dockerfile entity.name.command.shell
#               ^^^^ meta.heredoc.dockerfile meta.statement.shell
#                    ^^ meta.heredoc.dockerfile keyword.operator.shell
#                       ^^^ meta.heredoc.dockerfile entity.name.command.shell
#                           ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#                             ^^^^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#                                    ^^^^ meta.heredoc.dockerfile meta.statement.shell
if
# <-- meta.heredoc.dockerfile meta.embedded.block.shell keyword.control.shell
FIRST
# <----- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
text
# <---- meta.heredoc.dockerfile string.unquoted.heredoc.dockerfile
SECOND
# <------ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN echo a && \
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell meta.statement.shell
#          ^^ meta.embedded.inline.shell keyword.operator.shell
#             ^ meta.embedded.inline.shell constant.character.escape.line-continuation.dockerfile
  bash <<EOF
# ^^^^ meta.heredoc.dockerfile entity.name.command.shell
#      ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#        ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
if 'never closed
# <-- meta.heredoc.dockerfile meta.embedded.block.shell keyword.control.shell
#  ^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.single.shell
#   ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.single.shell
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
COPY <<-"EOF" /etc/app.json
# <---- keyword.other.special-method.dockerfile
#    ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#      ^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#       ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
#        ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#           ^ meta.heredoc.dockerfile punctuation.definition.string.heredoc.dockerfile
#             ^^^^^^^^^^^^^ meta.heredoc.dockerfile string.unquoted.dockerfile
	{ "never
#^ meta.heredoc.dockerfile meta.embedded.block.json keyword.operator.json
#  ^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
#   ^^^^^ meta.heredoc.dockerfile meta.embedded.block.json string.quoted.double.json
	EOF
#^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
COPY --chmod=0644 <<script.py <<notes.txt /srv/
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^^ entity.other.attribute-name.flag.dockerfile
#           ^ keyword.operator.assignment.dockerfile
#            ^^^^ constant.numeric.flag.dockerfile
#                 ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#                   ^^^^^^^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#                             ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#                               ^^^^^^^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
#                                         ^^^^^ meta.heredoc.dockerfile string.unquoted.dockerfile
import 'never closed
# <------ meta.heredoc.dockerfile meta.embedded.block.python keyword.control.python
#      ^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.single.python
#       ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.python string.quoted.single.python
script.py
# <--------- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
notes of $NAME
# <-------- meta.heredoc.dockerfile string.unquoted.heredoc.dockerfile
#        ^ meta.heredoc.dockerfile punctuation.definition.variable.dockerfile
#         ^^^^ meta.heredoc.dockerfile variable.other.normal.dockerfile
notes.txt
# <--------- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN echo "a <<EOF b" $((1 << 2)) $((1<<n)) <<<word
# <--- keyword.other.special-method.dockerfile
#   ^^^^ meta.embedded.inline.shell entity.name.command.shell
#        ^ meta.embedded.inline.shell string.quoted.double.shell
#         ^^^^^^^^^ meta.embedded.inline.shell string.quoted.double.shell
#                  ^ meta.embedded.inline.shell string.quoted.double.shell
#                    ^^^^^^^^^ meta.embedded.inline.shell meta.statement.shell
#                             ^^^^^^^^^^^^^^^^^^^^ meta.embedded.inline.shell
ONBUILD RUN <<EOF
# <------- keyword.other.special-method.dockerfile
#       ^^^ keyword.other.special-method.dockerfile
#           ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#             ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
echo "never closed
# <---- meta.heredoc.dockerfile meta.embedded.block.shell
#    ^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.double.shell
#     ^^^^^^^^^^^^ meta.heredoc.dockerfile meta.embedded.block.shell string.quoted.double.shell
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
RUN <<EOF
# <--- keyword.other.special-method.dockerfile
#   ^^ meta.heredoc.dockerfile keyword.operator.heredoc.dockerfile
#     ^^^ meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
 EOF
#^^^ meta.heredoc.dockerfile meta.embedded.block.shell
	EOF
#^^^ meta.heredoc.dockerfile meta.embedded.block.shell
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile
USER app
# <---- keyword.other.special-method.dockerfile
#    ^^^ string.unquoted.user.dockerfile
