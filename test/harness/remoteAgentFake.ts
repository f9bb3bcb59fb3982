import { Webhook } from "standardwebhooks";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { StreamBreak } from "../../lib/adapter/testing/streamConformance.ts";
import { TEST_SECRET } from "./webhookReceiver.ts";

/** A question whose signature was right. */
export interface AskedRemote {
  readonly id: string;
  /** Its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it with expect
  readonly body: any;
}

export interface RemoteAgentFake extends FaultServer {
  readonly secret: string;
  readonly asked: readonly AskedRemote[];
  /** What is answered from now on. */
  answer(answer: Answer): void;
  /** The next answer that comes in a stream goes wrong so, behind its first words. */
  breakNext(how: StreamBreak): void;
}

const REPLY = { text: "Nice to meet you!", model: "team-1", usage: { inputTokens: 11, outputTokens: 7 } };

/** A team's own agent. Signatures are checked by the official library. */
export async function startRemoteAgentFake(): Promise<RemoteAgentFake> {
  const official = new Webhook(TEST_SECRET);
  const asked: AskedRemote[] = [];
  const breaks: StreamBreak[] = [];
  let next: Answer = { status: 200, body: JSON.stringify(REPLY) };

  const accept = ({ method, headers, body }: SeenRequest): Answer => {
    if (method !== "POST") return { status: 405 };
    try {
      official.verify(body, headers);
    } catch {
      return { status: 401, body: "bad signature" };
    }
    asked.push({ id: headers["webhook-id"] ?? "", body: JSON.parse(body) });
    const isStream = headers.accept === "application/x-ndjson, application/json" && next.body === JSON.stringify(REPLY);
    return isStream ? streamOf(breaks.shift()) : next;
  };

  return {
    ...(await startFaultServer(accept)),
    secret: TEST_SECRET,
    asked,
    answer: (answer) => {
      next = answer;
    },
    breakNext: (how) => breaks.push(how),
  };
}

function streamOf(broken: StreamBreak | undefined): Answer {
  const ends: Readonly<Record<StreamBreak, Answer["pieces"]>> = {
    reset: ["reset"],
    early: [],
    hang: [5_000],
    // A service that can't go on just ends: there is no other way to say it.
    error: ["\n"],
  };
  const end = broken ? ends[broken] : ['{"delta":"to meet "}\n', 5, '{"delta":"you!"}\r\n', JSON.stringify(REPLY)];
  const pieces = ['{"delta":"Nice "}\n', 5, ...(end ?? [])];
  return { status: 200, headers: { "content-type": "application/x-ndjson" }, pieces };
}
