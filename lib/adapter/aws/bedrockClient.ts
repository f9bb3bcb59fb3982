import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import * as v from "valibot";
import type { AdapterServices } from "../AdapterServices.ts";
import { type SecretRef, secretSchema } from "../options.ts";
import { clientSettings } from "./clientSettings.ts";

const REGION_SHOWS = 'a region such as "eu-central-1"';

/** The options of whatever calls Bedrock: its region, by default the stack's own, and a key where there is no role. */
export const bedrockOptions = {
  region: v.exactOptional(v.pipe(v.string(REGION_SHOWS), v.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, REGION_SHOWS))),
  key: v.exactOptional(secretSchema),
};

/** A client of Bedrock, made at the first call, as it reads the environment. */
export function bedrockClient(
  { region, key }: { readonly region?: string; readonly key?: SecretRef },
  { aws, secrets }: Pick<AdapterServices, "aws" | "secrets">,
): () => BedrockRuntimeClient {
  let client: BedrockRuntimeClient | undefined;
  return () => {
    client ??= new BedrockRuntimeClient({
      ...clientSettings({ ...aws, ...(region === undefined ? {} : { region }) }),
      ...(key
        ? { token: async () => ({ token: await secrets.get(key) }), authSchemePreference: ["httpBearerAuth"] }
        : {}),
    });
    return client;
  };
}
