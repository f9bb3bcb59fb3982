import type * as v from "valibot";
import { defineAdapter } from "./Adapter.ts";
import type { AdapterServices } from "./AdapterServices.ts";
import type { Platform } from "./Platform.ts";

/** What is done with a platform where its calls arrive: the webhook function. */
export type Receiving = Pick<Platform, "receive">;

/** What is done with it where replies go out: the message function. */
export type Sending = Pick<Platform, "render" | "send" | "showTyping" | "dismiss" | "showDraft">;

/** What operators do with it, and the runner on a laptop: no function at all. */
export type Operating = Pick<Platform, "register" | "unregister" | "registered" | "manifest" | "poll">;

/** Builds a part of a platform from its parsed options. */
type Part<Schema extends v.GenericSchema, Built> = (options: v.InferOutput<Schema>, services: AdapterServices) => Built;

/**
 * Makes a platform's config function of the platform's parts, so that a function's bundle holds the part that it needs. Each
 * part is given as `process.env.VESPER_WITHOUT_… ? undefined : part`: the bundler knows the variables, which are never set
 * (`cdk/bundling.ts`), and leaves out what is not used then.
 *
 * @param kind the platform's own name
 * @param schema checks the options, as in `defineAdapter`
 * @param more as in `defineAdapter`
 */
export function definePlatform<Schema extends v.GenericSchema>(
  kind: string,
  schema: Schema,
  parts: {
    readonly receiving: Part<Schema, Receiving> | undefined;
    readonly sending: Part<Schema, Sending> | undefined;
    readonly operating?: Part<Schema, Operating> | undefined;
  },
  more: { readonly isPublic?: boolean } = {},
) {
  const { receiving, sending, operating } = parts;
  const leftOut = (part: string) => (): never => {
    throw new Error(`the ${part} of ${kind} is not in this function's bundle`);
  };
  const build = (options: v.InferOutput<Schema>, services: AdapterServices): Platform => ({
    ...(receiving?.(options, services) ?? { receive: leftOut("receiving") }),
    ...(sending?.(options, services) ?? { render: leftOut("sending"), send: leftOut("sending") }),
    ...operating?.(options, services),
  });
  return defineAdapter("platform", kind, schema, build, more);
}
