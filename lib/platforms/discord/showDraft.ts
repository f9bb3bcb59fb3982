import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Draft, ShownDraft } from "../../adapter/Platform.ts";
import { tryApi } from "./callApi.ts";
import { sentSchema } from "./schema.ts";
import { contentOf, editOf, isNotYet, notYet, targetOf } from "./sendMessage.ts";

/**
 * Shows a reply that is being written in place of "… is thinking", where the reply itself will stand; for as long as the
 * interaction's token holds.
 */
export async function showDraft(
  apiBase: string,
  { text, replyTo, signal }: Draft,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<ShownDraft | undefined> {
  const target = targetOf(replyTo);
  if (services.clock.now() >= target.until) return undefined;
  const call = { ...editOf(apiBase, target), body: contentOf(text), signal };
  const shown = await tryApi(sentSchema, call, services);
  if ("result" in shown) return { ref: shown.result.id };
  throw isNotYet(shown, target, services) ? notYet(shown) : shown.error;
}
