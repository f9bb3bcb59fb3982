import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent, AgentInput, AgentReply } from "../../adapter/Agent.ts";
import { secretSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** Answers a message; undefined when there is nothing to say. Throws what agents throw. */
export type CustomReply = (
  input: AgentInput,
  /** The values of the secrets that were named, by the names that they were given. */
  secrets: Readonly<Record<string, string>>,
) => Promise<string | AgentReply | undefined>;

const REPLY_SHOWS = "a function that answers a message: async (input, secrets) => text";

const SECRETS_SHOWS = 'an object of names, each with a reference made by secret("NAME")';

const optionsSchema = strictFields({
  reply: v.custom<CustomReply>((given) => typeof given === "function", REPLY_SHOWS),
  secrets: v.optional(v.record(v.string(), secretSchema, SECRETS_SHOWS), {}),
});

/**
 * An agent that is a function of the team's own project, such as one that is made with an agent library. A bundle holds what
 * it imports. What it needs of secrets is named here, so that the function may read them and no others.
 *
 * @example
 * custom({
 *   reply: async ({ text }, { key }) => answer(text, key),
 *   secrets: { key: secret("MY_KEY") },
 * })
 */
export const custom = defineAdapter(
  "agent",
  "custom",
  optionsSchema,
  process.env.VESPER_WITHOUT_AGENTS
    ? undefined
    : ({ reply, secrets: refs }, { secrets }): Agent => ({
        async reply(input) {
          const values = await Promise.all(
            Object.entries(refs).map(async ([name, ref]) => [name, await secrets.get(ref)] as const),
          );
          return reply(input, Object.fromEntries(values));
        },
      }),
);
