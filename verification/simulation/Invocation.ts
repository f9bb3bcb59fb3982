import { HttpError } from "../../lib/adapter/errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../lib/adapter/http/HttpClient.ts";
import type { Clock } from "../../lib/domain/observability.ts";
import { serviceError } from "./aws/serviceError.ts";
import type { Faults } from "./Faults.ts";
import type { Random } from "./Random.ts";
import type { Timeline } from "./Timeline.ts";

/** The SDK's wait before it makes a call again, milliseconds. */
const SDK_WAIT = 100;

/** How late a call may arrive whose function has died meanwhile, and how long a function may stand still, milliseconds. */
const LATEST = 100_000;

/**
 * The longest between the moment at which a function looks at the clock or the table and that of the write which follows,
 * milliseconds: the function stands still, dies when it goes on, and its call arrives late.
 */
export const LONGEST_WRITE = 2 * LATEST;

/** More than any function makes; a fault hits one of the first quarter half of the time. */
const CALLS = 28;

/** What a server does with a request: answers, perhaps after so many milliseconds; never does; or is not there. */
export type Answered = (HttpResponse & { readonly after?: number }) | "silence" | "refused";

/** What invocations share. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly random: Random;
  /** Milliseconds of its CPU that an invocation takes for a call. */
  readonly callCpu: number;
  /** Whether the table's service refuses everything at the moment. */
  isTableDown(): boolean;
  /** Hears of each call of an invocation of that name. */
  onCall(by: string, what: string): void;
}

/**
 * One run of a function, or of an operator's tool: all that leaves it goes through here, takes time, and may go wrong. A
 * killed one's calls never come back, so no code of it runs on.
 */
export class Invocation {
  readonly name: string;
  readonly clock: Clock;
  /** @param takes milliseconds until a request is served */
  readonly http: (serve: (request: HttpRequest) => Answered, takes: (request: HttpRequest) => number) => HttpClient;
  private readonly surroundings: Surroundings;
  private readonly die: () => void;
  private dead = false;
  private calls = 0;
  private frozenUntil = 0;
  private busyUntil = 0;
  private readonly plan: { readonly call: number; readonly does: "dieBefore" | "dieAfter" | "freeze" } | undefined;

  /**
   * @param skew how far its clock is off, milliseconds
   * @param die hears that it was killed
   */
  constructor(
    name: string,
    skew: number,
    surroundings: Surroundings,
    faults: "killed" | "operatorStops",
    die: () => void,
  ) {
    const { timeline } = surroundings;
    this.name = name;
    this.surroundings = surroundings;
    this.die = die;
    this.clock = {
      now: () => timeline.now + skew,
      until: (time) => this.wait(time - timeline.now - skew),
    };
    this.http = (serve, takes) => ({ send: (request) => this.exchange(request, serve, takes(request)) });
    this.plan = this.planFault(faults);
  }

  /** It is cut off where it is. */
  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.die();
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Passes time. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.wakeAt(this.surroundings.timeline.now + Math.max(0, milliseconds), resolve));
  }

  /** A call to AWS: takes effect at one moment, after a while. */
  call<Result>(what: string, service: "table" | "queue", effect: () => Result): Promise<Result> {
    const { timeline, faults, random } = this.surroundings;
    const number = this.calls++;
    if (this.dead) return new Promise(() => {});
    const arrive = () => (service === "table" && this.surroundings.isTableDown() ? undefined : effect());
    if (this.isStopped(number, "dieBefore")) return this.arriveLate(arrive);
    const leaves = this.leave(what, number);
    return new Promise((resolve, reject) => {
      const attempt = (last: boolean) => {
        if (this.dead) return void this.arriveLate(arrive);
        if (service === "table" && this.surroundings.isTableDown()) return this.settle(() => reject(throttled()));
        if (!last && faults.happens("throttled")) return this.settle(() => reject(throttled()));
        let settled: () => void;
        try {
          const result = effect();
          settled = () => resolve(result);
        } catch (error) {
          settled = () => reject(error);
        }
        if (this.isStopped(number, "dieAfter")) return;
        if (!last && faults.happens("answerLost")) return void timeline.after(SDK_WAIT, () => attempt(true));
        if (!last && faults.happens("failedAfter")) return this.settle(() => reject(lost(what)));
        this.settle(settled);
      };
      timeline.at(Math.max(leaves + random.whole(1, 12), this.frozenUntil), () => attempt(false));
    });
  }

  private exchange(
    request: HttpRequest,
    serve: (request: HttpRequest) => Answered,
    takes: number,
  ): Promise<HttpResponse> {
    const { timeline } = this.surroundings;
    const number = this.calls++;
    if (this.dead) return new Promise(() => {});
    const arrive = () => serve(request);
    if (this.isStopped(number, "dieBefore")) return this.arriveLate(arrive);
    const leaves = this.leave(request.method, number);
    return new Promise((resolve, reject) => {
      timeline.at(Math.max(leaves + takes, this.frozenUntil), () => {
        if (this.dead) return void this.arriveLate(arrive);
        const answer = serve(request);
        if (this.isStopped(number, "dieAfter")) return;
        if (answer === "refused") return this.settle(() => reject(new HttpError("connection refused", "not-sent")));
        if (answer !== "silence") {
          const give = () => this.settle(() => resolve(answer));
          if (answer.after === undefined) return give();
          timeline.after(answer.after, give);
        }
        const cause = Object.assign(new Error("timed out"), { name: "TimeoutError" });
        const give = () => this.settle(() => reject(new HttpError("no answer in time", "unknown", { cause })));
        timeline.after(request.timeout, give);
        request.signal?.addEventListener("abort", give, { once: true });
      });
    });
  }

  /** What was on its way when its function died may arrive all the same, and nobody hears what came of it. */
  private arriveLate(effect: () => unknown): Promise<never> {
    const { timeline, faults } = this.surroundings;
    if (faults.happens("arrivedLate")) {
      timeline.after(faults.degree("arrivedLate") * LATEST, () => {
        try {
          effect();
        } catch {
          // Refused, as its condition does not hold any more.
        }
      });
    }
    return new Promise(() => {});
  }

  /** When a call goes out: its function has one CPU, and the calls before it had that first. */
  private leave(what: string, number: number): number {
    const { timeline, callCpu, faults, onCall } = this.surroundings;
    onCall(this.name, what);
    this.busyUntil = Math.max(this.busyUntil, timeline.now) + callCpu;
    if (this.plan?.call === number && this.plan.does === "freeze") {
      this.frozenUntil = timeline.now + faults.degree("frozen") * LATEST;
    }
    return this.busyUntil;
  }

  /** The promise's code goes on now, or when it is thawed; never when it is dead. */
  private settle(go: () => void): void {
    this.wakeAt(this.surroundings.timeline.now, go);
  }

  private wakeAt(time: number, go: () => void): void {
    const { timeline } = this.surroundings;
    const wake = () => {
      if (this.dead) return;
      timeline.wake();
      go();
    };
    const at = Math.max(time, this.frozenUntil);
    if (at <= timeline.now) wake();
    else timeline.at(at, wake);
  }

  private isStopped(call: number, does: "dieBefore" | "dieAfter"): boolean {
    if (this.plan?.call !== call || this.plan.does !== does) return false;
    this.kill();
    return true;
  }

  private planFault(kind: "killed" | "operatorStops") {
    const { faults } = this.surroundings;
    if (faults.happens(kind)) {
      const does = faults.degree(kind) < 0.5 ? ("dieBefore" as const) : ("dieAfter" as const);
      return { call: callOf(faults.degree(kind)), does };
    }
    if (faults.happens("frozen")) return { call: callOf(faults.degree("frozen")), does: "freeze" as const };
    return undefined;
  }
}

/** Every invocation makes the first calls, few make the last. */
function callOf(degree: number): number {
  return Math.floor(degree ** 2 * CALLS);
}

function throttled(): Error {
  return serviceError("ProvisionedThroughputExceededException", "The level of configured throughput was exceeded", {
    $retryable: { throttling: true },
  });
}

function lost(what: string): Error {
  return serviceError("TimeoutError", `no answer to ${what}`);
}
