import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Platform } from "../../lib/adapter/Platform.ts";
import { chunksOf } from "./chunksOf.ts";

/** The platform as one that splits replies, and that refuses a piece for itself with 400, as Telegram does. */
export function pickyPlatform(platform: Platform, chunk: number): Platform {
  return {
    ...platform,
    render: (text) => chunksOf(text, chunk),
    async send(piece) {
      try {
        await platform.send(piece);
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.status !== 400) throw error;
        throw new DeliveryError("invalid", error.message, { cause: error, status: 400 });
      }
    },
  };
}
