import type { AdapterServices } from "../lib/adapter/AdapterServices.ts";
import { MissingSecretError } from "../lib/adapter/errors.ts";
import type { Platform, Polled } from "../lib/adapter/Platform.ts";
import type { Config } from "../lib/config/Config.ts";
import { VesperError } from "../lib/domain/VesperError.ts";
import type { Poller } from "./Poller.ts";
import { pause } from "./pause.ts";

/** Before the next try when the platform, or the gateway, did not take it. Milliseconds. */
const RETRY_MS = 2_000;

/** When somebody must do something first, such as setting a secret. */
const WAIT_MS = 10_000;

export interface PlatformPollerOptions {
  readonly config: Pick<Config, "platforms">;
  readonly adapters: AdapterServices;
  /** Where the gateway is, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Tells the person who has started the gateway. */
  readonly print: (line: string) => void;
}

/**
 * Fetches what users write on each platform that gives it out, and posts it to the gateway as the platform itself would:
 * no platform can reach this machine. What the gateway does not take is posted again.
 */
export function pollPlatforms(options: PlatformPollerOptions): Poller {
  const ending = new AbortController();
  const loops = Object.entries(options.config.platforms).flatMap(([name, adapter]) => {
    const platform = adapter.create(options.adapters);
    return platform.poll ? poll(options, name, platform, ending.signal) : [];
  });
  return {
    async stop() {
      ending.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(
  { url, print }: PlatformPollerOptions,
  name: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined;
  let told: string | undefined;
  const tell = (line: string) => {
    if (line !== told) print(`${name}: ${line}`);
    told = line;
  };
  while (!signal.aborted) {
    try {
      const polled = (await platform.poll?.(after, signal)) ?? [];
      tell("what users write is fetched from the platform, so that no tunnel is needed");
      for (const one of polled) {
        const status = await post(`${url}/webhooks/${name}`, one, signal);
        // It would be refused again.
        if (status >= 400) tell(`the gateway refused a message with ${status}: see the webhook function's log`);
        after = one.next;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isKnown = error instanceof VesperError;
      // That a secret is missing was told at the start. The text of a foreign error may have what somebody wrote.
      if (!isKnown) tell(`an answer of the platform was not understood (${nameOf(error)}); it is asked again`);
      else if (!(error instanceof MissingSecretError)) tell(error.message);
      const isSoon = isKnown && error.retry && !(error instanceof MissingSecretError);
      await pause(isSoon ? RETRY_MS : WAIT_MS, signal);
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Answers the gateway's status. @throws NotPosted when it may take the message later */
async function post(url: string, { call }: Polled, signal: AbortSignal): Promise<number> {
  let status: number;
  try {
    ({ status } = await fetch(url, {
      method: call.method,
      headers: { ...call.headers },
      body: new Uint8Array(call.body),
      signal,
    }));
  } catch (cause) {
    throw new NotPosted("no answer", { cause });
  }
  if (status >= 500) throw new NotPosted(`the gateway answered ${status}`);
  return status;
}

class NotPosted extends VesperError {
  override readonly name = "NotPosted";
  readonly retry = true;
  constructor(why: string, options?: ErrorOptions) {
    super(`a message could not be given to the gateway (${why}); it is tried again`, options);
  }
}
