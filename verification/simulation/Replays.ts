import { hasWords } from "../../lib/domain/Turn.ts";
import type { Item } from "./aws/Item.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import type { Timeline } from "./Timeline.ts";
import { withheld } from "./withheld.ts";

/** The index may show so late that a session has ended, milliseconds; with what a read on its way takes. */
const UNSEEN = 120_000;

/** A replay that was begun. */
interface Begun {
  readonly provider: string;
  readonly again: boolean;
  readonly at: number;
}

/** Watches what replays bring. */
export class Replays {
  private readonly begun: Begun[] = [];
  private readonly sealedAt = new Map<string, number>();
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly monitor: InvariantMonitor;
  private readonly messages: ReadonlyMap<string, Message>;

  constructor(gateway: Gateway, timeline: Timeline, monitor: InvariantMonitor, messages: ReadonlyMap<string, Message>) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.monitor = monitor;
    this.messages = messages;
  }

  /** A session was sealed. */
  sealed(session: string): void {
    this.sealedAt.set(session, this.timeline.now);
  }

  /** An operator begins one. Answers what to call when it has come to its end. */
  begin(provider: string, again: boolean): () => void {
    const replay = { provider, again, at: this.timeline.now };
    this.begun.push(replay);
    return () => this.check(replay);
  }

  /** Whether one was begun since that gives the provider again what was acknowledged before. */
  mayReopen({ provider, deliveredAt }: Item): boolean {
    return this.begun.some((one) => one.again && one.provider === provider && Number(deliveredAt) < one.at);
  }

  /** Each session that ended before it has a hook of the provider now, where a person's words are to be remembered. */
  private check({ provider, at }: Begun): void {
    for (const { sk, session } of this.gateway.table.items()) {
      const sealedAt = this.sealedAt.get(String(session));
      if (!String(sk).startsWith("SESSION#") || sealedAt === undefined || sealedAt > at - UNSEEN) continue;
      if (this.gateway.table.peek(`SESSION#${session}`, `HOOK#${provider}`)) continue;
      if (this.isToBeKept(String(session))) {
        this.monitor.violate("a replay brings what its provider does not have", `${session} ${provider}`);
      }
    }
  }

  private isToBeKept(session: string): boolean {
    const stored = [...this.monitor.turns.values()].flat().filter((turn) => turn.session === session);
    return stored.some((turn) => {
      const isByPerson = turn.item.kind === "turn" && turn.item.origin === "chat" && turn.item.text !== undefined;
      return isByPerson && hasWords(turn.item) && withheld(turn, this.monitor, this.messages) === "no";
    });
  }
}
