import { exposesOf, portRange, portSpecs } from "../../model/dockerfile/ports.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "expose-port-range",
  summary: "EXPOSE with something that is no port",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: [
    "hadolint:DL3011",
    "trivy:DS-0008",
    "kics:UNIX Ports Out Of Range",
    "dockerfilelint:invalid_port",
    "dockerfile-utils:INVALID_PORT",
  ],
  why: `
A port is a number from 0 to 65535, a range two of them with the smaller one first. The build stops at anything else. What a
variable gives is looked at where the file gives it a value.`,
  examples: [
    { bad: "FROM nginx:1.29\nEXPOSE 80800\n" },
    { bad: "FROM nginx:1.29\nEXPOSE http\n" },
    { good: "FROM nginx:1.29\nEXPOSE 80 8000-8010/tcp\n" },
    { good: "FROM nginx:1.29\nARG PORT\nEXPOSE $PORT\n" },
  ],
  check({ dockerfile, report }) {
    for (const expose of exposesOf(dockerfile))
      for (const { word, container, hidden } of portSpecs(dockerfile, expose)) {
        if (hidden || portRange(container)) continue;
        report(word.span, { message: `EXPOSE ${word.text}: ${faultOf(container)}` });
      }
  },
});

function faultOf(container: string): string {
  if (container === "") return "there is no port in it";
  const ends = container.split("-");
  const [first = "", last = ""] = ends;
  if (ends.length !== 2 || !isNumber(first) || !isNumber(last))
    return isNumber(container)
      ? `${container} is out of range, ports end at 65535`
      : `${container} is neither a port number nor a range of them`;
  if (Number(last) > 65_535 || Number(first) > 65_535) return `${container} is out of range, ports end at 65535`;
  return `the range ${container} ends before it begins`;
}

const isNumber = (text: string): boolean => /^\+?\d+$/.test(text);
