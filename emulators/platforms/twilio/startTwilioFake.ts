import * as v from "valibot";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../../lib/adapter/testing/faultServer.ts";

/** A message that went out, as Twilio has it. */
export interface SentMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
}

/** What the fake knows of its account. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly number: string;
}

export interface TwilioFake extends FaultServer, TwilioAccount {
  readonly sent: readonly SentMessage[];
  /** The address that the number calls; empty: none. */
  readonly smsUrl: string;
  /** From now on what is sent to somebody is refused with this code. */
  refuse(to: string, code: number): void;
}

/** An account that nobody else has. */
export const ACCOUNT: TwilioAccount = {
  accountSid: `AC${"0123456789abcdef".repeat(2)}`,
  authToken: "fedcba9876543210fedcba9876543210",
  number: "+14155550100",
};

const NUMBER_SID = `PN${"0".repeat(32)}`;

const messageSchema = v.strictObject({
  To: v.pipe(v.string(), v.regex(/^\+?[1-9]\d{2,14}$/)),
  From: v.string(),
  Body: v.pipe(v.string(), v.minLength(1)),
});
const numberSchema = v.strictObject({
  SmsUrl: v.union([v.pipe(v.string(), v.url()), v.literal("")]),
  SmsMethod: v.literal("POST"),
});

/** The most of one message, characters. */
const MOST_TEXT = 1600;

/**
 * The part of Twilio's API that is used, strict: what the real one would refuse is refused, with its own errors, and so is a
 * parameter that it would silently ignore. https://www.twilio.com/docs/messaging/api/message-resource
 */
export async function startTwilioFake(changes: Partial<TwilioAccount> = {}): Promise<TwilioFake> {
  const account = { ...ACCOUNT, ...changes };
  const { accountSid, authToken, number } = account;
  const sent: SentMessage[] = [];
  const refusals = new Map<string, number>();
  let smsUrl = "";

  const accept = (request: SeenRequest): Answer => {
    const credentials = Buffer.from(`${accountSid}:${authToken}`).toString("base64");
    if (request.headers.authorization !== `Basic ${credentials}`) return failure(401, 20003, "Authenticate");
    const { pathname, searchParams } = new URL(request.path, "http://twilio");
    const path = pathname.replace(`/2010-04-01/Accounts/${accountSid}/`, "");
    if (path === "Messages.json" && request.method === "POST") return post(request);
    if (path === "IncomingPhoneNumbers.json" && request.method === "GET") {
      const found =
        searchParams.get("PhoneNumber") === number ? [{ sid: NUMBER_SID, phone_number: number, sms_url: smsUrl }] : [];
      return json(200, { incoming_phone_numbers: found, page: 0 });
    }
    if (path === `IncomingPhoneNumbers/${NUMBER_SID}.json` && request.method === "POST") return setNumber(request);
    return failure(404, 20404, `The requested resource ${pathname} was not found`);
  };

  const post = (request: SeenRequest): Answer => {
    const parsed = v.safeParse(messageSchema, formOf(request));
    if (!parsed.success) return failure(400, 21604, "A 'To' phone number, a 'From' and a 'Body' are required.");
    const { To: to, From: from, Body: body } = parsed.output;
    if (from !== number) return failure(400, 21606, `The 'From' phone number ${from} is not a valid number of yours`);
    if (body.length > MOST_TEXT)
      return failure(400, 21617, "The concatenated message body exceeds the 1600 character limit");
    const refusal = refusals.get(to);
    if (refusal !== undefined) return failure(refusal === 20429 ? 429 : 400, refusal, `refused: ${to}`);
    const sid = `SM${String(sent.length + 1).padStart(32, "0")}`;
    sent.push({ sid, to, from, body });
    return json(201, { sid, status: "queued", to, from, body, num_segments: "1", error_code: null });
  };

  const setNumber = (request: SeenRequest): Answer => {
    const parsed = v.safeParse(numberSchema, formOf(request));
    if (!parsed.success) return failure(400, 21502, "SmsUrl is not valid.");
    smsUrl = parsed.output.SmsUrl;
    return json(200, { sid: NUMBER_SID, phone_number: number, sms_url: smsUrl });
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status, undefined, `scripted ${status}`);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    ...account,
    sent,
    get smsUrl() {
      return smsUrl;
    },
    refuse: (to, code) => void refusals.set(to, code),
  };
}

function formOf({ headers, body }: SeenRequest): unknown {
  if (headers["content-type"] !== "application/x-www-form-urlencoded") return undefined;
  return Object.fromEntries(new URLSearchParams(body));
}

function failure(
  status: number,
  code: number | undefined,
  message: string,
): Answer & { headers: Record<string, string> } {
  const about = code === undefined ? {} : { code, more_info: `https://www.twilio.com/docs/errors/${code}` };
  return json(status, { ...about, message, status });
}

function json(status: number, body: unknown) {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
