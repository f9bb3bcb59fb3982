import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { parseCommand } from "../../../lib/adapter/text/parseCommand.ts";
import type { Said, StartSimulator } from "../PlatformSimulator.ts";
import { type Place, signCall, slashCommand, snowflake } from "./interactions.ts";
import { startDiscordFake } from "./startDiscordFake.ts";

const refSchema = v.object({ secret: v.string() });
const optionsSchema = v.object({ publicKey: refSchema, token: v.optional(refSchema) });

const TEXT = 3;

/**
 * Discord on this machine: its API, and the interactions that it would send. What somebody writes is what they would put
 * behind `/ask`, and `/reset` and its like are the commands of that name. Who is answered at once is not told here: Discord
 * is taken to read that the answer comes later.
 */
export const startSimulator: StartSimulator = async (given) => {
  const { publicKey, token } = v.parse(optionsSchema, given);
  const part = (bytes: number) => randomBytes(bytes).toString("base64url");
  const fake = await startDiscordFake({ botToken: `${part(18)}.${part(4)}.${part(28)}` });
  const names = new Map<string, string>();
  let count = 0;
  return {
    url: fake.url,
    secrets: { [publicKey.secret]: fake.key.publicKey, ...(token ? { [token.secret]: fake.botToken } : {}) },
    call(said, url) {
      const now = Date.now();
      const place = placeOf(said);
      const scene = {
        ...{ id: snowflake(now, ++count % 4_096), app: fake.app, token: part(120), place },
        user: { id: numberOf(said.user), name: said.user },
      };
      const { command = "ask", text } = parseCommand(said.text);
      const option = { name: command === "memory" ? "state" : "text", type: TEXT, value: text };
      const interaction = slashCommand(scene, command, text === "" ? [] : [option]);
      names.set(place.channel, said.conversation);
      fake.begin(interaction);
      fake.answered(interaction.token, 200, '{"type":5}');
      const { headers, body } = signCall(fake.key, JSON.stringify(interaction), now);
      return { method: "POST", url, headers, query: {}, body: Buffer.from(body) };
    },
    sent: () =>
      fake.messages.map((message) => {
        const { channel, content: text, by, isEphemeral, given } = message;
        return { conversation: names.get(channel) ?? channel, text, body: { by, isEphemeral, ...given } };
      }),
    close: () => fake.close(),
  };
};

function placeOf({ conversation, chatType }: Said): Place {
  const channel = numberOf(`channel ${conversation}`);
  if (chatType === "thread") return { kind: "thread", channel, parent: numberOf(`parent of ${conversation}`) };
  return { kind: chatType === "dm" ? "dm" : "server", channel };
}

/** The platform's number for a name, always the same; a number stays what it is. */
function numberOf(name: string): string {
  if (/^[1-9]\d{0,19}$/.test(name)) return name;
  return String(100_000_000_000 + createHash("sha256").update(name).digest().readUInt32BE());
}
