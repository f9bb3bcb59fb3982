import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { type Answer, type Fault, type SeenRequest, startFaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { createRandom } from "./createRandom.ts";
import type { ReceivedCall } from "./ReceivedCall.ts";
import type { ReceiverMode } from "./Receivers.ts";

/**
 * A process that is never killed: the memory provider `crm` and the program that gets the replies, each a strict receiver
 * of Standard Webhooks. It writes down every call that it accepts before it answers. Told by messages of its parent how
 * often calls shall fail; it says where it listens in its first message.
 */
const [, , folder = "", secret = "", seed = "0"] = process.argv;

type Fate = "busy" | "throttled" | "lying timeout" | "lost answer" | "reset" | "refused for good";

const FAULTS: Readonly<Record<Fate, Fault>> = {
  busy: 503,
  throttled: 429,
  "lying timeout": "slow-ack",
  "lost answer": "lost-ack",
  reset: "reset",
  "refused for good": 400,
};

/** Refusals for good make a hook dead, and a reply undeliverable: only the provider has an operator who redrives. */
const WEIGHTS: Readonly<Record<"provider" | "replies", Readonly<Record<Fate, number>>>> = {
  provider: { busy: 4, throttled: 2, "lying timeout": 3, "lost answer": 3, reset: 2, "refused for good": 1 },
  replies: { busy: 4, throttled: 2, "lying timeout": 0, "lost answer": 3, reset: 2, "refused for good": 0 },
};

const counts: Record<string, number> = {};

async function receive(name: "provider" | "replies") {
  const random = createRandom(Number(seed), name);
  const official = new Webhook(secret);
  const weights = WEIGHTS[name];
  let mode: ReceiverMode = { faults: 0 };
  let down = false;
  /** Whether the call that comes next is to be acknowledged. */
  let told = true;

  const decide = () => {
    told = true;
    if (down || !random.chance(mode.faults / 1000)) return;
    const fate = random.weighted(weights);
    told = FAULTS[fate] !== "slow-ack" && FAULTS[fate] !== "lost-ack";
    counts[`${name}: ${fate}`] = (counts[`${name}: ${fate}`] ?? 0) + 1;
    server.failNext(1, FAULTS[fate], fate === "throttled" ? { "retry-after": "1" } : {});
  };
  const accept = ({ headers, body }: SeenRequest): Answer => {
    try {
      official.verify(body, headers);
    } catch (error) {
      return { status: 401, body: String(error) };
    }
    const digest = createHash("sha256").update(body).digest("hex");
    const call: ReceivedCall = { id: headers["webhook-id"] ?? "", digest, told, body: JSON.parse(body) };
    appendFileSync(join(folder, `${name}.jsonl`), `${JSON.stringify(call)}\n`);
    decide();
    return { status: 200, body: '{"accepted":true}' };
  };
  const refuse = (status: number, headers: Readonly<Record<string, string>>): Answer => {
    decide();
    return { status, headers };
  };
  const server = await startFaultServer(accept, refuse);
  return {
    url: server.url,
    set(next: ReceiverMode) {
      mode = next;
      down = next.faults >= 1000;
      server.setMode(down ? 503 : "ok");
    },
  };
}

const provider = await receive("provider");

const replies = await receive("replies");

process.on("message", (message: { provider?: ReceiverMode; replies?: ReceiverMode }) => {
  if (message.provider) provider.set(message.provider);
  if (message.replies) replies.set(message.replies);
  process.send?.({ counts });
});

process.on("disconnect", () => process.exit(0));

process.send?.({ provider: provider.url, replies: replies.url });
