import { expect, it } from "vitest";
import { END_REASONS } from "../../../lib/domain/Session.ts";
import { resetNotice } from "../../../lib/message/commands.ts";

it("P6 P11 tells each reason in words of its own", () => {
  const notices = END_REASONS.map(resetNotice);
  expect(new Set(notices).size).toBe(END_REASONS.length);
  for (const notice of notices) expect(notice).toMatch(/^\(A new conversation: .+\.\)$/);
});

it("P6 makes up no reason that is not known", () => {
  expect(resetNotice(undefined)).toBe("(A new conversation: the last one had ended.)");
});
