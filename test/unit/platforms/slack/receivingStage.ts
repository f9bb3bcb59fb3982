import { beforeEach, expect } from "vitest";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { eventCall, SIGNING_SECRET } from "./slackCall.ts";
import type { Fields } from "./slackEvents.ts";

export const BEN = "U061F7AUR";

export let services: TestServices;
export let platform: Platform;

/** Each test of the file has the platform anew. */
export function makeSlackForEach(): void {
  beforeEach(() => {
    services = testServices({ TOKEN: "xoxb-1-2-abc", SIGNING_SECRET });
    platform = slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }).create(services);
  });
}

export const receive = (event: Fields) => platform.receive(eventCall(event));

export const messagesOf = async (event: Fields) => {
  const { messages, chats = [], response } = await receive(event);
  expect([chats, response]).toEqual([[], { status: 200 }]);
  return messages;
};
