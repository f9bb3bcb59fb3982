import { setTimeout as sleep } from "node:timers/promises";
import { signingKey, signWebhook } from "../../lib/adapter/signing/standardWebhooks.ts";

/** How long an attempt waits for its answer, milliseconds: what impatient platforms allow. */
const TIMEOUT_MS = 5_000;

/** What a platform does: it signs a message and posts it. */
export class Platform {
  /** Answers that no platform should get for a good message, as text. */
  readonly refusals: string[] = [];
  readonly #url: string;
  readonly #keys: readonly Uint8Array[];

  /** @param url of the gateway, without a path */
  constructor(url: string, secret: string) {
    const key = signingKey(secret);
    if (!key) throw new Error("the secret is no signing secret");
    this.#url = `${url}/webhooks/http`;
    this.#keys = [key];
  }

  /** One attempt. @returns whether it was acknowledged */
  async post(messageId: string, body: string): Promise<boolean> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json", ...signWebhook(this.#keys, messageId, Date.now(), body) },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.status >= 400 && response.status < 500) this.refusals.push(`${response.status} ${text}`);
      return response.ok;
    } catch {
      // No answer: it may have been accepted or not, so it is sent again.
      return false;
    }
  }

  /**
   * Attempts until one is acknowledged, however long that takes.
   *
   * @param pause gives the wait before the next attempt, milliseconds
   * @returns how many attempts it took
   */
  async deliver(messageId: string, body: string, pause: () => number): Promise<number> {
    for (let attempts = 1; ; attempts += 1) {
      if (await this.post(messageId, body)) return attempts;
      await sleep(pause());
    }
  }
}
