import type { Config } from "../../config/Config.ts";

/** The name of the platform that programs post to: the one that is called `http`, or else the first of that kind. */
export function httpPlatform({ platforms }: Config): string | undefined {
  const names = Object.keys(platforms).filter((name) => platforms[name]?.kind === "http");
  return names.includes("http") ? "http" : names[0];
}
