/** `dockwright.explainRule` for editors without a view of their own: the rule's page, or what it is about in a message. */
import { MessageType } from "vscode-languageserver/node";
import { rulePage } from "../../core/rules/page.ts";
import { invalidParams } from "../guard.ts";
import type { Session } from "../session.ts";

export async function explainRule(session: Session, id: string): Promise<null> {
  const rule = session.rules.find((known) => known.id === id);
  if (!rule) throw invalidParams(`There is no rule ${id}`);
  if (session.abilities.showDocument) {
    const { success } = await session.connection.window.showDocument({ uri: rulePage(id), external: true });
    if (success) return null;
  }
  session.showMessage(MessageType.Info, `${id}: ${rule.summary}. ${rule.why.trim()}`);
  return null;
}
