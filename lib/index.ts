// What a team's vesper.config.ts imports.

export { secret } from "./adapter/options.ts";
export { echo } from "./agents/echo.ts";
export { none } from "./agents/none.ts";
export { defineConfig } from "./config/defineConfig.ts";
export { builtin } from "./memory/builtin/builtin.ts";
export { webhook } from "./memory/webhook/webhook.ts";
export { http } from "./platforms/http/http.ts";
export { telegram } from "./platforms/telegram/telegram.ts";
