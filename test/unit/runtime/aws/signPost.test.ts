import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, it } from "vitest";
import { signPost } from "../../../../lib/runtime/aws/signPost.ts";

/** What AWS's own signer hashes with. */
class NodeSha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.#hash.update(bytesOf(data));
  }
  reset() {}
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

describe("signPost", () => {
  it.each([
    [
      "a call of SQS by a role",
      "sqs",
      "https://sqs.eu-central-1.amazonaws.com/",
      '{"QueueUrl":"…","Entries":[]}',
      "session==",
    ],
    ["a call by a user's keys", "ssm", "https://ssm.eu-central-1.amazonaws.com/", "{}", undefined],
    ["a call to a port and a path", "sqs", "http://127.0.0.1:4566/queues/one", "{}", "t"],
  ])("signs %s as AWS's own signer does", async (_, service, url, body, sessionToken) => {
    const credentials = { accessKeyId: "AKID", secretAccessKey: "s3cret/+", ...(sessionToken ? { sessionToken } : {}) };
    const region = "eu-central-1";
    const now = Date.parse("2026-11-26T10:11:12.345Z");
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessageBatch" };

    const signed = signPost({ url, headers, body }, { service, region, credentials }, now);

    const { protocol, hostname, port, pathname: path, host } = new URL(url);
    const signer = new SignatureV4({ service, region, credentials, sha256: NodeSha256, applyChecksum: false });
    const theirs = await signer.sign(
      {
        method: "POST",
        protocol,
        hostname,
        path,
        headers: { ...headers, host },
        body,
        ...(port ? { port: Number(port) } : {}),
      },
      { signingDate: new Date(now) },
    );
    expect(signed).toEqual(theirs.headers);
  });
});
