import type { Config } from "../../config/Config.ts";
import type { Surroundings, Target } from "../gateway/address.ts";
import { connect, type Gateway } from "../gateway/connect.ts";
import { reasonOf } from "../gateway/reasonOf.ts";
import { checkAccess } from "./checkAccess.ts";
import { checkFunctions } from "./checkFunctions.ts";
import { checkMessage } from "./checkMessage.ts";
import { checkProviders } from "./checkProviders.ts";
import { checkDue, checkQueues } from "./checkQueues.ts";
import { checkSecrets } from "./checkSecrets.ts";
import { checkSchedules, checkStack } from "./checkStack.ts";
import { checkWebhooks } from "./checkWebhooks.ts";
import { type Finding, failed, skipped } from "./Finding.ts";
import { tryProvider } from "./tryProvider.ts";

/** What to look at beside what is always looked at. */
export interface Examination {
  /** Send a message the whole way, to every real provider. */
  readonly send?: boolean;
  /** How long that, or the provider's recall, may take, milliseconds. */
  readonly wait: number;
  /** Only try this memory provider: store at it, recall, forget. */
  readonly provider?: string;
  /** What stands before `/<platform>` in the webhooks' addresses. @default the stack's own */
  readonly url?: string;
}

const NOT_SENT = "not sent: --send sends a test message through to every memory provider";

/**
 * Looks at everything that must be right for a gateway to work, a finding each. A check that can't be made has failed; the
 * others go on.
 *
 * @param loadConfig imports a config by its absolute path
 * @throws what no operator can do anything about: a bug
 */
export async function* examine(
  surroundings: Surroundings,
  target: Target,
  options: Examination,
  loadConfig: (path: string) => Promise<Config>,
): AsyncGenerator<Finding> {
  const reason = (error: unknown): string => {
    const known = reasonOf(error, surroundings.env, target);
    if (known === undefined) throw error;
    return known;
  };
  /** A check that can't be made has failed; the others go on. */
  const attempt = (check: string, make: () => Promise<readonly Finding[]>) =>
    make().catch((error: unknown) => [failed(check, reason(error))]);

  let gateway: Gateway;
  try {
    gateway = await connect(surroundings, target);
  } catch (error) {
    yield failed("stack", reason(error));
    return;
  }
  using _ = gateway;
  yield checkStack(gateway.address);
  let config: Config | undefined;
  let unreadable = "";
  try {
    config = await loadConfig(gateway.address.configPath);
  } catch (error) {
    unreadable = reason(error);
  }
  const withConfig = (check: string, make: (config: Config) => Promise<readonly Finding[]>) =>
    config ? attempt(check, () => make(config)) : Promise.resolve([]);
  const { provider } = options;
  if (provider !== undefined) {
    if (!config) yield failed("config", unreadable);
    yield* await withConfig(`${provider} stores`, (given) => tryProvider(gateway, given, provider, options.wait));
    return;
  }
  const checks = [
    attempt("schedule", () => checkSchedules(gateway)),
    attempt("functions", () => checkFunctions(gateway)),
    Promise.resolve(config ? [] : [failed("config", unreadable)]),
    withConfig("secrets", (given) => checkSecrets(gateway, given)),
    withConfig("access", async (given) => checkAccess(given)),
    withConfig("webhooks", (given) => checkWebhooks(gateway, given, options.url, reason)),
    attempt("queues", () => checkQueues(gateway)),
    attempt("oldest due", () => checkDue(gateway)),
    withConfig("deliveries", (given) => checkProviders(gateway, given)),
  ];
  for (const findings of await Promise.all(checks)) yield* findings;
  if (!options.send) yield skipped("message", NOT_SENT);
  else yield* await withConfig("message", (given) => checkMessage(gateway, given, options.wait));
}
