import type { Config } from "../../config/Config.ts";
import { conversationKey } from "../../config/conversationKey.ts";
import type { Hook } from "../../domain/Hook.ts";
import { awaitEnd } from "../awaitEnd.ts";
import { awaitHooks } from "../awaitHooks.ts";
import { awaitTurn } from "../awaitTurn.ts";
import type { Gateway } from "../gateway/connect.ts";
import { httpPlatform, postMessage } from "../gateway/postMessage.ts";
import { hookStatus } from "../views.ts";
import { type Finding, failed, ok, skipped } from "./Finding.ts";

const USER = { id: "vesper-doctor" };
const TEXT = "This is a test message of vesper doctor.";

/**
 * Sends a signed message the whole way: through the http platform to a turn, then ends its session and waits for every
 * hook. What providers keep of it is real.
 *
 * @param wait how long all of it may take, milliseconds
 */
export async function checkMessage(gateway: Gateway, config: Config, wait: number): Promise<readonly Finding[]> {
  const platform = httpPlatform(config);
  if (platform === undefined) return [skipped("message", "the config has no http platform to send it to")];
  const { services } = gateway;
  const { clock, newId } = services;
  const started = clock.now();
  const deadline = started + wait;
  const messageId = `doctor-${newId()}`;
  const chat = { id: `vesper-doctor-${newId()}`, type: "dm" } as const;
  const body = { conversation: chat.id, user: USER, text: TEXT, sentAt: started, chatType: chat.type };
  await postMessage(gateway, config, { platform, messageId, body, now: started });

  const conversation = conversationKey(config, platform, { chat, user: USER });
  const found = await awaitTurn(services, conversation, { messageId, at: started }, deadline);
  const seconds = () => `${((clock.now() - started) / 1000).toFixed(1)} s`;
  if (!found) {
    return [failed("message", `accepted as ${messageId}, but no turn in ${seconds()}: see the message function's log`)];
  }
  const { session, turn } = found;
  const answered =
    turn.status === "failed"
      ? failed("message", `the agent failed at it (session ${session}): see the message function's log`)
      : ok("message", `a turn of session ${session} after ${seconds()}`);
  const outcome = await awaitEnd(services, { conversation, session }, deadline);
  if (outcome === "busy") return [answered, failed("hooks", `its turn is still under way after ${seconds()}`)];
  const hooks = await awaitHooks(services, { conversation, session }, deadline);
  if (!hooks) {
    return [
      answered,
      failed("hooks", `session ${session} ended, but is not sealed after ${seconds()}: see the expiry function's log`),
    ];
  }
  if (hooks.length === 0) return [answered, ok("hooks", "none: no memory provider is configured")];
  return [answered, ...hooks.map((hook) => hookFinding(hook, seconds()))];
}

function hookFinding(hook: Hook, after: string): Finding {
  const { session, provider, failures, skipped: why } = hook;
  const status = hookStatus(hook);
  const check = `hook ${provider}`;
  if (status === "delivered") return ok(check, `delivered after ${after}`);
  if (status === "skipped") return failed(check, `skipped: ${why ?? "no reason"}`);
  const failure = failures.at(-1);
  const last = failure ? ` (${failure.kind} ${failure.status ?? ""} ${failure.message})`.replace(/ {2,}/g, " ") : "";
  return failed(check, `${status} after ${after}${last}: see npx vesper hooks show ${session} ${provider}`);
}
