import fc from "fast-check";
import { it } from "vitest";
import { hasWords, type Turn } from "../../../lib/domain/Turn.ts";
import { toMessages } from "../../../lib/domain/transcript.ts";

it("says of every turn whether it comes into the transcript", () => {
  const turns: fc.Arbitrary<Turn> = fc.record(
    {
      sk: fc.constant("TURN#1"),
      kind: fc.constantFrom("turn" as const, "command" as const),
      messageId: fc.constant("d"),
      at: fc.constant(1),
      origin: fc.constantFrom("chat" as const, "scheduled" as const),
      text: fc.constantFrom("", "hello"),
      reply: fc.constantFrom("", "hello back"),
      status: fc.constantFrom("done" as const, "failed" as const),
      enqueueId: fc.constant("c"),
      sent: fc.constant(0),
    },
    { requiredKeys: ["sk", "kind", "messageId", "at", "origin", "status", "enqueueId", "sent"] },
  );
  fc.assert(fc.property(turns, (turn) => hasWords({ ...turn }) === toMessages([turn]).length > 0));
});
