import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { callTwilio, type TwilioCall } from "./callTwilio.ts";

/** https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource */
const numberSchema = v.object({ sid: v.string(), sms_url: v.nullish(v.string(), "") });
const listSchema = v.object({ incoming_phone_numbers: v.array(numberSchema) });

type Account = Omit<TwilioCall, "path" | "form">;

/** The address that Twilio calls for messages to the number; empty where there is none. */
export async function smsUrl(account: Account, number: string, services: AdapterServices): Promise<string> {
  return (await find(account, number, services)).sms_url;
}

/** Has Twilio call this address for each message to the number. Empty: none. */
export async function setSmsUrl(account: Account, number: string, url: string, services: AdapterServices) {
  const { sid } = await find(account, number, services);
  const form = { SmsUrl: url, SmsMethod: "POST" };
  await callTwilio(numberSchema, { ...account, path: `IncomingPhoneNumbers/${sid}.json`, form }, services);
}

async function find(account: Account, number: string, services: AdapterServices) {
  const path = `IncomingPhoneNumbers.json?${new URLSearchParams({ PhoneNumber: number })}`;
  const { incoming_phone_numbers: found } = await callTwilio(listSchema, { ...account, path }, services);
  if (found[0]) return found[0];
  throw new DeliveryError("invalid", `the Twilio account has no number ${number}: correct "number" in the config`, {
    outcome: "rejected",
  });
}
