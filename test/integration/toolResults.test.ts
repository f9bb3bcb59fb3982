import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import type { KeptResult } from "../../lib/domain/KeptResult.ts";
import { showSession } from "../../lib/operator/findSession.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { telegramChat } from "../harness/telegramChat.ts";

describe("what tools answered, where an agent keeps it", () => {
  let harness: GatewayHarness;
  let asked: AgentInput[];
  let toolResults: readonly KeptResult[];
  beforeEach(async () => {
    harness = await startGatewayHarness();
    asked = [];
    toolResults = [{ tool: "shop_find", text: "Order 7 of Ann. token: abc12345678" }];
    const agent = defineAdapter("agent", "mock", strictFields({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        return { text: "It is on its way.", toolResults };
      },
    }));
    harness.deploy({ agent: agent() });
  });
  afterEach(() => harness.stop());

  const end = async () => {
    await harness.chat("/reset");
    await harness.settle();
  };

  it("reaches the providers beside the reply, without its credentials, and neither the chat nor a later turn", async () => {
    expect(await harness.chat("Where is it?")).toEqual(["It is on its way."]);
    await harness.chat("Thanks");
    await end();
    expect(harness.delivered()).toMatchObject([
      {
        messages: [
          { content: "Where is it?" },
          { content: '(shop_find answered: "Order 7 of Ann. token: [redacted named-secret]")\nIt is on its way.' },
          { content: "Thanks" },
          {},
        ],
      },
    ]);
    expect(asked.at(-1)?.history.map(({ content }) => content)).toEqual(["Where is it?", "It is on its way."]);
  });

  it("is shown to operators", async () => {
    await harness.chat("Where is it?");
    const [row] = await sessionRows(harness);
    const shown = await showSession({ table: harness.operatorTable }, row?.session ?? "");
    expect(shown && sessionDetails(shown).transcript).toMatchObject([{ reply: "It is on its way.", toolResults }]);
  });

  it("is left out, and told in the log, where a row has no place for it", async () => {
    toolResults = [{ tool: "shop_find", text: "x".repeat(500_000) }];
    expect(await harness.chat("Where is it?")).toEqual(["It is on its way."]);
    expect(harness.logged).toContainEqual({ event: "results.left-out" });
    await end();
    expect(harness.delivered()).toMatchObject([{ messages: [{}, { content: "It is on its way." }] }]);
  });

  it("leaves place in the row for a longer text, which an edit may put there", async () => {
    toolResults = ["x", "y", "z"].map((character) => ({ tool: "shop_find", text: character.repeat(120_000) }));
    const chat = telegramChat(harness);
    const said = await chat.send({ text: "Where is it?" });
    const corrected = "Where are they? ".repeat(12_000).trim();
    await chat.edit(said, corrected);
    const [turn] = await chat.turns();
    expect([turn?.text === corrected, turn?.toolResults?.length]).toEqual([true, 1]);
  });
});
