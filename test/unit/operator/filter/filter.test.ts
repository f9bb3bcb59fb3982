import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilterError } from "../../../../lib/operator/filter/FilterError.ts";
import { filterText, parseHookFilter, parseSessionFilter } from "../../../../lib/operator/filter/parseFilter.ts";
import { termsText, tokenize } from "../../../../lib/operator/filter/tokenize.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");

const hooks = (text: string) => parseHookFilter(text, NOW);

const sessions = (text: string) => parseSessionFilter(text, NOW);

describe("the filter of lists and bulk actions", () => {
  it("reads every field of hooks and of sessions", () => {
    expect(hooks("status:dead provider:crm group:ab12cd34 platform:telegram conversation:c1 id:…8gx2")).toEqual({
      ...{ status: "dead", provider: "crm", group: "ab12cd34", platform: "telegram", conversation: "c1", id: "8GX2" },
    });
    expect(sessions('status:ended reason:idle user:"a \\"b\\" c" id:..8GX2 platform:http')).toEqual({
      ...{ status: "ended", reason: "idle", user: 'a "b" c', id: "8GX2", platform: "http" },
    });
    expect(hooks("  ")).toEqual({});
  });

  it("counts an age from now, and takes a day whole", () => {
    expect(hooks("age:>2h")).toEqual({ until: NOW - 7_200_000 });
    expect(hooks("age:<30m")).toEqual({ since: NOW - 1_800_000 });
    expect(hooks("since:2026-11-01 until:2026-11-02")).toEqual({
      since: Date.parse("2026-11-01T00:00:00Z"),
      until: Date.parse("2026-11-02T23:59:59.999Z"),
    });
    expect(hooks("until:2026-11-25T10:00+01:00 age:>2h")).toEqual({ until: NOW - 7_200_000 });
  });

  it.each([
    ["stauts:dead", /unknown field "stauts" of hooks: did you mean status\? There are status, provider/],
    ["status:daed", /unknown status "daed": did you mean dead\? There are pending, accepted, delivered/],
    ["reason:idle", /unknown field "reason" of hooks/],
    ["dead", /"dead" is no term of a filter: write field:value/],
    ["status:", /no term/],
    ['conversation:"open', /no term/],
    ["status:dead status:dead", /status is given twice/],
    ["since:yesterday", /since:yesterday is no time: give a day such as/],
    ["since:2026-13-01", /is no time/],
    ["age:2h", /age:2h is no age: give age:>2h/],
    ["group:xyz", /no error group/],
    ["id:a/b", /no session's id/],
    ["__proto__:x constructor:y", /./],
    ["x".repeat(3_000), /2000 are allowed/],
  ])("refuses %j and says what is allowed", (text, words) => {
    expect(() => hooks(text)).toThrow(FilterError);
    expect(() => hooks(text)).toThrow(words);
  });

  it("writes a filter as a text that means the same at any later time", () => {
    const text = filterText(hooks('status:dead conversation:"a b" age:>2h since:2026-11-01'));
    expect(text).toBe('status:dead conversation:"a b" since:2026-11-01T00:00:00.000Z until:2026-11-25T08:00:00.000Z');
    expect(parseHookFilter(text, NOW + 1e9)).toEqual(hooks('status:dead conversation:"a b" age:>2h since:2026-11-01'));
  });

  it("takes any text as a value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (value) => {
        const terms = [
          { field: "user", value },
          { field: "id", value: "A" },
        ];
        expect(tokenize(termsText(terms))).toEqual(terms);
      }),
    );
  });
});
