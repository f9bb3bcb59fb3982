import type { Platform } from "../adapter/Platform.ts";
import type { Services } from "../services/Services.ts";
import { UnknownPlatform } from "./errors.ts";

/** The platform of a job, by its name in the config. Throws `UnknownPlatform` when the config has none of that name any more. */
export function platformNamed({ platform, config }: Pick<Services, "platform" | "config">, name: string): Platform {
  const found = platform(name);
  if (!found) throw new UnknownPlatform(name, Object.keys(config.platforms));
  return found;
}
