import { defineRule } from "../../rule.ts";
import { settingRemoval, settingsOf } from "../verification.ts";

export default defineRule({
  id: "tls-node",
  summary: "NODE_TLS_REJECT_UNAUTHORIZED=0",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_6"],
  why: `
With \`NODE_TLS_REJECT_UNAUTHORIZED=0\` every TLS connection of Node takes any certificate, those of npm and of the program itself,
and an \`ENV\` does so in production. A company's own certificate authority belongs in \`NODE_EXTRA_CA_CERTS\`. Node looks for the
value 0 and nothing else.`,
  fixSafety: "Unsafe: a server whose certificate is not trusted is an error then.",
  examples: [
    {
      bad: "FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=0 NODE_ENV=production\n",
      fixed: "FROM node:24\nENV NODE_ENV=production\n",
    },
    {
      bad: "FROM node:24\nRUN export NODE_TLS_REJECT_UNAUTHORIZED=0 && npm ci\n",
      fixed: "FROM node:24\nRUN npm ci\n",
    },
    { good: "FROM node:24\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem\n" },
  ],
  check({ dockerfile, report }) {
    for (const setting of settingsOf(dockerfile, "NODE_TLS_REJECT_UNAUTHORIZED"))
      if (setting.value === "0")
        report(setting.span, {
          message: "NODE_TLS_REJECT_UNAUTHORIZED=0 makes Node take any certificate",
          ...settingRemoval(setting),
        });
  },
});
