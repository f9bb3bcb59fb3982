import * as v from "valibot";
import type { AdapterServices } from "../AdapterServices.ts";
import { type SecretRef, secretSchema, urlSchema } from "../options.ts";
import type { Patience } from "../Toolbox.ts";
import { exchange } from "./exchange.ts";
import type { HttpResponse, LineStream } from "./HttpClient.ts";

/** The options of whatever calls OpenAI's API, or one like it: what stands before its paths, and a key where it asks for one. */
export const openaiOptions = {
  key: v.optional(secretSchema),
  baseUrl: v.optional(urlSchema, "https://api.openai.com/v1"),
};

/** An address of OpenAI's API, or one like it. */
export interface OpenaiEndpoint {
  readonly url: string;
  /** Posts a body as JSON, once, whose repetition changes nothing there. An answer is returned whatever its status. */
  post(body: object, patience: Patience, stream?: LineStream): Promise<HttpResponse>;
}

/** @param path such as `/embeddings` */
export function openaiEndpoint(
  path: string,
  { key, baseUrl }: { readonly key?: SecretRef | undefined; readonly baseUrl: string },
  { http, secrets }: Pick<AdapterServices, "http" | "secrets">,
): OpenaiEndpoint {
  const url = `${baseUrl.replace(/\/+$/, "")}${path}`;
  return {
    url,
    async post(body, { timeout, signal }, stream) {
      const authorization = key ? { authorization: `Bearer ${await secrets.get(key)}` } : {};
      return exchange(http, {
        ...{ url, method: "POST", timeout, signal },
        headers: { "content-type": "application/json", ...authorization },
        body: JSON.stringify(body),
        // So that it may be repeated on a connection that was closed.
        idempotent: true,
        ...(stream ? { stream } : {}),
      });
    },
  };
}
