/** Which form of an instruction is shown at a cursor (`$0`), and which part of it is marked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FORMS } from "../../server/src/core/features/dockerfile/forms.ts";
import { signatureAt } from "../../server/src/core/features/dockerfile/signature.ts";
import { INSTRUCTIONS } from "../../server/src/core/model/dockerfile/instructions.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { marked } from "./cursor-texts.ts";

/** The active form with its active part in `»«`. */
function shown(source: string): string | undefined {
  const { text, at } = marked(source);
  const found = signatureAt(parseDockerfile(text, "Dockerfile"), at);
  const signature = found?.signatures[found.active];
  if (!found || !signature) return undefined;
  const parameter = found.parameter === undefined ? undefined : signature.parameters[found.parameter];
  if (!parameter) return signature.label;
  const { start, end } = parameter;
  return `${signature.label.slice(0, start)}»${signature.label.slice(start, end)}«${signature.label.slice(end)}`;
}

const SHOWN: readonly (readonly [text: string, expected: string | undefined])[] = [
  ["FROM $0", "FROM [--platform=<platform>] »<image>« [AS <name>]"],
  ["FROM --$0", "FROM »[--platform=<platform>]« <image> [AS <name>]"],
  ["FROM node $0", "FROM [--platform=<platform>] <image> [»AS« <name>]"],
  ["FROM node AS $0", "FROM [--platform=<platform>] <image> [AS »<name>«]"],
  ["FROM --platform=$0", "--platform=»<os>/<architecture>[/<variant>]«"],
  ["FROM a\nRUN $0", "RUN [OPTIONS] »<command> ...«"],
  ["FROM a\nRUN -$0", "RUN »[OPTIONS]« <command> ..."],
  ["FROM a\nRUN a b c$0", "RUN [OPTIONS] »<command> ...«"],
  ['FROM a\nRUN ["$0', 'RUN [OPTIONS] [»"<program>"«, "<argument>", ...]'],
  ['FROM a\nRUN ["a", "$0', 'RUN [OPTIONS] ["<program>", »"<argument>"«, ...]'],
  ["FROM a\nRUN <<E$0", "RUN [OPTIONS] »<<EOF«"],
  ["FROM a\nRUN --network=$0", "--network=»<default|none|host>«"],
  ["FROM a\nCOPY $0", "COPY [OPTIONS] »<src> ...« <dest>"],
  ["FROM a\nCOPY a $0", "COPY [OPTIONS] <src> ... »<dest>«"],
  ["FROM a\nCOPY a $0b /c", "COPY [OPTIONS] »<src> ...« <dest>"],
  ["FROM a\nCOPY a b /c$0", "COPY [OPTIONS] <src> ... »<dest>«"],
  ["FROM a\nCOPY --link \\\n  a \\\n  $0", "COPY [OPTIONS] <src> ... »<dest>«"],
  ['FROM a\nCOPY ["a", "$0', 'COPY [OPTIONS] ["<src>", ... »"<dest>"«]'],
  ["FROM a\nCOPY <<EOF $0\nEOF", "COPY [OPTIONS] <<EOF »<dest>«"],
  ["FROM a\nCOPY --chown=$0 a b", "--chown=»<user>[:<group>]«"],
  ["FROM a\nENV $0", "ENV »<key>«=<value> ..."],
  ["FROM a\nENV A=$0", "ENV <key>=»<value>« ..."],
  ["FROM a\nENV A=1 B$0", "ENV »<key>«=<value> ..."],
  ["FROM a\nARG A=$0", "ARG <name>»[=<default>]« ..."],
  ["FROM a\nEXPOSE 80/$0", "EXPOSE <port>»[/<protocol>]« ..."],
  ["FROM a\nUSER a:$0", "USER <user>»[:<group>]«"],
  ["FROM a\nHEALTHCHECK $0", "HEALTHCHECK [OPTIONS] »CMD« <command>"],
  ["FROM a\nHEALTHCHECK CMD $0", "HEALTHCHECK [OPTIONS] CMD »<command>«"],
  ["FROM a\nHEALTHCHECK NONE$0", "HEALTHCHECK »NONE«"],
  ["FROM a\nONBUILD COPY $0", "COPY [OPTIONS] »<src> ...« <dest>"],
  ["from a\ncopy a $0", "COPY [OPTIONS] <src> ... »<dest>«"],
  ["FROM a\nRUN --mount=$0", "--mount=»type=bind«[,target=…][,source=…][,from=…][,readwrite][,readonly]"],
  ["FROM a\nRUN --mount=type=tm$0", "--mount=»type=bind«[,target=…][,source=…][,from=…][,readwrite][,readonly]"],
  ["FROM a\nRUN --mount=type=tmpfs$0", "--mount=»type=tmpfs«[,target=…][,size=…][,readonly][,readwrite]"],
  ["FROM a\nRUN --mount=type=tmpfs,$0", "--mount=type=tmpfs[,target=…][,size=…][,readonly][,readwrite]"],
  ["FROM a\nRUN --mount=type=tmpfs,si$0", "--mount=type=tmpfs[,target=…]»[,size=…]«[,readonly][,readwrite]"],
  ["FROM a\nRUN --mount=type=tmpfs,dst=$0", "--mount=type=tmpfs»[,target=…]«[,size=…][,readonly][,readwrite]"],
  ["FROM a\nRU$0", undefined],
  ["FROM a\n# x $0", undefined],
  ["FROM a\nFOO $0", undefined],
];
for (const [text, expected] of SHOWN)
  test(`signature: ${JSON.stringify(text)}`, () => assert.equal(shown(text), expected));

test("every instruction has its forms, and every part of a form stands in it, in order", () => {
  for (const name of INSTRUCTIONS.keys()) {
    const forms = FORMS[name];
    assert.ok(forms, name);
    for (const { label, parameters } of forms) {
      assert.ok(label.startsWith(`${name} `), label);
      let from = 0;
      for (const { text, about } of parameters) {
        const start = label.indexOf(text, from);
        assert.notEqual(start, -1, `${text} of ${label}`);
        from = start + text.length;
        assert.match(about, /\S/);
      }
    }
  }
});
