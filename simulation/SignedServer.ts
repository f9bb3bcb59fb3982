import type { HttpRequest } from "../lib/runtime/HttpClient.ts";
import type { Faults } from "./Faults.ts";
import type { Answered } from "./Invocation.ts";

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
  /** Whether it refuses everything at the moment, and with which status. */
  down: number | "silence" | undefined;
  private readonly faults: Faults;
  private readonly fails: "providerFails" | "platformFails";
  private readonly lies: "providerLies" | "platformLies";

  constructor(faults: Faults, kind: "provider" | "platform") {
    this.faults = faults;
    this.fails = `${kind}Fails`;
    this.lies = `${kind}Lies`;
  }

  serve({ headers = {}, body = "" }: HttpRequest): Answered {
    const id = headers["webhook-id"];
    if (id === undefined || headers["webhook-signature"] === undefined) throw new Error("a call is not signed");
    if (this.down !== undefined) return this.down === "silence" ? "silence" : answer(this.down);
    if (this.faults.happens(this.fails)) {
      const statuses = [503, 503, 429, 500, 408, 503, 401, 400];
      return answer(statuses[Math.floor(this.faults.degree(this.fails) * statuses.length)] ?? 503);
    }
    const silent = this.faults.happens(this.lies);
    if (!this.effects.has(id)) this.effects.set(id, { id, body });
    this.calls.push({ id, body, answered: !silent });
    return silent ? "silence" : answer(200);
  }
}

function answer(status: number): Answered {
  return { status, headers: status === 429 ? { "retry-after": "30" } : {}, text: "" };
}
