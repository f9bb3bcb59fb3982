import { createHash, createHmac } from "node:crypto";
import type { AwsCredentials } from "../../adapter/AdapterServices.ts";

/** A POST to an AWS service that takes its operation in the headers or the body. */
export interface AwsPost {
  /** Without a query: none is signed. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whom a request is from, and where it goes. */
export interface AwsScope {
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
}

/**
 * The headers of a request with its Signature Version 4. Pure.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 *
 * @param now milliseconds since the epoch
 */
export function signPost(
  { url, headers, body }: AwsPost,
  { service, region, credentials }: AwsScope,
  now: number,
): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { host, pathname } = new URL(url);
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const all: Readonly<Record<string, string>> = {
    ...headers,
    host,
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(all).sort();
  const signed = names.join(";");
  const canonical = ["POST", pathname, "", ...names.map((name) => `${name}:${all[name]}`), "", signed, hash(body)];
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, hash(canonical.join("\n"))].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  return { ...all, authorization };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
