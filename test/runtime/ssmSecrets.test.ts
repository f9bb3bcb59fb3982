import { ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../lib/config/secret.ts";
import { MissingSecretError } from "../../lib/runtime/MissingSecretError.ts";
import { SecretUnavailable } from "../../lib/runtime/SecretUnavailable.ts";
import { ssmSecrets } from "../../lib/runtime/ssmSecrets.ts";

const MINUTE = 60_000;

describe("secrets from SSM", () => {
  let now: number;
  let answer: () => object;
  let calls: unknown[];
  const client = new SSMClient({ region: "none" });
  beforeEach(() => {
    [now, calls] = [0, []];
    answer = () => ({ Parameter: { Value: "first" } });
    Object.assign(client, {
      send: async ({ input }: { readonly input: object }) => {
        calls.push(input);
        return answer();
      },
    });
  });
  const fail = (error: Error) => () => {
    throw error;
  };
  const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
  const make = () => {
    const secrets = ssmSecrets(client, "/vesper", { now: () => now, until: async () => {} });
    return () => secrets.get(secret("TOKEN"));
  };

  it("are read when they are needed and again after five minutes", async () => {
    const get = make();
    expect([await get(), await get()]).toEqual(["first", "first"]);
    expect(calls).toEqual([{ Name: "/vesper/TOKEN", WithDecryption: true }]);
    now = 5 * MINUTE;
    answer = () => ({ Parameter: { Value: "second" } });
    expect(await get()).toBe("second");
  });

  it("outlive an outage of the service, which is asked again half a minute later", async () => {
    const get = make();
    await get();
    now = 5 * MINUTE;
    answer = fail(throttled);
    expect([await get(), await get()]).toEqual(["first", "first"]);
    expect(calls).toHaveLength(2);
    now += 30_000;
    answer = () => ({ Parameter: { Value: "second" } });
    expect(await get()).toBe("second");
  });

  it.each([
    ["a line break at the end, as a file has", "first\n"],
    ["one of Windows, and blanks", " \tfirst \r\n"],
  ])("lose the white space around them, which nobody means: %s", async (_, Value) => {
    answer = () => ({ Parameter: { Value } });
    expect(await make()()).toBe("first");
  });

  it("of nothing but white space are none", async () => {
    answer = () => ({ Parameter: { Value: " \n" } });
    await expect(make()()).rejects.toThrow(MissingSecretError);
  });

  it("keep the blanks within them", async () => {
    answer = () => ({ Parameter: { Value: "two words\n" } });
    expect(await make()()).toBe("two words");
  });

  it("that were never read are to be tried again", async () => {
    answer = fail(throttled);
    const error = await make()().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretUnavailable);
    expect(error).toMatchObject({ retry: true, cause: throttled });
  });

  it.each([
    ["deleted", fail(new ParameterNotFound({ message: "no", $metadata: {} }))],
    ["emptied", () => ({ Parameter: {} })],
  ])("that are %s are not served any more", async (_, gone) => {
    const get = make();
    await get();
    now = 5 * MINUTE;
    answer = gone;
    await expect(get()).rejects.toThrow(MissingSecretError);
  });
});
