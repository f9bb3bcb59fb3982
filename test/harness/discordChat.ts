import {
  type ApplicationKey,
  messageMenu,
  type Scene,
  signCall,
  slashCommand,
  snowflake,
} from "../../emulators/platforms/discord/interactions.ts";
import type { DiscordFake } from "../../emulators/platforms/discord/startDiscordFake.ts";
import { loadTurns } from "../../lib/store/turns.ts";
import type { GatewayHarness } from "./GatewayHarness.ts";
import { sessionRows } from "./rows.ts";

type Given = Pick<Scene, "place" | "user">;

/** Discord as its users see it, before a gateway: each command is an interaction of its own, with a token of its own. */
export function discordChat(harness: GatewayHarness, fake: DiscordFake) {
  let count = 0;

  const sceneOf = (given: Given = {}): Scene => {
    const token = `token-${++count}-${"x".repeat(100)}`;
    return { id: snowflake(harness.clock.now(), count), app: fake.app, token, ...given };
  };

  /** Sends it, and has Discord read what it is answered. */
  async function deliver(interaction: ReturnType<typeof slashCommand>, key: ApplicationKey = fake.key) {
    fake.begin(interaction);
    const { headers, body } = signCall(key, JSON.stringify(interaction), harness.clock.now());
    const answer = await harness.post("discord", body, { ...headers });
    fake.answered(interaction.token, answer.statusCode ?? 0, answer.body ?? "");
    return { status: answer.statusCode, answer: JSON.parse(answer.body ?? "null") };
  }

  const textOption = (name: string, text: string) => [
    { name: name === "memory" ? "state" : "text", type: 3, value: text },
  ];

  return {
    deliver,
    /** A command, as it stands before it is sent. */
    command: (name: string, text = "", given: Given = {}) =>
      slashCommand(sceneOf(given), name, text === "" ? [] : textOption(name, text)),
    menu: (name: string, message: { readonly content: string; readonly author: string }) =>
      messageMenu(sceneOf(), name, message),
    /** Gives a command and lets it be answered. */
    async give(name: string, text = "", given: Given = {}) {
      harness.advance("1s");
      const outcome = await deliver(this.command(name, text, given));
      await harness.settle();
      return outcome;
    },
    /** What is shown, by what it was written. */
    shown: () => fake.messages.map(({ by, content }) => [by, content]),
    /** The turns of the newest session. */
    async turns() {
      const sessions = await sessionRows(harness);
      return loadTurns(harness.operatorTable, sessions.at(-1)?.session ?? "");
    },
  };
}
