import { afterEach, describe, expect, it, vi } from "vitest";
import { VesperError } from "../../../lib/domain/VesperError.ts";
import { environmentVariable } from "../../../lib/services/environmentVariable.ts";

describe("environmentVariable", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("answers what is set", () => {
    vi.stubEnv("TABLE_NAME", "vesper");
    expect(environmentVariable("TABLE_NAME")).toBe("vesper");
    expect(environmentVariable("TABLE_NAME", "other")).toBe("vesper");
  });

  it.each([
    ["not set", undefined],
    ["empty", ""],
  ])("throws an error that names a variable that is %s", (_, value) => {
    vi.stubEnv("TABLE_NAME", value);
    expect(() => environmentVariable("TABLE_NAME")).toThrow(VesperError);
    expect(() => environmentVariable("TABLE_NAME")).toThrow("environment variable TABLE_NAME is not set");
  });

  it("answers what stands in for a variable", () => {
    vi.stubEnv("LOG_LEVEL", undefined);
    expect(environmentVariable("LOG_LEVEL", "info")).toBe("info");
  });
});
