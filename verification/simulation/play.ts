import { checkAtRest } from "./checkAtRest.ts";
import { checkDlq } from "./checkDlq.ts";
import { checkGone } from "./checkGone.ts";
import { Gateway } from "./Gateway.ts";
import { InvariantMonitor, type Violation } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import { Operator } from "./Operator.ts";
import { plainRow } from "./plainRow.ts";
import { promised } from "./promised.ts";
import type { Action, Outage, Say, Scenario } from "./Scenario.ts";
import { Timeline } from "./Timeline.ts";
import { virtualTimers } from "./virtualTimers.ts";

/** What came of a scenario. */
export interface Played {
  readonly violations: readonly Violation[];
  /** The names of the faults that happened. */
  readonly faults: readonly string[];
  readonly sessions: number;
  readonly turns: number;
}

/** What is told of a scenario while it is played. */
export type Tell = (at: number, what: string) => void;

const SECOND = 1_000;

const MINUTE = 60_000;

const HOUR = 3_600_000;

const DAY = 24 * HOUR;

/** For how long a platform may send a message again that was accepted: WhatsApp's 7 days are the longest. */
const LONGEST_REDELIVERY = 7 * DAY;

/** When a platform sends a message again that was not taken; then each ten minutes. */
const PLATFORM_WAITS = [5 * SECOND, 30 * SECOND, 2 * MINUTE];

/** Everything must be done so long after the last fault: the default schedule of retries is 27 hours, and a visit a day. */
const REST = 64 * HOUR;

/**
 * Plays a scenario from its first message until everything has come to rest, and watches the promises all the while.
 * Takes over this thread's timers, so one at a time.
 *
 * @param most how many happenings there may be: code that runs in circles would go on for ever
 */
export async function play(scenario: Scenario, tell?: Tell, most?: number): Promise<Played> {
  const timeline = new Timeline(scenario.start, most);
  const restore = virtualTimers(timeline);
  try {
    const player = new Player(scenario, timeline);
    if (tell) narrate(player, (what) => tell(timeline.now, what));
    return await player.play();
  } finally {
    restore();
  }
}

class Player {
  readonly gateway: Gateway;
  readonly monitor: InvariantMonitor;
  private readonly operator: Operator;
  private readonly messages = new Map<string, Message>();
  private readonly scenario: Scenario;
  private readonly timeline: Timeline;
  private lastCall = 0;

  constructor(scenario: Scenario, timeline: Timeline) {
    this.scenario = scenario;
    this.timeline = timeline;
    this.gateway = new Gateway(scenario, timeline);
    this.monitor = new InvariantMonitor(this.gateway, timeline, this.messages, promised(scenario));
    this.operator = new Operator(this.gateway, timeline, this.monitor);
  }

  async play(): Promise<Played> {
    const { scenario, timeline, gateway, monitor } = this;
    for (const action of scenario.actions) timeline.at(action.at, () => this.act(action));
    for (const outage of scenario.outages) {
      timeline.at(outage.from, () => this.turn(outage.what, true));
      timeline.at(outage.to, () => this.turn(outage.what, false));
    }
    const last = Math.max(
      ...scenario.actions.map(({ at }) => at),
      ...scenario.outages.map(({ to }) => to),
      scenario.start,
    );
    await timeline.runUntil(last + HOUR);
    while (this.lastCall > timeline.now) await timeline.runUntil(this.lastCall + MINUTE);
    gateway.faults.end();
    // Whatever died under the last fault has come back to its queue by then.
    await timeline.runUntil(timeline.now + 5 * MINUTE);
    checkDlq(scenario, gateway, monitor);
    const end = timeline.now + REST;
    while (timeline.now < end && !this.isAtRest()) {
      await timeline.runUntil(timeline.now + 10 * MINUTE);
      this.cleanUp();
    }
    await timeline.runUntil(timeline.now + MINUTE);
    checkAtRest(scenario, gateway, monitor, this.messages);
    if (scenario.outlives) {
      await timeline.runUntil(timeline.now + gateway.config.retention + HOUR);
      checkGone(gateway, monitor, timeline.now);
    }
    return {
      violations: monitor.violations,
      faults: gateway.faults.happened,
      sessions: monitor.sessions.size,
      turns: monitor.turns.size,
    };
  }

  private act(action: Action): void {
    const { gateway, operator } = this;
    if (action.does === "say") this.say(action);
    else if (action.does === "end") operator.endSessions(action.chat);
    else if (action.does === "move") gateway.moveDlq();
    else if (action.does === "replay") operator.replay(action);
    else if (action.does === "empty") for (const queue of gateway.queues.sessionEnd.values()) queue.purge();
    else if (action.does === "deploy") gateway.deploy(action.variant);
    else operator[action.does]();
  }

  private say(said: Say): void {
    const message: Message = { ...said, calledAt: undefined, acceptedAt: undefined };
    this.messages.set(said.messageId, message);
    const { faults } = this.gateway;
    const late = faults.happens("overtaken") ? faults.degree("overtaken") * 10 * MINUTE : 0;
    this.callLater(message, late, 0);
  }

  private callLater(message: Message, wait: number, attempt: number): void {
    this.lastCall = Math.max(this.lastCall, this.timeline.now + wait);
    this.timeline.after(wait, () => {
      message.calledAt ??= this.timeline.now;
      this.gateway.call(bodyOf(message), message.messageId, (status) => this.hear(message, status, attempt));
    });
  }

  /** A platform sends a message until it is accepted; and sometimes again, for up to seven days. */
  private hear(message: Message, status: number | undefined, attempt: number): void {
    const { faults } = this.gateway;
    if (status === 202) {
      message.acceptedAt ??= this.timeline.now;
      if (!faults.happens("redelivered")) return;
      const degree = faults.degree("redelivered");
      const wait =
        degree < 0.6 ? degree * 10 * MINUTE : degree < 0.95 ? degree * 4 * HOUR : (degree - 0.95) * 140 * DAY;
      if (this.timeline.now + wait < message.acceptedAt + LONGEST_REDELIVERY) this.callLater(message, wait, 0);
    } else if (status !== undefined && status < 500) this.monitor.violate("a good call is accepted", message.messageId);
    else this.callLater(message, PLATFORM_WAITS[attempt] ?? 10 * MINUTE, attempt + 1);
  }

  private turn(what: Outage["what"], off: boolean): void {
    const { gateway } = this;
    const { sources } = gateway;
    if (what === "provider") gateway.provider.down = off ? 503 : undefined;
    else if (what === "silent-provider") gateway.provider.down = off ? "silence" : undefined;
    else if (what === "platform") gateway.replies.down = off ? 503 : undefined;
    else if (what === "table") gateway.isTableDown = off;
    else sources[what].pause(off);
  }

  /** What an operator does when the trouble is over: ends what would go on for ever, redrives what is dead, sends what failed. */
  private cleanUp(): void {
    const { operator, monitor } = this;
    operator.endSessions();
    operator.moveInbound();
    if ([...monitor.hooks.values()].some(({ status }) => status === "dead")) operator.redrive();
    if (monitor.replies.unsent.size > 0) operator.resend();
  }

  private isAtRest(): boolean {
    const { gateway, monitor, operator } = this;
    if (operator.hasPlans) return false;
    for (const { acceptedAt } of this.messages.values()) if (acceptedAt === undefined) return false;
    for (const { sk } of gateway.table.items()) if (sk === "LIVE") return false;
    for (const { status } of monitor.sessions.values()) if (status !== "ended") return false;
    for (const { status, provider } of monitor.hooks.values()) {
      if (status === "pending") return false;
      if (status === "dead" && Object.hasOwn(gateway.config.memory, String(provider))) return false;
    }
    if (monitor.replies.unsent.size > 0) return false;
    return gateway.queues.inbound.bodies().length === 0 && gateway.queues.inboundDead.bodies().length === 0;
  }
}

function bodyOf({ chat, chatType, user, text, timed, at, role, origin }: Message): string {
  return JSON.stringify({
    conversation: chat,
    user: { id: user },
    text,
    role,
    chatType,
    origin,
    ...(timed ? { sentAt: at } : {}),
  });
}

function narrate({ gateway }: Player, tell: (what: string) => void): void {
  gateway.table.onChange(({ pk, sk, before, after, expired }) => {
    const what = expired ? "expired" : !after ? "deleted" : before ? "changed" : "made";
    tell(`${pk} ${sk} ${what} ${after ? JSON.stringify({ ...plainRow(after), pk: undefined, sk: undefined }) : ""}`);
  });
}
