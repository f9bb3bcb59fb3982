// What a team's vesper.config.ts imports.

export { secret } from "./adapter/options.ts";
export { chat } from "./agents/chat/chat.ts";
export { custom } from "./agents/custom.ts";
export { echo } from "./agents/echo.ts";
export { none } from "./agents/none.ts";
export { remote } from "./agents/remote/remote.ts";
export { defineConfig } from "./config/defineConfig.ts";
export { agentcore } from "./memory/agentcore/agentcore.ts";
export { builtin } from "./memory/builtin/builtin.ts";
export { hindsight } from "./memory/hindsight/hindsight.ts";
export { mem0 } from "./memory/mem0/mem0.ts";
export { webhook } from "./memory/webhook/webhook.ts";
export { bedrock } from "./models/bedrock/bedrock.ts";
export { openai } from "./models/openai/openai.ts";
export { http } from "./platforms/http/http.ts";
export { telegram } from "./platforms/telegram/telegram.ts";
