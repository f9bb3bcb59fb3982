import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { whatsapp } from "../../../../lib/platforms/whatsapp/whatsapp.ts";
import { bodyOf, messageOf, whatsappCall } from "./whatsappCall.ts";

const { phoneNumberId, accountId, appId } = IDS;
const OPTIONS = { phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") };

export function create(values: Readonly<Record<string, string>> = {}, more: { verifyToken?: { secret: string } } = {}) {
  const services = testServices({ TOKEN: IDS.token, APP_SECRET: IDS.appSecret, ...values });
  return { services, platform: whatsapp({ ...OPTIONS, ...more }).create(services) };
}

export const receive = (body: unknown) => create().platform.receive(whatsappCall(body));
export const received = async (changes: Readonly<Record<string, unknown>>) => receive(bodyOf(messageOf(changes)));
export const one = async (changes: Readonly<Record<string, unknown>>) => (await received(changes)).messages[0];
