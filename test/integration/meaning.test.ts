import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { openaiEmbeddings } from "../../lib/embeddings/openai/openai.ts";
import { secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { type EmbeddingsFake, startEmbeddingsFake } from "../harness/embeddingsFake.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { plantedSecret } from "../harness/plantedSecret.ts";
import { allRows, hookRows } from "../harness/rows.ts";

/** A model that knows of two things what they mean. */
const embed = (text: string, dimensions: number) =>
  Array.from({ length: dimensions }, (_, at) => ([/lisbon|flat/i, /tea|drink/i][at]?.test(text) || at === 2 ? 1 : 0));

describe("memories found by what they mean", () => {
  let harness: GatewayHarness;
  let server: EmbeddingsFake;
  let asked: AgentInput[];
  beforeEach(async () => {
    [harness, server] = await Promise.all([
      startGatewayHarness(),
      startEmbeddingsFake("base64", embed, plantedSecret("EMBEDDINGS_KEY")),
    ]);
    asked = [];
    const agent = defineAdapter("agent", "mock", strictFields({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        return "Yes.";
      },
    }));
    const { baseUrl } = server;
    const embeddings = openaiEmbeddings({
      ...{ model: "stub-embed-1", dimensions: 256, key: secret("EMBEDDINGS_KEY"), baseUrl },
    });
    harness.deploy({ agent: agent(), memory: { builtin: builtin({ embeddings }) }, recall: { timeout: "400ms" } });
  });
  afterEach(() => Promise.all([harness.stop(), server.close()]));

  const endedSession = async (beforeItsEnd = () => {}) => {
    for (const text of ["I like tea.", "I live in Lisbon."]) await harness.chat(text);
    beforeItsEnd();
    await harness.chat("/reset");
    await harness.settle();
  };

  const firstMemory = async (text: string) => {
    await harness.chat(text);
    return asked.at(-1)?.memories[0]?.text;
  };

  it("come first at the start of the next session, from vectors of 256 bytes in the table", async () => {
    await endedSession();
    const vectors = (await allRows(harness)).flatMap(({ vector }) => (vector ? [vector] : []));
    expect(vectors).toEqual(
      Array.from({ length: 2 }, () => ({ space: "stub-embed-1/256", packed: expect.any(Uint8Array) })),
    );
    expect(await firstMemory("Something to drink?")).toBe("Likes tea");
    await harness.chat("/reset");
    expect(await firstMemory("How big is my flat?")).toBe("Lives in Lisbon");
  });

  it("are found by their words while the embeddings' server hangs, and the reply goes out", async () => {
    await endedSession();
    server.setMode("hang");
    expect(await firstMemory("Do I like tea?")).toBe("Likes tea");
    expect(harness.logged).toContainEqual({ event: "recall.by-words" });
  });

  it("L7 are learnt later when the embeddings' server is away at the session's end", async () => {
    await endedSession(() => server.failNext(1, 503));
    expect(await hookRows(harness)).toMatchObject([{ status: "pending" }]);
    harness.advance("10m");
    await harness.sweep();
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }]);
    expect(await firstMemory("Something to drink?")).toBe("Likes tea");
  });
});
