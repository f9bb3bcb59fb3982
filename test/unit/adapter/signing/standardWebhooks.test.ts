import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { signatureProblem, signingKey, signWebhook } from "../../../../lib/adapter/signing/standardWebhooks.ts";

// The vector of the official libraries' own tests.
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

const NOW = 1_614_265_330_000;

const BODY = '{"test": 2432232314}';

const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const KEY = keyOf(SECRET);

const OTHER_KEY = keyOf(`whsec_${Buffer.alloc(32, 7).toString("base64")}`);

const headers = { "webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE };

it("signs the published vector", () => {
  expect(signWebhook([KEY], ID, NOW, BODY)).toEqual(headers);
});

it("verifies the published vector", () => {
  expect(signatureProblem([KEY], headers, NOW, Buffer.from(BODY))).toBeUndefined();
});

it("signs so that the official library verifies, with the old and the new secret of a rotation", () => {
  const body = JSON.stringify({ text: "Zoë 👩‍👩‍👧 نور" });
  const signed = { ...signWebhook([OTHER_KEY, KEY], ID, Date.now(), body) };
  expect(new Webhook(SECRET).verify(body, signed)).toEqual(JSON.parse(body));
  expect(new Webhook(Buffer.from(OTHER_KEY).toString("base64")).verify(body, signed)).toEqual(JSON.parse(body));
});

it("verifies with any of the keys and any of the signatures", () => {
  const many = { ...headers, "webhook-signature": `v1a,x v1,AAAA ${SIGNATURE}` };
  expect(signatureProblem([OTHER_KEY, KEY], many, NOW, Buffer.from(BODY))).toBeUndefined();
  expect(signatureProblem([OTHER_KEY], many, NOW, Buffer.from(BODY))).toMatch("no signature");
});

it.each([
  ["5 minutes old", 300_000, undefined],
  ["a second older", 301_000, "old"],
  ["5 minutes ahead", -300_000, undefined],
  ["a second more ahead", -301_000, "future"],
])("judges a call %s by its age", (_, age, problem) => {
  const found = signatureProblem([KEY], headers, NOW + age, Buffer.from(BODY));
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

it.each(["1614265330.0", " 1614265330", "-1", "1e9", "0x60", "", "NaN"])("refuses the time %j", (timestamp) => {
  const changed = { ...headers, "webhook-timestamp": timestamp };
  expect(signatureProblem([KEY], changed, NOW, Buffer.from(BODY))).toBeDefined();
});

it("signs bytes, so that a body that is not UTF-8 is not taken for one that decodes alike", () => {
  const signed = signWebhook([KEY], ID, NOW, "\uFFFD");
  expect(signatureProblem([KEY], { ...signed }, NOW, Buffer.from([0xff]))).toMatch("no signature");
});

it("takes only secrets of 24 to 64 bytes with their prefix", () => {
  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
  expect([24, 64].map((bytes) => signingKey(of(bytes))?.length)).toEqual([24, 64]);
  for (const wrong of [of(23), of(65), "", "whsec_", "hunter2", of(32).slice(6), `${of(32)}\n`]) {
    expect(signingKey(wrong), wrong).toBeUndefined();
  }
});

function keyOf(secret: string): Uint8Array {
  const key = signingKey(secret);
  if (!key) throw new Error("not a signing secret");
  return key;
}
