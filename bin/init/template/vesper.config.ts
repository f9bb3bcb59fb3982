import { defineConfig, secret } from "vesper";
import { echo } from "vesper/agents/echo";
import { builtin } from "vesper/memory/builtin";
import { http } from "vesper/platforms/http";

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
