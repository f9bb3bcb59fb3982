import * as v from "valibot";
import { parse } from "../../adapter/schema/parse.ts";
import { chatSchema } from "../../domain/InboundMessage.ts";
import { personSchema } from "../../domain/Message.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Gateway } from "./connect.ts";

/** The most that a simulated platform may take to answer, milliseconds; it does not wait for the reply. */
const TIMEOUT = 15_000;

/** What somebody writes on a simulated platform, as its runner is told: `POST /say`. Of `POST /whose` nothing is written. */
export const saidSchema = v.object({
  platform: v.string(),
  text: v.string(),
  user: v.string(),
  /** The chat's name. */
  conversation: v.string(),
  chatType: v.picklist(["dm", "group", "thread"]),
});

export type SaidThere = v.InferOutput<typeof saidSchema>;

/** The message that the platform has made of it: where it is, and what the gateway has answered the platform. */
const takenSchema = v.object({
  messageId: v.string(),
  /** When it was written, milliseconds since the epoch; absent where the platform does not say. */
  at: v.exactOptional(v.number()),
  chat: chatSchema,
  user: v.exactOptional(personSchema),
  /** Absent: the gateway was not told of it. */
  answer: v.exactOptional(v.object({ status: v.number(), text: v.string() })),
});

export type TakenThere = v.InferOutput<typeof takenSchema>;

/** What reached a chat, as the platform has it now: `GET /sent`. */
const sentSchema = v.array(v.object({ conversation: v.string(), text: v.string(), body: v.unknown() }));

export type SentThere = v.InferOutput<typeof sentSchema>[number];

/** The platforms that `npm start` simulates, as people use them. */
export interface Simulation {
  /** Writes something: the platform calls the webhook. @throws CommandFailed when it is not simulated */
  say(said: SaidThere): Promise<TakenThere>;
  /** Whose chat that would be; nothing is written. @throws CommandFailed when it is not simulated */
  whose(said: Omit<SaidThere, "text">): Promise<TakenThere>;
  /** What reached a chat, oldest first. */
  sent(platform: string, conversation: string): Promise<readonly SentThere[]>;
}

/** @throws CommandFailed when the gateway simulates no platform of that name */
export function simulationOf(
  { address, adapters }: Pick<Gateway, "address" | "adapters">,
  platform: string,
): Simulation {
  const { simulation } = address;
  if (!simulation || !Object.hasOwn(simulation.platforms, platform)) {
    throw new CommandFailed(
      `${platform} is not simulated here: npm start does it for a platform without secrets, and with VESPER_SIMULATE=1 for each that has a simulator`,
    );
  }
  const call = async (method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> => {
    const response = await adapters.http.send({
      ...{ method, url: `${simulation.url}${path}`, timeout: TIMEOUT },
      headers: { authorization: `Bearer ${simulation.key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 200) return JSON.parse(response.text);
    throw new CommandFailed(`the simulator of ${platform} failed: ${response.text}`);
  };
  return {
    say: async (said) => parse(takenSchema, await call("POST", "/say", said)),
    whose: async (said) => parse(takenSchema, await call("POST", "/whose", { ...said, text: "?" })),
    sent: async (name, conversation) => {
      const query = new URLSearchParams({ platform: name, conversation });
      return parse(sentSchema, await call("GET", `/sent?${query}`));
    },
  };
}
