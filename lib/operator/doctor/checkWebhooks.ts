import type { Config } from "../../config/Config.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok, skipped } from "./Finding.ts";

/** Whether each platform that tells calls this gateway, one finding each. `base`: what stands before `/<platform>`. */
export async function checkWebhooks(
  { address, adaptersOf }: Gateway,
  config: Config,
  base: string | undefined,
  reason: (error: unknown) => string,
): Promise<readonly Finding[]> {
  const findings = Object.entries(config.platforms).map(async ([name, adapter]): Promise<Finding[]> => {
    const platform = adapter.create(adaptersOf(name));
    const check = `${name} webhook`;
    if (!platform.registered) return [];
    if (Object.hasOwn(address.simulation?.platforms ?? {}, name)) {
      return [skipped(check, `${name} is simulated on this machine`)];
    }
    if (base === undefined && !address.deployment) {
      return [skipped(check, `${name} can't reach this machine: give the address of a tunnel with --url`)];
    }
    try {
      const url = `${base ?? address.webhookUrl}/${name}`;
      const answer = await platform.registered(url);
      if (answer === true) return [ok(check, `registered, ${url}`)];
      return [failed(check, `${answer}: mend it with npx vesper webhooks set --platform ${name}`)];
    } catch (error) {
      return [failed(check, reason(error))];
    }
  });
  return (await Promise.all(findings)).flat();
}
