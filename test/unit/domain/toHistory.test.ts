import fc from "fast-check";
import { expect, it } from "vitest";
import type { Turn } from "../../../lib/domain/Turn.ts";
import { toHistory, toMessages } from "../../../lib/domain/transcript.ts";

const words = fc.string({ minLength: 1, maxLength: 5 });

const turns = fc.array(
  fc.record(
    {
      ...{ sk: fc.constant("TURN#1"), messageId: fc.constant("d"), enqueueId: fc.constant("c"), sent: fc.constant(0) },
      kind: fc.constantFrom("turn" as const, "command" as const),
      origin: fc.constantFrom("chat" as const, "scheduled" as const),
      status: fc.constantFrom("done" as const, "failed" as const),
      ...{ at: fc.nat(), text: words, reply: words, repliedAt: fc.nat(), user: fc.constant({ id: "ann" }) },
    },
    { requiredKeys: ["sk", "messageId", "enqueueId", "sent", "kind", "origin", "status", "at"] },
  ),
);

it("begins with a user, ends with the assistant and alternates, whatever the turns", () => {
  fc.assert(
    fc.property(turns, (given) => {
      const roles = toHistory(given as Turn[]).map(({ role }) => role);
      expect(roles).toEqual(roles.map((_, index) => (index % 2 === 0 ? "user" : "assistant")));
      expect(roles.length % 2).toBe(0);
    }),
  );
});

it("has all that was said in turns that did not fail, in order, and marked placeholders beside that", () => {
  fc.assert(
    fc.property(turns, (given) => {
      const said = toHistory(given as Turn[]).filter(({ placeholder }) => placeholder !== true);
      expect(said).toEqual(toMessages((given as Turn[]).filter(({ status }) => status === "done")));
    }),
  );
});
