import { expect, it } from "vitest";
import { END_REASONS } from "../../../lib/domain/Session.ts";
import { resetNotice } from "../../../lib/message/commands.ts";

it("P6 P11 each reason is told in words of its own", () => {
  const notices = END_REASONS.map(resetNotice);
  expect(new Set(notices).size).toBe(END_REASONS.length);
  for (const notice of notices) expect(notice).toMatch(/^\(A new conversation: .+\.\)$/);
});

it("P6 a reason that is not known is not made up", () => {
  expect(resetNotice(undefined)).toBe("(A new conversation: the last one had ended.)");
});
