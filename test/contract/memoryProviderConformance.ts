import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { EndedSession, MemoryProvider, ProviderCall, RecallQuery } from "../../lib/adapter/MemoryProvider.ts";
import type { FaultServer } from "../harness/faultServer.ts";
import { everythingIn, failureOf } from "./failureOf.ts";
import { callOf, endedSession } from "./sessions.ts";

/** A provider in its surroundings, made afresh for each test. */
export interface MemoryWorld {
  readonly provider: MemoryProvider;
  /** All that has been remembered, as JSON: equal when nothing has changed, different when anything has. */
  stored(): Promise<unknown>;
  /** The scripted stand-in for the provider's server, where it has one. */
  readonly server?: FaultServer;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/**
 * What every memory provider must do, whatever its service. Run it for an adapter of your own:
 * `memoryProviderConformance("mine", async () => ({ provider, stored, server, secrets, close }))`.
 *
 * @param has what the provider has: a server of its own, and `recall`; tests of what it lacks are left out
 */
export function memoryProviderConformance(
  name: string,
  makeWorld: () => Promise<MemoryWorld>,
  has: { readonly server: boolean; readonly recall: boolean },
): void {
  describe(`memory provider ${name}`, () => {
    let harness: MemoryWorld;
    beforeEach(async () => {
      harness = await makeWorld();
    });
    afterEach(() => harness.close());

    const end = (session: EndedSession, changes: Partial<ProviderCall> = {}) =>
      harness.provider.onSessionEnd(session, callOf(session, changes));

    it("stores a session and hands back a receipt", async () => {
      const before = await harness.stored();
      const receipt = await end(endedSession());
      expect(receipt).toEqual(expect.any(Object));
      expect(await harness.stored()).not.toEqual(before);
    });

    it("D4 a session delivered twice has one effect", async () => {
      await end(endedSession());
      const once = await harness.stored();
      await end(endedSession(), { attempt: 2 });
      expect(await harness.stored()).toEqual(once);
    });

    it("D8 two deliveries at once have one effect, where the service itself knows a repetition", async ({ skip }) => {
      const { idempotency } = harness.provider.capabilities;
      // The hook's lease keeps these apart, as the flows show.
      skip(idempotency === "read-back" || idempotency === "none", "what is looked for first can't be found yet");
      await end(endedSession());
      const once = await harness.stored();
      const other = await makeWorld();
      try {
        const session = endedSession();
        await Promise.all([1, 2].map((attempt) => other.provider.onSessionEnd(session, callOf(session, { attempt }))));
        expect(await other.stored()).toEqual(once);
      } finally {
        await other.close();
      }
    });

    it("W8 the same user under two tenants is kept apart", async () => {
      await end(endedSession());
      const one = await harness.stored();
      await end(endedSession({ tenant: "globex" }));
      expect(await harness.stored()).not.toEqual(one);
    });

    it("W6 takes a message without an author, and puts it under no other user", async () => {
      const session = endedSession();
      await end({ ...session, users: [], messages: session.messages.map(({ author: _, ...message }) => message) });
      expect(await recalled({})).toEqual([]);
    });

    it("keeps every script, emoji and half of a character readable", async () => {
      const [first, ...rest] = endedSession().messages;
      if (!first) throw new Error("the sample session has no message");
      await end(endedSession({ messages: [{ ...first, content: "My name is Zoë 李 👩‍👩‍👧 \ud800 نور" }, ...rest] }));
      const stored = JSON.stringify(await harness.stored());
      for (const word of ["Zoë", "李", "👩‍👩‍👧", "نور"]) expect(stored).toContain(word);
    });

    it("takes a message without words", async () => {
      const [first, ...rest] = endedSession().messages;
      if (!first) throw new Error("the sample session has no message");
      await end(endedSession({ messages: [{ ...first, content: "" }, ...rest] }));
    });

    it("takes a session of two megabytes, or refuses it for good", async () => {
      const [first] = endedSession().messages;
      if (!first) throw new Error("the sample session has no message");
      const messages = Array.from({ length: 400 }, (_, i) => ({ ...first, content: `${i} ${"long ".repeat(1_000)}` }));
      const outcome = await end(endedSession({ messages, turns: messages.length })).catch((error: unknown) => error);
      if (outcome instanceof DeliveryError) expect(outcome).toMatchObject({ kind: "invalid", retry: false });
      else expect(outcome).not.toBeInstanceOf(Error);
    });

    if (has.recall) {
      describe("recalling", () => {
        it("recalls what was said", async () => {
          await end(endedSession());
          expect(JSON.stringify(await recalled({}))).toContain("Ana");
        });

        it("W8 another tenant recalls nothing", async () => {
          await end(endedSession());
          expect(await recalled({ tenant: "globex" })).toEqual([]);
        });

        it("W5 another user recalls nothing", async () => {
          await end(endedSession());
          expect(await recalled({ user: { id: "u-bea" } })).toEqual([]);
        });

        it("W12 what was said in a direct message is not recalled in a group", async () => {
          await end(endedSession());
          expect(await recalled({ chat: { id: "g-1", type: "group" } })).toEqual([]);
        });

        it("W4 in a group each user recalls only what they said themselves", async () => {
          const chat = { id: "g-1", type: "group" } as const;
          const [ana, bea] = [{ id: "u-ana" }, { id: "u-bea" }];
          const { startedAt: at } = endedSession();
          await end(
            endedSession({
              chat,
              users: [ana, bea],
              messages: [
                { role: "user", content: "My name is Ana.", author: ana, at },
                { role: "user", content: "My name is Bea.", author: bea, at: at + 1 },
              ],
            }),
          );
          expect(JSON.stringify(await recalled({ chat, user: ana }))).toMatch(/^(?!.*Bea).*Ana/);
          expect(JSON.stringify(await recalled({ chat, user: bea }))).toMatch(/^(?!.*Ana).*Bea/);
        });

        it("forgets a user when asked", async () => {
          await end(endedSession());
          await harness.provider.forget?.(queryOf({}));
          expect(await recalled({})).toEqual([]);
        });

        it("recalls no more than the limit", async () => {
          await end(endedSession());
          for (const limit of [0, 1, 2]) expect((await recalled({ limit })).length).toBeLessThanOrEqual(limit);
        });

        it("B4 stops recalling when told to", async () => {
          harness.server?.setMode("hang");
          await expect(
            harness.provider.recall?.(queryOf({}), AbortSignal.abort(new Error("too late"))),
          ).rejects.toThrow();
        });
      });
    }

    if (has.server) {
      describe("against a server that fails", () => {
        /** The failure of one delivery. */
        const failure = async (script: (server: FaultServer) => void, changes: Partial<ProviderCall> = {}) => {
          const { server } = harness;
          if (!server) throw new Error("makeWorld made no server");
          script(server);
          const error = await failureOf(end(endedSession(), changes));
          for (const secret of harness.secrets) expect(everythingIn(error)).not.toContain(secret);
          expect(server.requests.length, "one attempt is one request: the queue owns retries").toBeLessThanOrEqual(1);
          return error;
        };
        const expectFailure = async (error: Promise<DeliveryError>, fields: Partial<DeliveryError>) => {
          expect(await error).toMatchObject(fields);
        };

        it("a lost acknowledgement is a failure, and its retry has no second effect", async () => {
          await expectFailure(
            failure((server) => server.failNext(1, "lost-ack")),
            { retry: true, outcome: "unknown" },
          );
          const once = await harness.stored();
          await end(endedSession(), { attempt: 2 });
          expect(await harness.stored()).toEqual(once);
        });

        it("429 is throttled, for as long as the server asks", () =>
          expectFailure(
            failure((server) => server.failNext(1, 429, { "retry-after": "3" })),
            { kind: "throttled", retry: true, retryAfter: 3_000 },
          ));

        it("429 for a day is told as it is: the schedule decides", () =>
          expectFailure(
            failure((server) => server.failNext(1, 429, { "retry-after": "86400" })),
            { kind: "throttled", retryAfter: 86_400_000 },
          ));

        it("401 is final until the credentials are mended", () =>
          expectFailure(
            failure((server) => server.failNext(1, 401)),
            { kind: "auth", retry: false, status: 401 },
          ));

        it("400 is final", () =>
          expectFailure(
            failure((server) => server.failNext(1, 400)),
            { kind: "invalid", retry: false },
          ));

        it("503 is tried again", () =>
          expectFailure(
            failure((server) => server.failNext(1, 503)),
            { kind: "transient", retry: true, status: 503 },
          ));

        it("a redirect is a failure and is not followed", () =>
          expectFailure(
            failure((server) => server.failNext(1, 307, { location: "/elsewhere" })),
            { retry: false, status: 307 },
          ));

        it("a broken connection is tried again, its outcome unknown", () =>
          expectFailure(
            failure((server) => server.failNext(1, "reset")),
            { kind: "transient", retry: true, outcome: "unknown" },
          ));

        it("nobody listening is tried again, and certainly did nothing", async () => {
          await harness.server?.close();
          await expectFailure(
            failure(() => {}),
            { kind: "transient", retry: true, outcome: "not-sent" },
          );
        });

        it("B8 a hanging server is given up after the time limit", async () => {
          const start = Date.now();
          await expectFailure(
            failure((server) => server.setMode("hang"), { timeout: 60 }),
            { kind: "timeout", retry: true, outcome: "unknown" },
          );
          expect(Date.now() - start).toBeLessThan(1_000);
        });

        it("stops when the function's time is over", async () => {
          const start = Date.now();
          await expectFailure(
            failure((server) => server.setMode("hang"), { signal: AbortSignal.timeout(40) }),
            { kind: "timeout", retry: true },
          );
          expect(Date.now() - start).toBeLessThan(1_000);
        });
      });
    }

    async function recalled(changes: Partial<RecallQuery>) {
      return (await harness.provider.recall?.(queryOf(changes), AbortSignal.timeout(2_000))) ?? [];
    }
  });
}

function queryOf(changes: Partial<RecallQuery>): RecallQuery {
  const { tenant, platform, chat } = endedSession();
  return { tenant, platform, chat, user: { id: "u-ana" }, text: "Who am I?", limit: 10, ...changes };
}
