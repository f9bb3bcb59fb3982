import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { DeliveryError } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpRequest } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { failureOf } from "./failureOf.ts";
import { errorSchema } from "./schema.ts";

/** Discord answers in well under a second; what takes longer is called again. Milliseconds. */
const TIMEOUT = 10_000;

/** Without one of this form Discord's edge refuses calls. https://discord.com/developers/docs/reference#user-agent */
const USER_AGENT = "DiscordBot (vesper, 0.1.0)";

/** A call of the API. https://discord.com/developers/docs/reference */
export interface ApiCall {
  /** Such as `https://discord.com/api/v10`. */
  readonly apiBase: string;
  readonly method: HttpRequest["method"];
  /** Behind `apiBase`. */
  readonly path: string;
  readonly body?: unknown;
  /** The bot's; absent where the path has an interaction's. */
  readonly token?: string | undefined;
  /** What must stand in no error, beside the bot's token. */
  readonly hidden?: readonly string[];
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal;
}

/** An error of the API: its code tells what is wrong. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export interface ApiError {
  readonly code: number | undefined;
  readonly error: DeliveryError;
}

/** Calls the API once, and answers what `schema` reads of its answer. Throws `DeliveryError`, in which no token stands. */
export async function callApi<Schema extends v.GenericSchema>(
  schema: Schema,
  call: ApiCall,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<v.InferOutput<Schema>> {
  const answer = await tryApi(schema, call, services);
  if ("error" in answer) throw answer.error;
  return answer.result;
}

/** Does the same, and answers what Discord refuses. Throws `DeliveryError` when no answer came. */
export async function tryApi<Schema extends v.GenericSchema>(
  schema: Schema,
  { apiBase, path, method, body, token, hidden = [], idempotent, signal }: ApiCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<{ readonly result: v.InferOutput<Schema> } | ApiError> {
  const url = `${apiBase}${path}`;
  const response = await exchange(http, {
    url,
    method,
    headers: {
      "user-agent": USER_AGENT,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bot ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeout: TIMEOUT,
    ...(idempotent ? { idempotent } : {}),
    ...(signal ? { signal } : {}),
  });
  if (response.status >= 200 && response.status < 300) return { result: readJson(schema, url, response) };
  const parsed = v.safeParse(errorSchema, parse(response.text));
  const said = parsed.success ? parsed.output : {};
  const secrets = token === undefined ? hidden : [token, ...hidden];
  return { code: said.code, error: failureOf(response, said, secrets, clock.now()) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from the API; the schema says so.
    return undefined;
  }
}
