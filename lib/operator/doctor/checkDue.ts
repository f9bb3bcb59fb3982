import type { Gateway } from "../gateway/connect.ts";
import { oldestDue } from "../oldestDue.ts";
import { when } from "../when.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** The sweep comes each minute and looks a minute ahead; what is this much overdue it has missed several times. */
const OVERDUE = 5 * 60_000;

/** Whether the sweep keeps up: nothing that it must visit is overdue. */
export async function checkDue({ services, address }: Gateway): Promise<readonly Finding[]> {
  const now = services.clock.now();
  const oldest = await oldestDue(services);
  if (!oldest) return [ok("oldest due", "nothing is waited for")];
  const what = oldest.sk.startsWith("HOOK#")
    ? `hook ${oldest.sk.slice(5)} of ${oldest.pk.slice(8)}`
    : oldest.sk.slice(8);
  const found = `${what} ${oldest.at < now ? "was" : "is"} due ${when(oldest.at, now)}`;
  if (oldest.at > now - OVERDUE) return [ok("oldest due", found)];
  const log = address.deployment?.outputs.ExpiryFunctionName ?? "the expiry function";
  return [failed("oldest due", `${found}: the sweep does not do its work; see the log of ${log}`)];
}
