import { none } from "../../../lib/agents/none/none.ts";
import type { ConfigInput } from "../../../lib/config/defineConfig.ts";
import { secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { http } from "../../../lib/platforms/http/http.ts";

export const site = http({ secret: secret("SITE_SECRET") });

/** A config that is right, as plain data that a test may spoil. */
export const right = {
  tenant: "acme",
  agent: none(),
  platforms: { site },
  memory: { notes: builtin() },
  sessions: {
    default: { idle: "24h", daily: { at: "04:00", timeZone: "Asia/Bangkok" } },
    byPlatform: { site: { maxAge: "7d" } },
    byChatType: { group: "none" },
  },
  groups: "shared",
  access: { site: { users: ["42"], others: "pair" } },
  inGroups: { answer: "always" },
  hooks: { retry: ["10s", "2m"], timeout: "20s", unknown: "park" },
  cleaning: { credentials: false },
  recall: { timeout: "500ms", limit: 5 },
  retention: "60d",
  notices: { reset: false },
} as const satisfies ConfigInput;
