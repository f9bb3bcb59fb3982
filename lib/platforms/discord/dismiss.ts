import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Json } from "../../domain/json.ts";
import { callApi } from "./callApi.ts";
import { originalOf, targetOf } from "./sendMessage.ts";

/** Deletes "… is thinking". https://discord.com/developers/docs/interactions/receiving-and-responding#delete-original-interaction-response */
export async function dismiss(
  apiBase: string,
  replyTo: Json,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<void> {
  await callApi(v.unknown(), { ...originalOf(apiBase, targetOf(replyTo)), method: "DELETE" }, services);
}
