import * as v from "valibot";
import { type Forgotten, forgetUser } from "../../../lib/operator/forget/forgetUser.ts";
import { ConsoleError } from "../ConsoleError.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody } from "./readInput.ts";

const userSchema = v.object({
  platform: v.string(),
  user: v.pipe(v.string(), v.minLength(1, "say which user"), v.maxLength(500)),
});

const forgetSchema = v.object({
  ...userSchema.entries,
  /** The user's id, typed once more. */
  confirmed: v.string(),
  why: v.pipe(v.string(), v.trim(), v.minLength(1, "say why"), v.maxLength(500)),
});

/** A user erased everywhere where that is possible, as `vesper forget` does it. */
export function forgetApi({ gateway, config, background }: ApiContext): Api {
  const { services, queues, adapters } = gateway;
  const tools = { services, queues, adapters, config };
  const checkPlatform = (platform: string) => {
    if (Object.hasOwn(config.platforms, platform)) return;
    const has = Object.keys(config.platforms).join(", ") || "none";
    throw new ConsoleError(400, `no platform "${platform}" in the config: it has ${has}`);
  };
  return {
    "POST /api/forget/plan": async (request): Promise<Forgotten> => {
      const { platform, user } = readBody(userSchema, request);
      checkPlatform(platform);
      return forgetUser(tools, { platform, user }, { who: await gateway.caller(), act: false });
    },
    "POST /api/forget": async (request): Promise<Forgotten> => {
      const { platform, user, confirmed, why } = readBody(forgetSchema, request);
      checkPlatform(platform);
      if (confirmed !== user) throw new ConsoleError(400, "type the user's id once more, letter by letter");
      const work = forgetUser(tools, { platform, user }, { who: await gateway.caller(), why, act: true });
      // It goes on when the page is closed meanwhile.
      background(work);
      return work;
    },
  };
}
