import {
  type ApplicationKey,
  createApplicationKey,
  type Scene,
  signCall,
  slashCommand,
  snowflake,
} from "../../../../emulators/platforms/discord/interactions.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";

/** Discord's key of the tests' application, and the application. */
export const KEY = createApplicationKey();
export const APP = "845027738276462632";

/** An interaction's token, as long as true ones are. */
export const TOKEN = `aW50ZXJhY3Rpb246${"Zm9yLXRoZS10ZXN0cw".repeat(9)}`;

/** A call of Discord with this body. @param now when it is signed, milliseconds since the epoch */
export function discordCall(body: unknown, now = Date.now(), key: ApplicationKey = KEY): WebhookRequest {
  const bytes = typeof body === "string" ? body : body instanceof Uint8Array ? body : JSON.stringify(body);
  return {
    method: "POST",
    url: "https://gateway.example.com/webhooks/discord",
    headers: signCall(key, bytes, now).headers,
    query: {},
    body: Buffer.from(bytes),
  };
}

/** Where Ana gives a command: in her direct messages, now, unless told otherwise. */
export function sceneOf(changes: Partial<Scene> & { readonly at?: number; readonly number?: number } = {}): Scene {
  const { at = Date.now(), number = 1, ...scene } = changes;
  return { id: snowflake(at, number), app: APP, token: TOKEN, ...scene };
}

/** The command as which somebody would give a text: `/reset` as itself, any other as what stands behind `/ask`. */
export function sayCommand(scene: Scene, text: string) {
  const [, name = "ask", rest = text] = /^\/(reset|new|memory|status|help|retry)(?: (.*))?$/s.exec(text) ?? [];
  const value = name === "ask" ? text : rest === text ? "" : rest;
  const option = { name: name === "memory" ? "state" : "text", type: 3, value };
  return slashCommand(scene, name, value === "" ? [] : [option]);
}
