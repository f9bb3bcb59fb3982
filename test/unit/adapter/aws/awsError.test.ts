import { expect, it } from "vitest";
import { awsError } from "../../../../lib/adapter/aws/awsError.ts";

const errorOf = (name: string, status: number) =>
  awsError("S3", { name, $metadata: { httpStatusCode: status } }, new AbortController().signal, 0);

it.each([
  ["ExpiredToken", 400],
  ["ExpiredTokenException", 403],
  ["InvalidSignatureException", 403],
  ["RequestExpired", 400],
  ["RequestTimeTooSkewed", 403],
])("takes %s as over with the role's next credentials, and knows that nothing was done", (name, status) => {
  expect(errorOf(name, status)).toMatchObject({ kind: "transient", retry: true, status, outcome: "rejected" });
});

it.each([
  ["AccessDeniedException", 400, "auth"],
  ["UnrecognizedClientException", 403, "auth"],
  ["NoSuchBucket", 404, "gone"],
  ["SlowDown", 503, "transient"],
] as const)("takes %s, a %i, as %s", (name, status, kind) => {
  expect(errorOf(name, status)).toMatchObject({ kind, status, message: `S3 answered ${name}` });
});
