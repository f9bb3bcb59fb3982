import { expect, it } from "vitest";
import { AgentLate } from "../../lib/session/AgentLate.ts";
import { LeaseOver } from "../../lib/session/LeaseOver.ts";

it("an agent that is late is named so in the log, with the time that it had", () => {
  expect(new AgentLate(250)).toMatchObject({
    name: "AgentLate",
    retry: true,
    message: "the agent did not answer within 250 ms, which is what the function's time limit leaves it",
  });
});

it("a lease that is over is named so in the log, with the turn and the attempt", () => {
  expect(new LeaseOver("TURN#7", 3)).toMatchObject({
    name: "LeaseOver",
    retry: true,
    message: "attempt 3 at TURN#7 did not end within the function's time limit; it is tried again",
  });
});
