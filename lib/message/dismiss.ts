import type { Json } from "../domain/json.ts";
import type { Services } from "../services/Services.ts";
import { kindOf } from "./askAgent.ts";

/** Takes away what shows that an answer is coming, where none does. It never fails. */
export async function dismiss({ platform, log }: Services, name: string, replyTo: Json): Promise<void> {
  try {
    await platform(name)?.dismiss?.(replyTo);
  } catch (error) {
    log.warn("dismiss.failed", { platform: name, kind: kindOf(error) });
  }
}
