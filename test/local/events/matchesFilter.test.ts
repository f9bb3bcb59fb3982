import { describe, expect, it } from "vitest";
import { matchesFilter } from "../../../local/events/matchesFilter.ts";

const removal = { eventName: "REMOVE", dynamodb: { Keys: { pk: { S: "CONV#1" }, sk: { S: "LIVE" } } }, size: 5 };

describe("matchesFilter", () => {
  it.each([
    ["one of the values, exactly", { eventName: ["INSERT", "REMOVE"] }, true],
    ["none of the values", { eventName: ["INSERT"] }, false],
    ["a nested field", { dynamodb: { Keys: { sk: { S: ["LIVE"] } } } }, true],
    ["every field, not just one", { eventName: ["REMOVE"], dynamodb: { Keys: { sk: { S: ["DEAD"] } } } }, false],
    ["a field that is not there", { dynamodb: { NewImage: { ended: { S: ["x"] } } } }, false],
    ["exists: true", { dynamodb: { Keys: { sk: { S: [{ exists: true }] } } } }, true],
    ["exists: true, of a missing path", { dynamodb: { NewImage: { ended: { S: [{ exists: true }] } } } }, false],
    ["exists: true, of what is no leaf", { dynamodb: { Keys: { sk: [{ exists: true }] } } }, false],
    ["exists: false", { dynamodb: { NewImage: { ended: { S: [{ exists: false }] } } } }, true],
    ["prefix", { dynamodb: { Keys: { pk: { S: [{ prefix: "CONV#" }] } } } }, true],
    ["another prefix", { dynamodb: { Keys: { pk: { S: [{ prefix: "TURN#" }] } } } }, false],
    ["suffix", { eventName: [{ suffix: "MOVE" }] }, true],
    ["equals-ignore-case", { eventName: [{ "equals-ignore-case": "remove" }] }, true],
    ["anything-but", { eventName: [{ "anything-but": ["INSERT", "MODIFY"] }] }, true],
    ["anything-but, of that value", { eventName: [{ "anything-but": "REMOVE" }] }, false],
    ["anything-but a prefix", { eventName: [{ "anything-but": { prefix: "RE" } }] }, false],
    ["numeric range", { size: [{ numeric: [">", 0, "<=", 5] }] }, true],
    ["outside the range", { size: [{ numeric: [">", 5] }] }, false],
    ["$or", { $or: [{ eventName: ["INSERT"] }, { size: [5] }] }, true],
  ])("matches as AWS does: %s", (_name, pattern, expected) => {
    expect(matchesFilter(pattern, removal)).toBe(expected);
  });

  it("refuses an operator that it does not know, and neither lets the record pass nor drops it", () => {
    expect(() => matchesFilter({ eventName: [{ wildcard: "R*" }] }, removal)).toThrow(
      /"wildcard" is not supported locally; supported are prefix/,
    );
  });

  it("refuses a pattern that is no object", () => {
    expect(() => matchesFilter(["REMOVE"], removal)).toThrow(/must be an object, but is \["REMOVE"\]/);
  });
});
