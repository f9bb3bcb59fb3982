import type { Agent, AgentInput } from "../Agent.ts";
import type { FaultServer } from "./faultServer.ts";
import type { StreamBreak } from "./streamConformance.ts";

/** Who writes. */
export const ANA = { id: "u-ana", name: "Ana" };

/** An agent in its surroundings, made afresh for each test. */
export interface AgentFixture {
  readonly agent: Agent;
  /** The scripted stand-in for the model's server, where it has one. It should answer with words of what it was asked. */
  readonly server?: FaultServer;
  /**
   * What the model was told to do in the latest request, as against what users wrote: the system prompt, where there is one,
   * without the place in it where what users wrote stands as data.
   */
  instructions?(): string;
  /** For an agent that shows its words as they come: see `StreamBreak`. */
  breakNext?(how: StreamBreak): void;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What an agent is asked in a direct message; `changes` replace what matters to the test. */
export function agentInput(changes: Partial<AgentInput> = {}): AgentInput {
  return {
    text: "Hello",
    user: ANA,
    platform: "http",
    messageId: "m-1",
    chat: { id: "c-1", type: "dm" },
    session: "01JNB0Z8E8M3T2V6Q4W9R7K5XA",
    history: [],
    memories: [],
    deadline: Date.now() + 10_000,
    signal: AbortSignal.timeout(10_000),
    ...changes,
  };
}
