// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are CloudFormation's placeholders.
import { describe, expect, it } from "vitest";
import { Names } from "../../../local/template/Names.ts";
import { resolveValue } from "../../../local/template/resolveValue.ts";

const names = new Names("Test");
names.add("Queue", "http://127.0.0.1:1/0/q", { Arn: "arn:q" });
const resolve = (value: unknown) => resolveValue(value, names.lookup);

describe("resolveValue", () => {
  it.each([
    ["Ref", { Ref: "Queue" }, "http://127.0.0.1:1/0/q"],
    ["a pseudo parameter", { Ref: "AWS::Region" }, "us-east-1"],
    ["GetAtt", { "Fn::GetAtt": ["Queue", "Arn"] }, "arn:q"],
    ["GetAtt with a dot", { "Fn::GetAtt": "Queue.Arn" }, "arn:q"],
    ["Join", { "Fn::Join": ["-", ["a", { Ref: "AWS::StackName" }]] }, "a-Test"],
    ["Sub", { "Fn::Sub": "${AWS::AccountId}/${Queue.Arn}/${!kept}" }, "000000000000/arn:q/${kept}"],
    ["Sub with values", { "Fn::Sub": ["${a}", { a: { Ref: "AWS::Partition" } }] }, "aws"],
    ["what is nested", { a: [{ b: { Ref: "Queue" } }, 1, null] }, { a: [{ b: "http://127.0.0.1:1/0/q" }, 1, null] }],
    ["NoValue, by leaving it out", { a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
  ])("resolves %s", (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it("refuses a reference to what is not there", () => {
    expect(() => resolve({ "Fn::GetAtt": ["Nobody", "Arn"] })).toThrow("does not know the template's Nobody.Arn");
  });

  it("refuses another intrinsic function", () => {
    expect(() => resolve({ "Fn::Select": [0, ["a"]] })).toThrow('does not know {"Fn::Select":[0,["a"]]}');
  });
});
