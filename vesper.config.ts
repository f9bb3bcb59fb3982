import { echo } from "./lib/agents/echo/echo.ts";
import { defineConfig, secret } from "./lib/index.ts";
import { builtin } from "./lib/memory/builtin/builtin.ts";
import { http } from "./lib/platforms/http/http.ts";

export default defineConfig({
  agent: echo(),
  platforms: {
    http: http({ secret: secret("HTTP_SIGNING_SECRET") }),
  },
  memory: {
    builtin: builtin(),
  },
  sessions: {
    default: { idle: "24h", daily: { at: "04:00", timeZone: "UTC" } },
  },
});
