import { builtin, defineConfig, echo, http, secret } from "vesper";

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
