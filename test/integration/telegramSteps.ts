import type { GatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows } from "../harness/rows.ts";
import { commandMark, type telegramChat } from "../harness/telegramChat.ts";

/** The facts that the built-in memory has of a user. */
export const factsOf = async (harness: GatewayHarness, user = "4711") =>
  (await allRows(harness))
    .filter(({ pk, kind }) => String(pk).startsWith("MEMORY#") && String(pk).endsWith(user) && kind === "fact")
    .map(({ text }) => text);

/** Ends the session and answers its transcript as a provider gets it. */
export async function transcriptOf(harness: GatewayHarness, chat: ReturnType<typeof telegramChat>) {
  await chat.send({ text: "/reset", ...commandMark(6) });
  return harness.delivered().at(-1)?.messages;
}
