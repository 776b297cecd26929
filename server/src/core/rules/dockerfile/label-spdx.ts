import { spdxFault } from "../../model/spdx.ts";
import { safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-spdx",
  kind: "spdx",
  summary: "a label of the schema that should be an SPDX license is none",
  sameAs: ["hadolint:DL3054"],
  fixable: "sometimes",
  why: `
License checks compare identifiers: "Apache License 2.0" matches no policy that knows \`Apache-2.0\`. hadolint takes a single
identifier; the OCI annotation \`org.opencontainers.image.licenses\` is an SPDX expression, so \`MIT OR Apache-2.0\`,
\`GPL-2.0-only WITH Classpath-exception-2.0\` and \`LicenseRef-ours\` are right here. Silent without a schema, and where a variable has
a part in the value.`,
  fixSafety:
    "Safe: identifiers are the same in any case, and only the case of letters changes, to that of the SPDX list.",
  good: "Apache-2.0 OR MIT",
  bad: "mit",
  fixed: "MIT",
  fault(value) {
    const found = spdxFault(value);
    if (!found) return undefined;
    const { message, corrected } = found;
    if (corrected === undefined) return { message: `is no SPDX license expression: it ${message}` };
    return {
      message: `has the license ${value}, which ${message}`,
      fix({ valueSpan }, { text }) {
        const offset = text.slice(valueSpan.start, valueSpan.end).indexOf(value);
        if (offset === -1) return undefined;
        const start = valueSpan.start + offset;
        return safeFix(`Write ${corrected}`, replace({ start, end: start + value.length }, corrected));
      },
    };
  },
});
