import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { type Mount, mountsOf } from "../../model/compose/mounts.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";
import { sourceMounts } from "../source-mounts.ts";

/** What the name of something for production has in it. */
const PRODUCTION = /(?:^|[._-])(?:prod|production|live|release|staging|deploy|deployment)(?:[._-]|$)/i;

export default defineComposeRule({
  id: "compose-development-mount",
  summary: "source code mounted into a container in a file for production",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
A mount of the project's folder over the image's hides what was built and tested: what runs is whatever lies on the host on that
day, with its \`.env\` and \`.git\`, and a host without a checkout runs an empty folder. An anonymous volume at
\`node_modules\`, the trick that goes with it, keeps the packages of the first start for ever. Both belong into
compose.override.yaml or a file for development. The rule looks at files whose names say production (\`compose.prod.yaml\`,
\`docker-compose.staging.yml\`), or whose project's \`name\` does, and at folders an image is built from, the project's folder,
and folders of code in them; configuration, data and single files are fine.`,
  examples: [
    { bad: "name: shop-production\nservices:\n  web:\n    build: .\n    volumes:\n      - .:/srv/app\n" },
    { good: "services:\n  web:\n    build: .\n    volumes:\n      - .:/srv/app\n" },
    { good: "services:\n  web:\n    build: .\n    volumes:\n      - ./config/web.conf:/etc/web.conf:ro\n" },
  ],
  check({ compose, project, report }) {
    const projectName = textOf(fieldOf(compose.root, "name")?.value) ?? "";
    if (!PRODUCTION.test(compose.name ?? "") && !PRODUCTION.test(projectName)) return;
    for (const service of servicesHere(project)) {
      for (const mount of sourceMounts(service))
        report(placeOf(service, mount, mount.span), {
          message: `${service.name} runs the code in ${mount.source ?? ""} on the host rather than the code in its image`,
        });
      for (const mount of mountsOf(service).filter(keepsPackages))
        report(placeOf(service, mount, mount.span), {
          message: `The volume at ${mount.target} keeps the packages of the first start when the image brings newer ones`,
        });
    }
  },
});

const keepsPackages = ({ type, source, target }: Mount): boolean =>
  type === "volume" && source === undefined && /\/(?:node_modules|vendor|\.venv)$/.test(target);
