import { expect, it } from "vitest";
import { chatPlatforms } from "../../../console/server/api/chatPlatforms.ts";
import { secret } from "../../../lib/adapter/options.ts";
import { defineConfig } from "../../../lib/config/defineConfig.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { telegram } from "../../../lib/platforms/telegram/telegram.ts";

const programs = http({ secret: secret("KEY") });
const bot = telegram({ token: secret("TOKEN") });
const access = (name: string) => ({ [name]: { others: "answer" as const } });

it.each([
  ["a simulated one before the one of programs", { http: programs, bot }, ["bot"], ["bot", "http"]],
  ["the one of programs by its name in the config", { api: programs }, [], ["api"]],
  ["a simulated one alone, where there is none of programs", { bot }, ["bot"], ["bot"]],
  ["none, where none is simulated and there is none of programs", { bot }, [], []],
])("offers to chat on %s", (_, platforms, simulated, offered) => {
  const config = defineConfig({ platforms, ...("bot" in platforms ? { access: access("bot") } : {}) });
  expect(chatPlatforms(config, simulated)).toEqual(offered);
});
