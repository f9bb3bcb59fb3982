import * as v from "valibot";
import { editSchema, followUpSchema } from "./contracts.ts";
import { type ApiAnswer, apiError, json } from "./errors.ts";
import type { MessageStore } from "./messageStore.ts";
import { jsonOf, parsed } from "./parsed.ts";

const LIFETIME = 15 * 60_000;

/** How long the application may take to answer a call, milliseconds. */
const TO_ANSWER = 3_000;

/** Of an app that its user alone has installed. */
const MOST_FOLLOW_UPS = 5;

/** What Discord knows of an interaction that it has sent. */
export interface SentInteraction {
  readonly token: string;
  readonly channel_id: string;
  readonly authorizing_integration_owners: Readonly<Record<string, string>>;
}

interface Interaction {
  readonly channel: string;
  readonly at: number;
  readonly isLimited: boolean;
  /** `taken-back`: "… is thinking" was deleted, and with it all that the token allows. */
  state: "unanswered" | "thinking" | "shown" | "deleted" | "taken-back" | "void";
  isEphemeral: boolean;
  original?: string;
  followUps: number;
}

/**
 * The interactions that were sent, and what their tokens allow: nothing until the application has answered the call, which
 * it must within three seconds; then to edit the first message and to send more, for 15 minutes.
 */
export function createInteractionTokens(messages: MessageStore, now: () => number) {
  const interactions = new Map<string, Interaction>();

  const byToken = (token: string, answer: (interaction: Interaction) => ApiAnswer): ApiAnswer => {
    const interaction = interactions.get(token);
    if (!interaction) return apiError(50027);
    if (interaction.state === "void" || interaction.state === "unanswered") return apiError(10015);
    return now() > interaction.at + LIFETIME ? apiError(50027) : answer(interaction);
  };

  const edit = (token: string, body: string): ApiAnswer =>
    parsed(editSchema, body, (given) =>
      byToken(token, (interaction) => {
        if (isDeleted(interaction)) return apiError(10008);
        const { content } = given;
        const { channel, isEphemeral, original } = interaction;
        const shown = original
          ? messages.change(original, content, given)
          : messages.show({ by: "original", content, channel, isEphemeral, given });
        Object.assign(interaction, { state: "shown", original: shown });
        return json(200, { id: shown, channel_id: channel, content });
      }),
    );

  return {
    /** https://discord.com/developers/docs/interactions/receiving-and-responding#edit-original-interaction-response */
    edit,

    /** https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message */
    followUp: (token: string, body: string): ApiAnswer =>
      parsed(followUpSchema, body, (given) =>
        byToken(token, (interaction) => {
          const { content, flags = 0 } = given;
          // The first one takes the place of "… is thinking", in the way that Discord discourages.
          if (interaction.state === "thinking") return edit(token, JSON.stringify({ content }));
          if (interaction.state === "taken-back") return apiError(10008);
          if (interaction.isLimited && interaction.followUps >= MOST_FOLLOW_UPS) return apiError(40094);
          interaction.followUps++;
          const { channel } = interaction;
          const id = messages.show({ by: "follow-up", content, channel, isEphemeral: (flags & 64) !== 0, given });
          return json(200, { id, channel_id: channel, content });
        }),
      ),

    begin({ token, channel_id: channel, authorizing_integration_owners: owners }: SentInteraction): void {
      const isLimited = owners[0] === undefined;
      interactions.set(token, { channel, at: now(), isLimited, state: "unanswered", isEphemeral: false, followUps: 0 });
    },

    answered(token: string, status: number, body: string): void {
      const interaction = interactions.get(token);
      if (interaction?.state !== "unanswered") return;
      const answer = v.safeParse(answerSchema, jsonOf(body));
      if (status !== 200 || !answer.success || now() > interaction.at + TO_ANSWER) {
        interaction.state = "void";
        return;
      }
      const { type, data = {} } = answer.output;
      const isEphemeral = data.flags === 64;
      const { channel } = interaction;
      if (type === 5) Object.assign(interaction, { state: "thinking", isEphemeral });
      if (type !== 4 || data.content === undefined) return;
      const original = messages.show({ by: "original", content: data.content, channel, isEphemeral, given: data });
      Object.assign(interaction, { state: "shown", original, isEphemeral });
    },

    /** https://discord.com/developers/docs/interactions/receiving-and-responding#delete-original-interaction-response */
    remove: (token: string): ApiAnswer =>
      byToken(token, (interaction) => {
        if (isDeleted(interaction)) return apiError(10008);
        // Nothing more can be sent then: https://github.com/discord/discord-api-docs/issues/3087
        interaction.state = interaction.state === "thinking" ? "taken-back" : "deleted";
        if (interaction.original) messages.remove(interaction.original);
        return { status: 204 };
      }),

    isThinking: (token: string): boolean => interactions.get(token)?.state === "thinking",
  };
}

function isDeleted({ state }: Interaction): boolean {
  return state === "deleted" || state === "taken-back";
}

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object */
const answerSchema = v.strictObject({
  type: v.picklist([1, 4, 5, 6, 8]),
  data: v.optional(
    v.strictObject({
      content: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(2_000))),
      flags: v.optional(v.literal(64)),
      allowed_mentions: v.optional(v.strictObject({ parse: v.array(v.string()) })),
      choices: v.optional(v.array(v.unknown())),
    }),
  ),
});
