import type { InboundJob, ResendJob } from "../../lib/domain/InboundJob.ts";
import { endSession } from "../../lib/operator/endSession.ts";
import { listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { forwardHooks } from "../../lib/operator/forwardHook.ts";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { actOnHooks } from "../../lib/operator/operations/actOnHooks.ts";
import type { HookTarget } from "../../lib/operator/operations/Operation.ts";
import { replayBatches } from "../../lib/operator/operations/replayBatches.ts";
import { planRedrive, redrive } from "../../lib/operator/redrive.ts";
import type { Item } from "./aws/Item.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Replay } from "./Scenario.ts";
import type { Timeline } from "./Timeline.ts";

/** For how long a repetition of a message is known, milliseconds. */
const LONGEST_REPETITION = 8 * 86_400_000;

const MINUTE = 60_000;

/** The longest that an operator takes to give a hook up, or to take that back, milliseconds. */
const LONGEST_THOUGHT = 2 * 3_600_000;

/** Sessions that a replay looks at together: so few that it has several batches. */
const REPLAYED = 2;

/** What an operator says of it. */
const WORD = { who: "ann", why: "nobody wants it" };

/** What operators do, each from a machine of theirs, by the very code of their tools. */
export class Operator {
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly monitor: InvariantMonitor;
  private plannedUntil = 0;

  constructor(gateway: Gateway, timeline: Timeline, monitor: InvariantMonitor) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.monitor = monitor;
    gateway.table.onChange(({ after }) => {
      if (after && isUnfinishedHook(after)) this.lookAt(after);
    });
  }

  /** Whether there is something that an operator has in mind and has not done yet. */
  get hasPlans(): boolean {
    return this.timeline.now < this.plannedUntil + MINUTE;
  }

  endSessions(chat?: string): void {
    for (const { pk, sk, session } of [...this.gateway.table.items()]) {
      const conversation = String(pk).slice("CONV#".length);
      if (sk !== "LIVE" || (chat !== undefined && !conversation.includes(chat))) continue;
      this.monitor.oracle.wish(String(session));
      void this.gateway.operate((services) => endSession(services, conversation, String(session)));
    }
  }

  redrive(): void {
    void this.gateway.operate(async (services, queues) => redrive(services, queues, await planRedrive(services, {})));
  }

  forward(): void {
    void this.gateway.operate(async (services, queues) => {
      for (const status of ["pending", "accepted"] as const) {
        const { hooks } = await listHooks(services, { status, limit: 1_000 });
        await forwardHooks(services, queues.sessionEnd, hooks);
      }
    });
  }

  resend(): void {
    void this.gateway.operate(async (services, { inbound }) => {
      let cursor: string | undefined;
      do {
        const page = await listFailedReplies(services, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        for (const reply of page.replies) await resendReply(services, inbound, reply);
        cursor = page.cursor;
      } while (cursor !== undefined);
    });
  }

  /** What is older than a repetition is known for is purged instead, as the operator's page says. */
  moveInbound(): void {
    const { inbound, inboundDead } = this.gateway.queues;
    inboundDead.moveTo(inbound, (body) => {
      const job = JSON.parse(body) as InboundJob | ResendJob;
      if ("resend" in job) return true;
      const { receivedAt, message } = job;
      const isWanted = this.timeline.now < receivedAt + LONGEST_REPETITION;
      if (!isWanted) this.monitor.givenUp.add(message.messageId);
      return isWanted;
    });
  }

  /** Gives a provider the past sessions that it does not have; those that it has, too, where that is asked for. */
  replay({ provider, again }: Replay): void {
    const { config } = this.gateway;
    void this.gateway.operate(async (services, queues) => {
      const before = services.clock.now();
      const finish = this.monitor.replays.begin(provider, again);
      const scope = { verb: "replay", filter: "", provider, again, before } as const;
      const batches = replayBatches({ services, queues, config }, scope, { page: REPLAYED });
      for await (const batch of batches) await batch.act();
      finish();
    });
  }

  /** Whether an operator gives this hook up, when, and whether they take it back. */
  private lookAt({ session, provider }: Item): void {
    const { faults } = this.gateway;
    if (!faults.happens("discarded")) return;
    const target = { session: String(session), provider: String(provider) };
    const undo = faults.happens("restored") ? thought(faults.degree("restored")) : undefined;
    this.plan(thought(faults.degree("discarded")), () => this.discard(target, undo));
  }

  private plan(wait: number, act: () => void): void {
    this.plannedUntil = Math.max(this.plannedUntil, this.timeline.now + wait);
    this.timeline.after(wait, act);
  }

  private discard(target: HookTarget, undo: number | undefined): void {
    void this.gateway.operate(async (services, queues) => {
      this.monitor.discards.wish(target);
      const done = await actOnHooks({ services, queues }, "discard", WORD, [target]);
      if (done.length > 0 && undo !== undefined) this.plan(undo, () => this.restore(target));
    });
  }

  private restore(target: HookTarget): void {
    void this.gateway.operate((services, queues) => actOnHooks({ services, queues }, "restore", WORD, [target]));
  }
}

function isUnfinishedHook({ sk, status }: Item): boolean {
  return String(sk).startsWith("HOOK#") && (status === "pending" || status === "dead");
}

/** Mostly at once, when the most is under way; milliseconds. */
function thought(degree: number): number {
  return degree < 0.6 ? degree * 500 : (degree - 0.6) * 2.5 * LONGEST_THOUGHT;
}
