import * as v from "valibot";
import { secretSchema, urlSchema, wholeNumberSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { isObject, type Json, jsonSchema } from "../../domain/json.ts";
import { placeholdersIn } from "./template.ts";

/** What the arguments of each use may hold. */
const PLACEHOLDERS = {
  store: ["user", "key", "session", "endedAt", "transcript", "messages"],
  recall: ["user", "query", "limit"],
  forget: ["user"],
} as const;

type Use = keyof typeof PLACEHOLDERS;

const SERVER_SHOWS = "an object with url and key, or with command, args and env";

const httpSchema = strictFields({ url: urlSchema, key: v.exactOptional(secretSchema) }, SERVER_SHOWS);

const text = v.pipe(v.string("a text"), v.minLength(1, "a text"));

const programSchema = strictFields({
  command: text,
  args: v.optional(v.array(text, "a list of texts"), []),
  env: v.optional(v.record(v.string(), v.string("a text"), "an object of texts"), {}),
});

/** Where a server is: an address, or a program of this machine. */
const serverSchema = v.lazy(
  (given): v.GenericSchema<ServerInput, Server> => (isObject(given) && "command" in given ? programSchema : httpSchema),
);

type ServerInput = v.InferInput<typeof httpSchema> | v.InferInput<typeof programSchema>;

export type Server = v.InferOutput<typeof httpSchema> | v.InferOutput<typeof programSchema>;

/** A tool of the server, and what it is called with. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: { readonly [name: string]: Json };
}

const TOOL_SHOWS = 'the name of a tool, such as "add_observations"';

function callFields(use: Use) {
  const allowed: readonly string[] = PLACEHOLDERS[use];
  const shows = `an object in which texts may hold ${allowed.map((name) => `{${name}}`).join(", ")}`;
  const values = v.custom<{ readonly [name: string]: Json }>(
    (given) =>
      isObject(given) && v.is(jsonSchema, given) && placeholdersIn(given).every((name) => allowed.includes(name)),
    shows,
  );
  return { tool: v.pipe(v.string(TOOL_SHOWS), v.regex(/^[\w./-]{1,128}$/, TOOL_SHOWS)), arguments: values };
}

const storeSchema = strictFields(callFields("store"));

const ITEMS_SHOWS = 'the path of texts in the answer, such as "entities.*.observations.*"';

const recallSchema = strictFields({
  ...callFields("recall"),
  items: v.exactOptional(v.pipe(v.string(ITEMS_SHOWS), v.regex(/^[\w-]+(\.([\w-]+|\*))*$/, ITEMS_SHOWS))),
  take: v.optional(v.picklist(["first", "last"], '"first", the best, or "last", the newest'), "first"),
});

const ALL_NAME_THE_USER =
  "store, recall and forget with {user} in their arguments: without it all users would share one memory";

const STORES_WORDS =
  "store with {transcript} or {messages} in its arguments: without them nothing of a session is stored";

const toolsSchema = v.pipe(
  strictFields({
    store: v.pipe(v.array(storeSchema, "a list of calls"), v.minLength(1, "a list of calls")),
    recall: v.exactOptional(recallSchema),
    forget: v.exactOptional(strictFields(callFields("forget"))),
  }),
  v.check(({ store, recall, forget }) => {
    const named = [store.flatMap(namesOf), ...[recall, forget].flatMap((call) => (call ? [namesOf(call)] : []))];
    return named.every((names) => names.includes("user"));
  }, ALL_NAME_THE_USER),
  v.check(({ store }) => store.flatMap(namesOf).some((name) => /^(transcript|messages)$/.test(name)), STORES_WORDS),
);

function namesOf({ arguments: values }: ToolCall): readonly string[] {
  return placeholdersIn(values);
}

export const optionsSchema = strictFields({
  server: serverSchema,
  tools: toolsSchema,
  concurrency: v.exactOptional(wholeNumberSchema(2, 1_000)),
  repeated: v.optional(
    v.picklist(["ignored", "stored"], '"ignored" where the tools do nothing when called again, "stored" where they do'),
    "stored",
  ),
});

export type Tools = v.InferOutput<typeof toolsSchema>;
