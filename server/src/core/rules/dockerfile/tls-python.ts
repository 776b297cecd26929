import { defineRule } from "../../rule.ts";
import { settingRemoval, settingsOf } from "../verification.ts";

export default defineRule({
  id: "tls-python",
  summary: "PYTHONHTTPSVERIFY=0",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_5"],
  why: `
\`PYTHONHTTPSVERIFY=0\` makes Python 2.7's own HTTPS client take any certificate (PEP 493), and an \`ENV\` does so for every program
of the image, also when it runs. Python 3 does not read the variable, where it only hides which certificate is missing: install
\`ca-certificates\`, or add the company's own authority to the trust store. Other values than 0 switch nothing off.`,
  fixSafety: "Unsafe: with Python 2 a server whose certificate is not trusted is an error then.",
  examples: [
    {
      bad: "FROM python:2.7\nENV PYTHONHTTPSVERIFY=0 LANG=C.UTF-8\n",
      fixed: "FROM python:2.7\nENV LANG=C.UTF-8\n",
    },
    {
      bad: "FROM python:2.7\nRUN PYTHONHTTPSVERIFY=0 python fetch.py\n",
      fixed: "FROM python:2.7\nRUN python fetch.py\n",
    },
    { good: "FROM python:2.7\nENV PYTHONHTTPSVERIFY=1\n" },
  ],
  check({ dockerfile, report }) {
    for (const setting of settingsOf(dockerfile, "PYTHONHTTPSVERIFY"))
      if (setting.value === "0")
        report(setting.span, {
          message: "PYTHONHTTPSVERIFY=0 makes Python 2 take any certificate",
          ...settingRemoval(setting),
        });
  },
});
