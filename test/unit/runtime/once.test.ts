import { describe, expect, it, vi } from "vitest";
import { once } from "../../../lib/runtime/async.ts";

describe("once", () => {
  it("makes the value when it is first asked for, and keeps it", () => {
    const make = vi.fn(() => ({}));
    const get = once(make);
    expect(make).not.toHaveBeenCalled();
    expect(get()).toBe(get());
    expect(make).toHaveBeenCalledOnce();
  });

  it("keeps a value that is undefined", () => {
    const make = vi.fn(() => undefined);
    const get = once(make);
    get();
    get();
    expect(make).toHaveBeenCalledOnce();
  });

  it("does not keep a failure", () => {
    const make = vi.fn().mockImplementationOnce(() => {
      throw new Error("not yet");
    });
    const get = once<number>(make.mockReturnValue(1));
    expect(get).toThrow("not yet");
    expect(get()).toBe(1);
  });
});
