import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Agent, AgentInput } from "../../lib/adapter/Agent.ts";
import type { DeliveryError } from "../../lib/adapter/errors.ts";
import { agentInput } from "../harness/agentInput.ts";
import type { FaultServer } from "../harness/faultServer.ts";
import { everythingIn, failureOf } from "./failureOf.ts";

/** An agent in its surroundings, made afresh for each test. Its stand-in answers "Nice to meet you!". */
export interface AgentWorld {
  readonly agent: Agent;
  /** The scripted stand-in for whatever the agent asks. */
  readonly server: FaultServer;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
}

const AT = Date.parse("2026-03-01T12:00:00Z");

const INPUT = agentInput({
  text: "Who am I? 👩‍👩‍👧 نور",
  history: [
    { role: "user", content: "My name is Ana.", author: { id: "u-ana", name: "Ana" }, at: AT },
    { role: "assistant", content: "Hello Ana!", at: AT + 1_000 },
  ],
  memories: [{ text: "Lives in Lisbon", at: AT }],
});

/** What every agent that asks another program must do. */
export function agentConformance(name: string, makeWorld: () => Promise<AgentWorld>): void {
  describe(`agent ${name}`, () => {
    let world: AgentWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.server.close());

    const ask = (changes: Partial<AgentInput> = {}) =>
      world.agent.reply({ ...INPUT, deadline: Date.now() + 2_000, ...changes });

    it("answers, and says what with", async () => {
      expect(await ask()).toEqual({
        text: "Nice to meet you!",
        model: expect.any(String),
        usage: { inputTokens: 11, outputTokens: 7 },
      });
    });

    it("asks with the message, what was said before, and what was recalled", async () => {
      await ask();
      const { body = "" } = world.server.requests[0] ?? {};
      for (const words of ["Who am I? 👩‍👩‍👧 نور", "My name is Ana.", "Hello Ana!", "Lives in Lisbon"]) {
        expect(body).toContain(words);
      }
    });

    it("leaves what it was given as it was", async () => {
      const given = structuredClone({ history: INPUT.history, memories: INPUT.memories });
      for (const one of [given.history, ...given.history, given.memories, ...given.memories]) Object.freeze(one);
      await ask(given);
    });

    it("W5 keeps nothing of one message for the next", async () => {
      await ask({ memories: [{ text: "the secret of Ana" }], text: "words of Ana" });
      await ask({ memories: [], history: [], text: "Hello", user: { id: "u-bea" }, session: "s-2", messageId: "m-2" });
      expect(world.server.requests[1]?.body).not.toMatch(/of Ana|u-ana/);
    });

    /** The failure of one question, which was asked once and shows no secret. */
    const failure = async (script: () => void, changes: Partial<AgentInput> = {}): Promise<DeliveryError> => {
      script();
      const error = await failureOf(ask(changes));
      for (const secret of world.secrets) expect(everythingIn(error)).not.toContain(secret);
      expect(world.server.requests.length, "the gateway owns retries").toBeLessThanOrEqual(1);
      return error;
    };

    it.each([
      [401, { kind: "auth", retry: false }],
      [400, { kind: "invalid", retry: false }],
      [503, { kind: "transient", retry: true }],
      [307, { retry: false }],
    ] as const)("%i is %o", async (status, fields) => {
      const headers = { location: "/elsewhere" };
      expect(await failure(() => world.server.failNext(1, status, headers))).toMatchObject({ status, ...fields });
    });

    it("429 is asked again, when the other side says so", async () => {
      const error = await failure(() => world.server.failNext(1, 429, { "retry-after": "3" }));
      expect(error).toMatchObject({ kind: "throttled", retry: true, retryAfter: 3_000 });
    });

    it("a broken connection is asked again", async () => {
      expect(await failure(() => world.server.failNext(1, "reset"))).toMatchObject({ kind: "transient" });
    });

    it("gives up at the deadline", async () => {
      const start = Date.now();
      const late = failure(() => world.server.setMode("hang"), { deadline: Date.now() + 80 });
      expect(await late).toMatchObject({ kind: "timeout" });
      expect(Date.now() - start).toBeLessThan(1_000);
    });

    it("stops when it is told to", async () => {
      const start = Date.now();
      const late = failure(() => world.server.setMode("hang"), { signal: AbortSignal.timeout(40) });
      expect(await late).toMatchObject({ kind: "timeout" });
      expect(Date.now() - start).toBeLessThan(1_000);
    });
  });
}
