import * as v from "valibot";
import { expect } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { listFailedReplies } from "../../lib/operator/failedReplies.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

/** From now on the agent says that, and notes what it is asked. */
export function talk(harness: GatewayHarness, words: string, asked: AgentInput[] = []): void {
  const reply = async (input: AgentInput) => {
    asked.push(input);
    return words;
  };
  harness.deploy({ agent: defineAdapter("agent", "talker", v.strictObject({}), () => ({ reply }))() });
}

/** The replies that an operator is shown as failed. */
export async function failedReplies(harness: GatewayHarness) {
  return (
    await listFailedReplies({ table: harness.operatorTable, clock: harness.clock, random: Math.random }, { limit: 10 })
  ).replies;
}

/** A message of a private chat with the bot of Telegram comes in. */
export async function telegram(
  harness: GatewayHarness,
  text: string,
  update: number,
  changes: object = {},
): Promise<void> {
  const body = updateOf({ text, date: Math.floor(Date.now() / 1000), ...changes }, update);
  expect(await harness.post("telegram", JSON.stringify(body), SECRET_HEADERS)).toMatchObject({ statusCode: 200 });
}
