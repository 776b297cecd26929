/** Why commands are disabled: where a person looks for them in Restricted Mode, this one is found. */
import { sayRestricted } from "../trust.ts";

export async function whyRestricted(): Promise<void> {
  // Whoever ran it does not wait until the message is answered.
  void sayRestricted();
}
