import type { HttpRequest, HttpResponse } from "../../lib/adapter/http/HttpClient.ts";
import { WORK_URL } from "./acceptingProvider.ts";
import type { Faults } from "./Faults.ts";
import type { Answered } from "./Invocation.ts";
import { Works } from "./Works.ts";

/** What a server that fails does, each as often as it stands here; a status, or how it is slow or odd. */
const FAILURES = [
  ...[503, 503, 503, 500, 502, 408, 409, 429, 429, 401, 403, 400, 404, 410, 302, 308],
  ...(["asks for a day", "refused", "refused", "slow", "slow", "odd"] as const),
] as const;

/** The slowest answer, milliseconds: just within the time that a call may take. */
const SLOWEST = 44_000;

/** A call that was taken. */
export interface Effect {
  readonly id: string;
  readonly body: string;
}

/**
 * A server that takes signed calls and knows a repetition by its `webhook-id`: a memory provider, or the program that
 * shows replies. It fails, is slow, and takes what it then says nothing of.
 */
export class SignedServer {
  /** What it took, each id once. */
  readonly effects = new Map<string, Effect>();
  /** Every call that it took, repetitions included. */
  readonly calls: (Effect & { readonly answered: boolean })[] = [];
  /** The calls that it refused so that no repetition helps, or so that it says so. */
  readonly refusals: { readonly body: string; readonly status: number }[] = [];
  /** Whether it refuses everything at the moment, and with which status. */
  down: number | "silence" | undefined;
  /** Hears of each call, before it is answered. */
  onCall: (body: string) => void = () => {};
  /** Hears what wait it asks for in an answer, milliseconds. */
  onAsked: (body: string, wait: number) => void = () => {};
  /** What it has accepted, and works on. */
  readonly works: Works;
  private readonly faults: Faults;
  private readonly fails: "providerFails" | "platformFails";
  private readonly lies: "providerLies" | "platformLies";

  constructor(faults: Faults, kind: "provider" | "platform", now: () => number) {
    this.works = new Works(faults, now, this.effects);
    this.faults = faults;
    this.fails = `${kind}Fails`;
    this.lies = `${kind}Lies`;
  }

  serve(request: HttpRequest): Answered {
    const { body } = request;
    if (body !== undefined) this.onCall(body);
    const answered = this.answerTo(request);
    const wait = typeof answered === "object" ? Number(answered.headers["retry-after"] ?? 0) * 1000 : 0;
    if (wait > 0 && body !== undefined) this.onAsked(body, wait);
    return answered;
  }

  private answerTo({ url, headers = {}, body }: HttpRequest): Answered {
    const accepts = url.startsWith(WORK_URL);
    const isQuestion = accepts && body === undefined;
    const id = isQuestion ? url.slice(WORK_URL.length + 1) : headers["webhook-id"];
    if (id === undefined || !(isQuestion || headers["webhook-signature"])) throw new Error("a call is not signed");
    if (this.down !== undefined) return this.down === "silence" ? "silence" : answer(this.down);
    const failure = this.faults.happens(this.fails) ? this.failure() : undefined;
    if (failure === "refused") return failure;
    if (typeof failure === "number") {
      if (isForGood(failure)) this.refusals.push({ body: body ?? "", status: failure });
      // Of a question that is what it says of a session that it does not know.
      return answer(isQuestion && failure === 404 ? 410 : failure);
    }
    if (failure === "asks for a day") return { ...answer(503), headers: { "retry-after": String(this.longWait()) } };
    const silent = this.faults.happens(this.lies);
    const text = body ?? "";
    const told = isQuestion ? this.works.tell(id) : undefined;
    if (!isQuestion) {
      if (accepts) this.works.take(id, text);
      else if (!this.effects.has(id)) this.effects.set(id, { id, body: text });
      this.calls.push({ id, body: text, answered: !silent });
    }
    if (silent) return "silence";
    if (told !== undefined)
      return told === "lost" ? answer(404) : { ...answer(200), text: JSON.stringify({ state: told }) };
    if (failure === "slow") return { ...answer(200), after: this.faults.degree(this.fails) * SLOWEST };
    return failure === "odd" ? { ...answer(201), text: "<html>\u0000{" } : answer(200);
  }

  /** Seconds. A platform bans for hours, which may be more or less than are waited for. */
  private longWait(): number {
    return this.fails === "providerFails" ? 86_400 : 3_600 * (1 + Math.floor(24 * this.faults.degree(this.fails)));
  }

  private failure(): (typeof FAILURES)[number] {
    return FAILURES[Math.floor(this.faults.degree(this.fails) * FAILURES.length)] ?? 503;
  }
}

/** Redirects are not followed, and most of 4xx says that the call itself is wrong. */
function isForGood(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 402, 403, 408, 409, 425, 429].includes(status);
}

function answer(status: number): HttpResponse {
  return { status, headers: status === 429 ? { "retry-after": "30" } : {}, text: "" };
}
