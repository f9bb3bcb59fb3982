import type { AwsSettings } from "../../adapter/AdapterServices.ts";
import { clientSettings } from "../../adapter/aws/clientSettings.ts";
import type { Stored } from "./eventOf.ts";

/**
 * Writes a detail into a bucket; another attempt replaces it. Throws what the client throws. The client is loaded here, as
 * few sessions need it.
 */
export async function storeDetail(aws: AwsSettings, { bucket, key }: Stored, detail: string, abortSignal: AbortSignal) {
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ ...clientSettings(aws), forcePathStyle: aws.endpoint !== undefined });
  try {
    const object = { Bucket: bucket, Key: key, Body: detail, ContentType: "application/json" };
    await client.send(new PutObjectCommand(object), { abortSignal });
  } finally {
    client.destroy();
  }
}
