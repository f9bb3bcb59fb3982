import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chat } from "../../lib/agents/chat/chat.ts";
import { secret } from "../../lib/index.ts";
import { mem0 } from "../../lib/memory/mem0/mem0.ts";
import { openai } from "../../lib/models/openai/openai.ts";
import { type CompletionsFake, startCompletionsFake } from "../harness/completionsFake.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { type Mem0Fake, startMem0Fake } from "../harness/mem0Fake.ts";
import { plantedSecret } from "../harness/plantedSecret.ts";
import { hookRows } from "../harness/rows.ts";

describe("an agent with a model, and a memory that people use", () => {
  let harness: GatewayHarness;
  let model: CompletionsFake;
  let memory: Mem0Fake;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    model = await startCompletionsFake(
      (messages) => `I know: ${/<memories>[\s\S]*<\/memories>/.exec(messages[0]?.content ?? "")?.[0] ?? "nothing"}`,
      plantedSecret("MODEL_KEY"),
    );
    memory = await startMem0Fake("platform", plantedSecret("MEM0_KEY"));
    harness.deploy({
      agent: chat({ model: openai({ model: "stub-1", key: secret("MODEL_KEY"), baseUrl: model.baseUrl }) }),
      memory: { crm: mem0({ key: secret("MEM0_KEY"), url: memory.url }) },
    });
  });
  afterEach(() => Promise.all([harness.stop(), model.close(), memory.close()]));

  const reset = async () => {
    await harness.chat("/reset");
    await harness.settle();
  };

  it("remembers in the next session what was said in the last one, as data, and learns it no second time", async () => {
    expect(await harness.chat("I live in Lisbon.")).toEqual(["I know: nothing"]);
    await reset();
    const [reply = ""] = await harness.chat("Where do I live?");
    await reset();

    expect(reply).toContain('"text":"I live in Lisbon."');
    expect(memory.memories.map((kept) => kept.memory)).toEqual(["I live in Lisbon.", "Where do I live?"]);
    const sent = memory.requests.filter(({ path }) => path.endsWith("/add/")).map(({ body }) => JSON.parse(body));
    expect(sent.at(-1).messages).toEqual([
      { role: "user", content: "Where do I live?" },
      { role: "assistant", content: "I know:" },
    ]);
    expect(await hookRows(harness, "crm")).toMatchObject(
      Array(2).fill({ status: "pending", accepted: { attempts: 1 } }),
    );
    harness.advance("10s");
    await harness.settle();
    const hooks = await hookRows(harness, "crm");
    expect(hooks).toMatchObject(Array(2).fill({ status: "delivered", receipt: { id: expect.any(String) } }));
    expect(hooks.flatMap(({ receipt }) => receipt?.cleaned ?? [])).toEqual([{ credentials: 0, recited: 1 }]);
  });

  it("gives the memory each session once, though an acknowledgement is lost and the service says to come later", async () => {
    await harness.chat("I live in Lisbon.");
    memory.failNext(1, "lost-ack");
    memory.failNext(1, 429, { "retry-after": "90" });
    await reset();
    for (const wait of ["59s", "2s", "89s", "10m"]) {
      harness.advance(wait);
      await harness.settle();
    }
    expect(memory.memories).toHaveLength(1);
    expect(await hookRows(harness, "crm")).toMatchObject([
      { status: "delivered", failures: [{ kind: "transient" }, { kind: "throttled", status: 429 }] },
    ]);
    const delivering = memory.requests.map(({ path }) => path).filter((path) => !path.includes("search"));
    expect(delivering).toEqual(["/v3/memories/add/", "/v3/memories/?page_size=1", "/v3/memories/?page_size=1"]);
  });

  it("asks again an agent whose model is overloaded, and its user gets the answer", async () => {
    model.failNext(1, 429, { "retry-after": "5" });
    expect(await harness.chat("hello")).toEqual([]);
    harness.advance("6s");
    await harness.settle();
    expect(harness.replies.effects.at(-1)?.body.text).toBe("I know: nothing");
    expect(model.requests).toHaveLength(2);
  });
});
