/** `dockwright/acceptFinding`: the text of a scanner's ignore file with one more entry. The client writes the file. */
import { acceptFinding, type Accepted, type IgnoreFile } from "../../core/features/scan/ignore-file.ts";
import { invalidParams } from "../guard.ts";
import type { AcceptedText } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

const FILES: readonly IgnoreFile[] = ["trivy-yaml", "trivy-list", "grype-yaml"];
const KINDS: readonly Accepted["kind"][] = ["vulnerability", "secret", "misconfiguration"];

export function acceptFindingHandler(_session: Session, params: unknown): AcceptedText {
  const fields = fieldsOf(params);
  const entry = fieldsOf(fields?.["entry"]);
  const file = FILES.find((each) => each === fields?.["file"]);
  const kind = KINDS.find((each) => each === entry?.["kind"]);
  const [text, id, reason] = [stringOf(fields?.["text"]), stringOf(entry?.["id"]), stringOf(entry?.["reason"])];
  if (file === undefined || kind === undefined || text === undefined || id === undefined || reason === undefined)
    throw invalidParams("A kind of file, its text and an entry with kind, id and reason are needed");
  const [path, name, until] = ["path", "package", "until"].map((key) => stringOf(entry?.[key]));
  return acceptFinding(file, text, {
    kind,
    id,
    reason,
    ...(path !== undefined && { path }),
    ...(name !== undefined && { package: name }),
    ...(until !== undefined && { until }),
  });
}
