// What a team's vesper.config.ts imports beside its adapters, each of which is imported from its own folder.

export { secret } from "./adapter/options.ts";
export { defineConfig } from "./config/defineConfig.ts";
