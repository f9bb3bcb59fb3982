import type { AgentInput } from "../../lib/adapter/Agent.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import { memoryScope } from "./memoryScope.ts";
import { type Promised, SKEW } from "./promised.ts";
import { saidIn } from "./saidIn.ts";
import type { Timeline } from "./Timeline.ts";
import { isOffNow } from "./withheld.ts";

/** So many attempts may end without a word before a turn is stored as failed. */
const MOST_LOST = 3;

/** For so long after its first attempt a message is tried, and so long is the longest wait that nobody asked for, milliseconds. */
const PATIENCE = 15 * 60_000;

const LONGEST_WAIT = 60_000;

/** Watches what the agent is asked, and when, and which turns are given up. */
export class AgentCalls {
  /** The messages of which an attempt was begun before any had the lease. */
  private readonly fenced = new Set<string>();
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly monitor: InvariantMonitor;
  private readonly messages: ReadonlyMap<string, Message>;
  private readonly promised: Promised;

  constructor(
    gateway: Gateway,
    timeline: Timeline,
    monitor: InvariantMonitor,
    messages: ReadonlyMap<string, Message>,
    promised: Promised,
  ) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.monitor = monitor;
    this.messages = messages;
    this.promised = promised;
  }

  /** An attempt was begun of which nobody had the lease. */
  fence(messageId: string): void {
    this.fenced.add(messageId);
  }

  /** A turn was stored as failed: no retry could help, no time was left for another, or three attempts were lost. */
  checkFailed(messageId: string, conversation: string, turn: string): void {
    const attempts = this.monitor.attempts.get(messageId) ?? [];
    const failures = this.gateway.agent.failures.get(messageId) ?? [];
    const end = (attempts[0] ?? 0) + PATIENCE - SKEW;
    const isFinal = failures.some(({ isFinal: is }) => is);
    // An attempt that took too long fails now.
    const all = [...failures, { at: this.timeline.now, retryAfter: 0 }];
    const isTooLate = all.some(({ at, retryAfter }) => at + Math.max(retryAfter, LONGEST_WAIT) > end);
    const begun = attempts.length + (this.fenced.has(messageId) ? 1 : 0);
    // A failure that the table did not take is a word that nobody has heard. What the row counts must have been begun.
    const mayBeUnheard =
      this.gateway.faults.hasHappened(/^(throttled|failedAfter|answerLost)#/) || this.gateway.isTableDown;
    const row = this.gateway.table.peek(`CONV#${conversation}`, turn.replace(/^TURN#/, "ATTEMPTS#"));
    const unheard = mayBeUnheard && row && Number(row.begun) <= begun ? Number(row.begun) - Number(row.failed) : 0;
    const lost = Math.max(begun - failures.length, unheard);
    if (!isFinal && !isTooLate && lost < MOST_LOST)
      this.monitor.violate("an apology has its cause", `${messageId}: ${lost} lost`);
  }

  /** The agent was told what is remembered of somebody. */
  see({ user, chat, session, memories, text: asking }: AgentInput): void {
    this.checkTime(asking);
    const conversation = String(this.monitor.sessions.get(session)?.conversation);
    if (memories.length > 0 && isOffNow(conversation, user?.id ?? "", this.monitor, this.messages)) {
      this.monitor.violate("nothing is recalled while memory is off", `${session}: ${user?.id}`);
    }
    const asked = { chat: chat.id, chatType: chat.type === "group" ? "group" : "dm", user: user?.id ?? "" } as const;
    for (const { text } of memories) {
      for (const message of saidIn(text, this.messages)) {
        if (memoryScope(message) !== memoryScope(asked)) this.monitor.violate("nobody is told another's words", text);
      }
    }
  }

  /** The agent is asked for a text, each of which is of one message. Where the table fails, its last wait may not be known. */
  private checkTime(text: string): void {
    for (const { messageId, text: said } of this.promised.worked ? this.messages.values() : []) {
      const last = said.endsWith(text) ? this.gateway.agent.failures.get(messageId)?.at(-1) : undefined;
      if (!last || this.timeline.now + SKEW >= last.at + last.retryAfter) continue;
      this.monitor.violate("no attempt is made before its time", messageId);
    }
  }
}
