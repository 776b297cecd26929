import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";

/** Files that are laid over another one, which has the name. */
const OVERRIDE = /\.override\.ya?ml$/i;

export default defineComposeRule({
  id: "compose-project-name",
  summary: "no `name` for the project",
  severity: "hint",
  profile: "all",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["dclint:require-project-name-field"],
  why: `
Without \`name\` the project is called after the folder it lies in. A clone into another folder is another project: its volumes are
empty, its containers stand beside the old ones, and \`docker compose down\` there does not find them. Two checkouts in folders of the
same name share one project. A name has to be chosen by a person, and giving one to a project that runs has the same effect once, so
there is no fix.`,
  examples: [
    { bad: "services:\n  web:\n    image: nginx:1.29\n" },
    { good: "name: shop\n\nservices:\n  web:\n    image: nginx:1.29\n" },
  ],
  check({ compose, report }) {
    const { root, text, name } = compose;
    const first = root?.written[0];
    const field = fieldOf(root, "name");
    // Compose refuses a name that is no text, and takes an empty one for none.
    if (!root || !first || OVERRIDE.test(name ?? "") || (field && textOf(field.value) !== "")) return;
    const isOnTop = !text.slice(0, first.keySpan.start).includes("\n");
    report(isOnTop ? first.keySpan : { start: 0, end: 0 }, {
      message: "The project has no name and is called after its folder",
    });
  },
});
