import type { Config } from "../../lib/config/Config.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { acceptingProvider } from "./acceptingProvider.ts";
import type { Variant } from "./Scenario.ts";

export const PROVIDER_URL = "https://memory.test/sessions";

/** Of 24 bytes; it protects nothing. */
export const SIGNING_SECRET = `whsec_${Buffer.from("a secret of a simulation").toString("base64")}`;

/** There are few different ones, and a scenario is played in milliseconds. */
const made = new Map<string, Config>();

/** The config of a variant. */
export function configOf(variant: Variant): Config {
  const key = JSON.stringify(variant);
  const config = made.get(key) ?? define(variant);
  made.set(key, config);
  return config;
}

function define({ providers, accepts = false, ...rest }: Variant): Config {
  const crm = secret("CRM_SECRET");
  const known = {
    crm: accepts ? acceptingProvider({ secret: crm }) : webhook({ url: PROVIDER_URL, secret: crm }),
    builtin: builtin(),
  };
  return defineConfig({
    ...rest,
    platforms: { http: http({ secret: secret("HTTP_SECRET"), replyUrl: "https://chat.test/replies" }) },
    memory: Object.fromEntries(providers.map((name) => [name, known[name]])),
  });
}
