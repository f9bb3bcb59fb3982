import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ssm, startSsm } from "../../../emulators/ssm/startSsm.ts";

describe("startSsm", () => {
  let ssm: Ssm;
  let client: SSMClient;
  let parameters: Map<string, string>;

  beforeEach(async () => {
    parameters = new Map([
      ["/app/token", "s3cret"],
      ["/app/db/password", "pässword"],
      ["plain", "value"],
    ]);
    ssm = await startSsm({ parameters: () => parameters });
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    client = new SSMClient({ endpoint: ssm.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  });
  afterEach(async () => {
    client.destroy();
    await ssm.close();
  });
  const get = (Name: string, WithDecryption = true) => client.send(new GetParameterCommand({ Name, WithDecryption }));

  it("listens on 127.0.0.1", async () => {
    expect(ssm.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expect(fetch(`http://127.0.0.2:${new URL(ssm.endpoint).port}/`)).rejects.toThrow();
  });

  it("gives a parameter as a SecureString, version 1", async () => {
    expect((await get("/app/token")).Parameter).toMatchObject({
      Name: "/app/token",
      Type: "SecureString",
      Value: "s3cret",
      Version: 1,
      ARN: "arn:aws:ssm:us-east-1:000000000000:parameter/app/token",
    });
    expect((await get("/app/db/password")).Parameter?.Value).toBe("pässword");
  });

  it("hides the value from a caller that forgot WithDecryption, as AWS does", async () => {
    expect((await get("/app/token", false)).Parameter?.Value).not.toContain("s3cret");
  });

  it("reads the parameters anew for each request", async () => {
    parameters.set("/app/token", "rotated");
    expect((await get("/app/token")).Parameter?.Value).toBe("rotated");
    parameters = new Map();
    await expect(get("/app/token")).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("names the parameters of a list that do not exist", async () => {
    const command = new GetParametersCommand({ Names: ["plain", "/none", "/app/token"], WithDecryption: true });
    const { Parameters, InvalidParameters } = await client.send(command);
    expect(Parameters?.map(({ Value }) => Value).sort()).toEqual(["s3cret", "value"]);
    expect(InvalidParameters).toEqual(["/none"]);
  });

  it("lists a path, flat or deep, in pages", async () => {
    const list = async (Recursive: boolean, NextToken?: string, MaxResults?: number) => {
      const input = { Path: "/app", Recursive, NextToken, MaxResults, WithDecryption: true };
      const page = await client.send(new GetParametersByPathCommand(input));
      return { names: page.Parameters?.map(({ Name }) => Name), next: page.NextToken };
    };
    expect(await list(false)).toEqual({ names: ["/app/token"], next: undefined });
    const first = await list(true, undefined, 1);
    expect(first.names).toEqual(["/app/db/password"]);
    expect(await list(true, first.next, 1)).toEqual({ names: ["/app/token"], next: undefined });
  });

  it.each([
    ["GetParameter", "{", "SerializationException"],
    ["GetParameter", "{}", "ValidationException"],
    ["GetParameters", '{"Names":[]}', "ValidationException"],
    ["PutParameter", "{}", "UnknownOperationException"],
  ])("answers %s %s with %s", async (action, body, code) => {
    const headers = { "x-amz-target": `AmazonSSM.${action}` };
    const response = await fetch(ssm.endpoint, { method: "POST", headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: code });
  });

  it("answers 500 when the parameters cannot be read, and serves on", async () => {
    const good = parameters;
    Object.defineProperty(parameters, "get", {
      configurable: true,
      value: () => {
        throw new Error("unreadable");
      },
    });
    await expect(get("plain")).rejects.toMatchObject({ name: "InternalServerError" });
    parameters = new Map([...good]);
    expect((await get("plain")).Parameter?.Value).toBe("value");
  });
});
