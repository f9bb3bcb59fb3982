import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHANNEL } from "../../../emulators/platforms/line/startLineFake.ts";
import { webhookCall as lineCall } from "../../../emulators/platforms/line/webhookCall.ts";
import { ACCOUNT } from "../../../emulators/platforms/twilio/startTwilioFake.ts";
import { webhookCall as twilioCall } from "../../../emulators/platforms/twilio/webhookCall.ts";
import { IDS } from "../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { secret } from "../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform, WebhookRequest } from "../../../lib/adapter/Platform.ts";
import { type FaultServer, startFaultServer } from "../../../lib/adapter/testing/faultServer.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { line } from "../../../lib/platforms/line/line.ts";
import { twilio } from "../../../lib/platforms/twilio/twilio.ts";
import { whatsapp } from "../../../lib/platforms/whatsapp/whatsapp.ts";
import { ADDRESS, eventOf } from "./line/lineCall.ts";
import { formOf } from "./twilio/twilioCall.ts";
import { bodyOf, messageOf, whatsappCall } from "./whatsapp/whatsappCall.ts";

interface Case {
  /** The platform with these values of its secrets, `KEY` and `TOKEN`. */
  readonly create: (apiBase: string, values: Readonly<Record<string, string>>) => Platform;
  /** A webhook that is signed with this key. */
  readonly call: (key: string) => WebhookRequest;
  readonly replyTo: Json;
  /** The secret that sends. */
  readonly sends: "KEY" | "TOKEN";
  readonly good: Readonly<Record<string, string>>;
}

const { phoneNumberId, accountId, appId } = IDS;
const { accountSid, number } = ACCOUNT;

const CASES: Readonly<Record<string, Case>> = {
  whatsapp: {
    create: (apiBase, values) =>
      whatsapp({
        ...{ phoneNumberId, accountId, appId, apiBase },
        ...{ token: secret("TOKEN"), appSecret: secret("KEY") },
      }).create(testServices(values)),
    call: (key) => whatsappCall(bodyOf(messageOf()), key),
    replyTo: { to: "16505551234" },
    sends: "TOKEN",
    good: { KEY: IDS.appSecret, TOKEN: IDS.token },
  },
  line: {
    create: (apiBase, values) =>
      line({ channelSecret: secret("KEY"), accessToken: secret("TOKEN"), apiBase }).create(testServices(values)),
    call: (key) => lineCall([eventOf()], key, ADDRESS),
    replyTo: { to: "U4711", at: 0, isDirect: true },
    sends: "TOKEN",
    good: { KEY: CHANNEL.channelSecret, TOKEN: CHANNEL.accessToken },
  },
  twilio: {
    create: (apiBase, values) =>
      twilio({ accountSid, authToken: secret("KEY"), number, apiBase }).create(testServices(values)),
    call: (key) => twilioCall(formOf(), key, ADDRESS),
    replyTo: { to: "+14155550199" },
    sends: "KEY",
    good: { KEY: ACCOUNT.authToken },
  },
};

describe.each(Object.entries(CASES))("a secret of %s", (_, { create, call, replyTo, sends, good }) => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer(() => ({ status: 200, body: "{}" }));
  });
  afterEach(() => server.close());

  const chunk: OutboundChunk = {
    ...{ text: "Hi", index: 0, isLast: true, replyTo, key: "k" },
    ...{ session: "s", conversation: "c", inReplyTo: "d" },
  };
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail("it was taken"),
      (error: unknown) => error,
    );

  it.each(["", "0123 PLANTED", '"0123456789abcdef0123456789abcdef"'])(
    "that signs is named when it is %j, and no call that is signed with it is taken",
    async (value) => {
      const platform = create(server.url, { ...good, KEY: value });
      const error = await failureOf(platform.receive(call(value)));
      expect(error).toMatchObject({
        name: "SecretFormatError",
        message: expect.stringMatching(/^the secret KEY is not an? .+: 32 hex digits; set it again and redeliver$/),
      });
      expect(String(error)).not.toContain("PLANTED");
    },
  );

  it.each(["", "EAA PLANTED", '"EAAPLANTED"', "EAAPLANTED…", "EAA\u200bPLANTED"])(
    "that sends is named when it is %j, and nobody is called",
    async (value) => {
      const platform = create(server.url, { ...good, [sends]: value });
      const error = await failureOf(platform.send(chunk));
      expect(error).toMatchObject({
        ...{ name: "DeliveryError", kind: "auth", outcome: "not-sent" },
        message: expect.stringContaining(`the secret ${sends} is not a`),
      });
      expect(String(error)).not.toContain("PLANTED");
      expect(server.requests).toEqual([]);
    },
  );

  it("may be longer than today, in large letters: no vendor promises a form", async () => {
    const longer = "0123456789ABCDEF".repeat(4);
    const values = { KEY: longer, TOKEN: `EAA.${longer}` };
    const platform = create(server.url, values);
    expect((await platform.receive(call(longer))).messages).toHaveLength(1);
    await failureOf(platform.send(chunk));
    expect(server.requests).toHaveLength(1);
  });
});
