/** Where the key is kept: for every tab of this browser, and worth nothing once the console has ended. */
const KEY = "vesper-key";

/** The key that goes with each call; undefined: no link was opened yet. */
export function readKey(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

/** Exchanges the one-time token of the link that was opened, and takes it out of the address. */
export async function enter(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  const response = await fetch("/api/enter", { method: "POST", body: JSON.stringify({ token }) });
  if (!response.ok) return;
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null && "key" in answer) localStorage.setItem(KEY, String(answer.key));
}
