import { createHash, createHmac } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { HttpClient } from "../../adapter/http/HttpClient.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Address, ClientSettings, Surroundings } from "./address.ts";

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";
const SIGNED = "content-type;host;x-amz-date";
const TYPE = "application/x-www-form-urlencoded; charset=utf-8";

/** The most that AWS may take to answer, milliseconds. */
const TIMEOUT = 10_000;

/**
 * Who acts, for the audit log: of a deployed gateway the ARN of the AWS caller, of one on this machine its user.
 *
 * @throws CommandFailed when AWS does not say
 */
export async function callerOf(
  { deployment }: Pick<Address, "deployment">,
  { env, clock }: Surroundings,
  http: HttpClient,
): Promise<string> {
  if (!deployment) return `${userInfo().username}@${hostname()}`;
  const { region } = deployment.settings;
  const url = env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.amazonaws.com`;
  const headers = await sign(deployment.settings, new URL(url).host, new Date(clock.now()));
  const { status, text } = await http.send({ url, method: "POST", headers, body: BODY, timeout: TIMEOUT });
  const arn = /<Arn>([^<]{1,2048})<\/Arn>/.exec(text)?.[1];
  if (status === 200 && arn !== undefined) return arn;
  throw new CommandFailed(
    `AWS does not say who you are (STS answered ${status}), and what operators do is written down`,
  );
}

/** Signature version 4 of the one call; no client of STS is needed for more: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
async function sign({ region, credentials }: ClientSettings, host: string, now: Date) {
  const identity = typeof credentials === "function" ? await credentials() : credentials;
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/sts/aws4_request`;
  const { sessionToken } = identity;
  const canonical = [
    "POST",
    "/",
    "",
    `content-type:${TYPE}`,
    `host:${host}`,
    `x-amz-date:${time}`,
    "",
    SIGNED,
    hash(BODY),
  ];
  const toSign = ["AWS4-HMAC-SHA256", time, scope, hash(canonical.join("\n"))].join("\n");
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${identity.secretAccessKey}`);
  return {
    "content-type": TYPE,
    "x-amz-date": time,
    // Not signed, as it may be added afterwards.
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
    authorization:
      `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${SIGNED}, ` +
      `Signature=${hmac(key, toSign).toString("hex")}`,
  };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
