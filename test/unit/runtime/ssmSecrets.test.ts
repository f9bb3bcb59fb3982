import { beforeEach, describe, expect, it } from "vitest";
import { MissingSecretError, SecretUnavailable } from "../../../lib/adapter/errors.ts";
import { secret } from "../../../lib/adapter/options.ts";
import { AwsCallError } from "../../../lib/runtime/aws/awsCaller.ts";
import type { ParameterReader } from "../../../lib/runtime/aws/parameterReader.ts";
import { ssmSecrets } from "../../../lib/runtime/ssmSecrets.ts";

const MINUTE = 60_000;

describe("ssmSecrets", () => {
  let now: number;
  /** By name, below the prefix. */
  let values: Map<string, string>;
  /** The names of each call. */
  let calls: string[][];
  /** What goes wrong with a call for these names. */
  let fails: (names: readonly string[]) => Error | undefined;
  /** Calls wait for it. */
  let gate: Promise<void> | undefined;
  const read: ParameterReader = async (paths) => {
    const names = paths.map((path) => path.replace(/^\/vesper\//, ""));
    calls.push(names);
    await gate;
    expect(paths).toEqual(names.map((name) => `/vesper/${name}`));
    const error = fails(names);
    if (error) throw error;
    return new Map(
      names
        .flatMap((name) => [...values].filter(([known]) => known === name))
        .map(([name, value]) => [`/vesper/${name}`, value]),
    );
  };
  beforeEach(() => {
    [now, calls, gate] = [0, [], undefined];
    values = new Map([["TOKEN", "first"]]);
    fails = () => undefined;
  });
  const named = (code: string) => new AwsCallError(code, code, true);
  const throttled = named("ThrottlingException");
  const make = (names: readonly string[] = ["TOKEN"]) => {
    const secrets = ssmSecrets(read, "/vesper", { now: () => now, until: async () => {} }, names);
    return { prefetch: secrets.prefetch, get: (name = "TOKEN") => secrets.get(secret(name)) };
  };

  it("reads secrets when they are needed, and again after five minutes", async () => {
    const { get } = make();
    expect([await get(), await get()]).toEqual(["first", "first"]);
    expect(calls).toEqual([["TOKEN"]]);
    now = 5 * MINUTE;
    values.set("TOKEN", "second");
    expect(await get()).toBe("second");
    expect(calls).toHaveLength(2);
  });

  it("reads secrets together, in one call that is begun before any is needed", async () => {
    values = new Map(["A", "B", "C"].map((name) => [name, `value of ${name}`]));
    const { prefetch, get } = make(["A", "B", "C"]);
    prefetch();
    expect(calls).toEqual([["A", "B", "C"]]);
    expect(await Promise.all([get("A"), get("B"), get("C")])).toEqual(["value of A", "value of B", "value of C"]);
    expect(calls).toHaveLength(1);
  });

  it("reads ten secrets a call, and only those with the one that is needed", async () => {
    const names = Array.from({ length: 11 }, (_, number) => `S${number}`);
    values = new Map(names.map((name) => [name, name]));
    const { prefetch, get } = make(names);
    prefetch();
    expect(await get("S10")).toBe("S10");
    expect(calls).toEqual([names.slice(0, 10), ["S10"]]);
    now = 5 * MINUTE;
    await get("S10");
    expect(calls).toHaveLength(3);
  });

  it("never reads secrets twice at once", async () => {
    const { get } = make();
    expect(await Promise.all(Array.from({ length: 20 }, () => get()))).toEqual(Array(20).fill("first"));
    now = 5 * MINUTE;
    await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(calls).toHaveLength(2);
  });

  it("reads secrets that the function does not name by themselves", async () => {
    values.set("OTHER", "other");
    const { get } = make();
    expect(await get("OTHER")).toBe("other");
    expect(calls).toEqual([["OTHER"]]);
  });

  it("reads secrets anew, when they are needed, whose early read failed or was cut off while the function was frozen", async () => {
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    fails = () => (calls.length === 1 ? named("TimeoutError") : undefined);
    const { prefetch, get } = make();
    prefetch();
    const needed = Promise.all([get(), get()]);
    opened.resolve();
    expect(await needed).toEqual(["first", "first"]);
    expect(calls).toHaveLength(2);
  });

  it("serves known secrets in an outage of the service, which it asks again half a minute later", async () => {
    const { get } = make();
    await get();
    now = 5 * MINUTE;
    fails = () => throttled;
    expect([await get(), await get()]).toEqual(["first", "first"]);
    expect(calls).toHaveLength(2);
    now += 30_000;
    fails = () => undefined;
    values.set("TOKEN", "second");
    expect(await get()).toBe("second");
  });

  it.each([
    ["a line break at the end, as a file has", "first\n"],
    ["one of Windows, and blanks", " \tfirst \r\n"],
  ])("drops the white space around secrets, which nobody means: %s", async (_, value) => {
    values.set("TOKEN", value);
    expect(await make().get()).toBe("first");
  });

  it("takes a secret of nothing but white space for none", async () => {
    values.set("TOKEN", " \n");
    await expect(make().get()).rejects.toThrow(MissingSecretError);
  });

  it("keeps the blanks within secrets", async () => {
    values.set("TOKEN", "two words\n");
    expect(await make().get()).toBe("two words");
  });

  it("fails, for a retry, on secrets that were never read", async () => {
    fails = () => throttled;
    const error = await make()
      .get()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretUnavailable);
    expect(error).toMatchObject({ retry: true, cause: throttled });
  });

  it("lets one secret that may not be read hold up no other", async () => {
    fails = (names) => (names.includes("LOCKED") ? named("AccessDeniedException") : undefined);
    const { get } = make(["LOCKED", "TOKEN"]);
    expect(await get()).toBe("first");
    await expect(get("LOCKED")).rejects.toThrow(SecretUnavailable);
  });

  it.each([
    ["deleted", () => values.delete("TOKEN")],
    ["emptied", () => values.set("TOKEN", "")],
  ])("serves no secret that is %s", async (_, remove) => {
    const { get } = make();
    await get();
    now = 5 * MINUTE;
    remove();
    await expect(get()).rejects.toThrow(MissingSecretError);
  });

  it("hides no secret behind missing ones, and finds those as soon as they are set", async () => {
    const { get } = make(["LATER", "TOKEN"]);
    await expect(get("LATER")).rejects.toThrow(MissingSecretError);
    expect(await get()).toBe("first");
    values.set("LATER", "now");
    expect(await get("LATER")).toBe("now");
  });
});
