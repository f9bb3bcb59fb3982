import { messagingApi, validateSignature } from "@line/bot-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHANNEL, type LineFake, startLineFake } from "../../emulators/platforms/line/startLineFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import type { PlatformExtras } from "../../lib/adapter/testing/platformExtrasConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { line } from "../../lib/platforms/line/line.ts";
import { ADDRESS, AT, eventOf, lineCall } from "../unit/platforms/line/lineCall.ts";

const servicesOf = () => testServices({ CHANNEL_SECRET: CHANNEL.channelSecret, ACCESS_TOKEN: CHANNEL.accessToken });

function platformOf(server: LineFake, services = servicesOf()) {
  const secrets = { channelSecret: secret("CHANNEL_SECRET"), accessToken: secret("ACCESS_TOKEN") };
  return line({ ...secrets, apiBase: server.url }).create(services);
}

const group = { source: { type: "group", groupId: "C1", userId: "U4711" } };

// Of what a message answers only the id is told; nothing is forwarded by its name, and nobody corrects a message.
const EXTRAS: PlatformExtras = {
  inGroup: ({ text }, namesBot) => {
    const mention = { mentionees: [{ index: 0, length: 4, type: "user", userId: "U0", isSelf: true }] };
    return lineCall([eventOf(namesBot ? { text: `@bot ${text}`, mention } : { text }, group)]);
  },
  gone: (chat) => {
    const { message: _, ...event } = eventOf({}, { type: "leave", source: { type: "group", groupId: chat } });
    return lineCall([event]);
  },
};

platformConformance(
  { describe, it },
  "line",
  async () => {
    const server = await startLineFake();
    const services = servicesOf();
    return {
      platform: platformOf(server, services),
      secretsRead: () => services.secrets.asked,
      call: ({ number, text, user }) =>
        lineCall([
          eventOf(
            { text, id: String(number) },
            { webhookEventId: `01E${number}`, source: { type: "user", userId: user } },
          ),
        ]),
      callWith: (body) => lineCall(body),
      forgeries: (genuine) => {
        const signed = genuine.headers["x-line-signature"] ?? "";
        const withSignature = (signature: string) => ({
          ...genuine,
          headers: { ...genuine.headers, "x-line-signature": signature },
        });
        return {
          missing: { ...genuine, headers: {} },
          empty: withSignature(""),
          short: withSignature(signed.slice(0, -1)),
          "of nothing": withSignature(`${"A".repeat(43)}=`),
          "of another body": { ...genuine, body: Buffer.concat([genuine.body, Buffer.from(" ")]) },
        };
      },
      server,
      sent: () => server.sent.map(({ text }) => text),
      limit: 5000,
      secrets: [CHANNEL.channelSecret, CHANNEL.accessToken],
      typing: () => server.typing,
      close: () => server.close(),
    };
  },
  EXTRAS,
);

describe("line", () => {
  let server: LineFake;
  beforeEach(async () => {
    server = await startLineFake();
  });
  afterEach(() => server.close());

  const chunk = (index = 0, key = "k-1") => ({
    ...{ text: "Zoë & 李", index, isLast: true, key, session: "s", conversation: "c", inReplyTo: "d" },
    replyTo: { to: "U4711", at: AT, isDirect: true, token: "token-1" },
  });
  /** The platform so many milliseconds after the message. */
  function platformAt(age: number) {
    const services = servicesOf();
    services.clock.set(AT + age);
    return platformOf(server, services);
  }

  it("sends as the official library does: the same method, path, body and headers", async () => {
    const library = new messagingApi.MessagingApiClient({
      channelAccessToken: CHANNEL.accessToken,
      baseURL: server.url,
    });
    const messages = [{ type: "text" as const, text: "Zoë & 李" }];
    server.issue("token-1", "U4711");
    await platformAt(1_000).send(chunk());
    await platformAt(60_000).send(chunk(0, "k-2"));
    await platformAt(0).showTyping?.(chunk().replyTo);
    const retryKey = server.requests[1]?.headers["x-line-retry-key"];
    server.issue("token-1", "U4711");
    await library.replyMessage({ replyToken: "token-1", messages });
    await library.pushMessage({ to: "U4711", messages }, retryKey).catch(() => {});
    await library.showLoadingAnimation({ chatId: "U4711", loadingSeconds: 5 });

    const seen = server.requests.map(({ method, path, body, headers }) => ({
      ...{ method, path, body: JSON.parse(body), authorization: headers.authorization },
      retryKey: headers["x-line-retry-key"],
    }));
    expect(seen.slice(0, 3)).toEqual(seen.slice(3));
  });

  it("is called as the official library lets pass", () => {
    const { body, headers } = lineCall([eventOf({ text: "Zoë & 李" })]);
    expect(validateSignature(Buffer.from(body), CHANNEL.channelSecret, headers["x-line-signature"] ?? "")).toBe(true);
  });

  it("answers by the token while that lives, and only the first piece", async () => {
    server.issue("token-1", "U4711");
    await platformAt(1_000).send(chunk());
    await platformAt(1_000).send(chunk(1, "k-2"));
    expect(server.sent.map(({ by }) => by)).toEqual(["reply", "push"]);
  });

  it("pushes where the token is spent or too old", async () => {
    await platformAt(1_000).send(chunk());
    await platformAt(60_000).send(chunk(0, "k-2"));
    expect(server.requests.map(({ path }) => path.split("/").at(-1))).toEqual(["reply", "push", "push"]);
  });

  it("pushes a piece once, however often it is sent, and answers its id each time", async () => {
    server.failNext(1, "lost-ack");
    await expect(platformAt(60_000).send(chunk())).rejects.toMatchObject({ outcome: "unknown" });
    const id = await platformAt(60_000).send(chunk());
    expect(server.sent.map((one) => one.id)).toEqual([id]);
  });

  it("takes the month's messages that are used up for a quota, and any other 429 for the rate", async () => {
    server.useUp();
    await expect(platformAt(60_000).send(chunk())).rejects.toMatchObject({ kind: "quota", retry: true });
    server.failNext(1, 429);
    await expect(platformAt(60_000).send(chunk())).rejects.toMatchObject({ kind: "throttled" });
  });

  it("shows nothing in a group, where LINE has no such sign", async () => {
    await platformAt(0).showTyping?.({ to: "C1", at: AT, isDirect: false });
    expect(server.requests).toEqual([]);
  });

  it("sets the address, and tells whether LINE calls it", async () => {
    const platform = platformOf(server);
    await platform.register?.(ADDRESS);
    expect(server.endpoint).toBe(ADDRESS);
    expect(await platform.registered?.(ADDRESS)).toBe(true);
    expect(await platform.registered?.("https://other.example.com")).toContain(ADDRESS);
    server.active = false;
    expect(await platform.registered?.(ADDRESS)).toContain("Use webhook");
  });
});
