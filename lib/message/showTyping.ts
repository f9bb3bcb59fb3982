import type { InboundJob } from "../domain/InboundJob.ts";
import type { Services } from "../services/Services.ts";
import { kindOf } from "./askAgent.ts";

/** An agent that answers within it has nothing to show, milliseconds. */
const PATIENCE = 700;

/** Platforms show it for five seconds, milliseconds. */
const EACH = 4_500;

/** Shows in the chat that an answer is being written, until `done` aborts. Nothing waits for it, and it never fails. */
export function showTyping({ platform: named, log }: Services, job: InboundJob, done: AbortSignal): void {
  const { platform: name, message } = job;
  const platform = named(name);
  if (!platform?.showTyping) return;
  const show = async () => {
    try {
      await platform.showTyping?.(message.replyTo);
      if (!done.aborted) next(EACH);
    } catch (error) {
      log.warn("typing.failed", { platform: name, kind: kindOf(error) });
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const next = (wait: number) => {
    timer = setTimeout(show, wait);
  };
  done.addEventListener("abort", () => clearTimeout(timer), { once: true });
  next(PATIENCE);
}
