import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Names } from "../../../local/template/Names.ts";
import { readResources } from "../../../local/template/readResources.ts";

const template = {
  Resources: {
    A: { Type: "T", Properties: { Inner: { Name: { Ref: "AWS::StackName" }, Role: { Ref: "Nobody" } }, Odd: 1 } },
    B: { Type: "Other" },
  },
};
const { lookup } = new Names("Test");

describe("readResources", () => {
  it("resolves what the schema asks for, and leaves references to what does not exist here alone", () => {
    const schema = v.object({ Inner: v.object({ Name: v.string() }) });

    expect(readResources(template, "T", schema, lookup).map(({ id, properties }) => ({ id, properties }))).toEqual([
      { id: "A", properties: { Inner: { Name: "Test" } } },
    ]);
  });

  it("refuses what a strict schema does not know, so that no setting is ignored", () => {
    const schema = v.strictObject({ Inner: v.object({ Name: v.string() }) });

    expect(() => readResources(template, "T", schema, lookup)).toThrow(
      /T A of the template: Odd not supported locally/,
    );
  });
});
