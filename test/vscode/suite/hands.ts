/** Asks the person at the workbench: test/vscode/hands.ts, reached over a loopback address. The desktop VS Code has none. */
const address = process.env["DOCKWRIGHT_TEST_HANDS"];

export const hasHands = address !== undefined;

export async function hand<T>(action: string, word = ""): Promise<T> {
  const response = await fetch(`${address}/${action}`, { method: "POST", body: word });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${text}`);
  return JSON.parse(text);
}
