import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { type AgentFailure, agentError, agentFailure } from "./agentError.ts";
import type { Invocation, Surroundings } from "./Invocation.ts";
import type { Scenario } from "./Scenario.ts";

/** The agent: it answers what it is asked, or fails. */
export class PlayedAgent {
  /** Hears when the agent is asked while it still answers another message of the same session. */
  onBesides: (session: string) => void = () => {};
  /** Hears what the agent is asked with. */
  onMemories: (input: AgentInput) => void = () => {};
  /** How the agent failed, by delivery; not when it took too long. */
  readonly failures = new Map<string, AgentFailure[]>();
  private readonly answering = new Map<string, Invocation>();
  private readonly surroundings: Surroundings;
  private readonly scenario: Scenario;

  constructor(surroundings: Surroundings, scenario: Scenario) {
    this.surroundings = surroundings;
    this.scenario = scenario;
  }

  /** Answers within an invocation. */
  async answer(invocation: Invocation, input: AgentInput): Promise<string> {
    const { faults, random } = this.surroundings;
    const { text, session, signal } = input;
    this.onMemories(input);
    const other = this.answering.get(session);
    if (other && !other.isDead) this.onBesides(session);
    this.answering.set(session, invocation);
    signal.addEventListener("abort", () => this.answering.delete(session), { once: true });
    const hangs = faults.happens("agentHangs");
    await invocation.wait(hangs ? 70_000 : random.whole(200, 6_000));
    this.answering.delete(session);
    if (hangs || !faults.happens("agentFails")) return `re: ${text}`;
    const error = agentError(faults.degree("agentFails"));
    this.noteFailure(text, error);
    if (error === undefined) return 7 as never;
    throw error;
  }

  /** Each text that the agent is asked is of one message. */
  private noteFailure(text: string, error: Error | undefined): void {
    const { now } = this.surroundings.timeline;
    for (const action of this.scenario.actions) {
      if (action.does !== "say" || !action.text.endsWith(text)) continue;
      const before = this.failures.get(action.messageId) ?? [];
      this.failures.set(action.messageId, [...before, agentFailure(error, now)]);
    }
  }
}
