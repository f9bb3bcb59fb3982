import { expect, it } from "vitest";
import { AgentLate, AttemptsLost, InvalidReply, LeaseOver } from "../../../lib/message/errors.ts";

it("names a late agent in the log, with the time that it had", () => {
  expect(new AgentLate(250)).toMatchObject({
    name: "AgentLate",
    retry: true,
    message: "the agent did not answer within 250 ms, which is what the function's time limit leaves it",
  });
});

it("names a lease that is over in the log, with the turn", () => {
  expect(new LeaseOver("TURN#7")).toMatchObject({
    name: "LeaseOver",
    retry: true,
    message: "an attempt at TURN#7 did not end within the function's time limit; it is tried again",
  });
});

it("names attempts that ended without a word in the log, with the turn and their number", () => {
  expect(new AttemptsLost("TURN#7", 3)).toMatchObject({
    name: "AttemptsLost",
    retry: false,
    message:
      "3 attempts at TURN#7 ended without an answer or an error: the function was killed, or ran out of memory or time",
  });
});

it.each([
  [null, "null"],
  [["a"], "an array"],
  [{ text: 7 }, "a value of type object"],
  [7, "a value of type number"],
])(
  "refuses a reply that can't be sent, such as %j, and says what it is, what is allowed and what to do",
  (given, told) => {
    expect(new InvalidReply(given)).toMatchObject({
      name: "InvalidReply",
      retry: false,
      message: `the agent returned ${told}; reply() must return a string, { text, toolResults?: { tool, text }[] } of strings or undefined for no reply: mend it`,
    });
  },
);

it("names the field of a reply that is odd, and what it is", () => {
  expect(new InvalidReply({ text: "hi", toolResults: [] }, "toolResults.0.text", 7).message).toMatch(
    /^the agent returned a value of type object, whose toolResults\.0\.text is a value of type number; reply\(\) must/,
  );
});
