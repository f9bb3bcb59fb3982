import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packWords, unpackWords } from "../../../lib/domain/storedWords.ts";
import { PROSE } from "../../harness/prose.ts";

interface Row {
  readonly text?: string;
  readonly reply?: string;
}

const row = { pk: "SESSION#S", sk: "TURN#1", at: 1, status: "done" };

/** Letters that no packing makes shorter. */
const noise = (bytes: number) =>
  Array.from({ length: bytes / 64 }, (_, index) =>
    createHash("sha512").update(`${index}`).digest("base64").slice(0, 64),
  ).join("");

const prose = "Ærligt talt 🙂 det er længe siden, at vi har talt om det. ".repeat(30);

describe("the words of a turn", () => {
  it.each<[string, Row & { readonly user?: unknown }]>([
    ["of less than a write unit", { ...row, text: "hello ".repeat(50), reply: "hello ".repeat(50) }],
    ["that packing would not make a unit smaller", { ...row, text: noise(1_280) }],
    ["that would not fit their row without it", { ...row, text: "a".repeat(200_000), reply: "b".repeat(300_000) }],
    ["of a turn without any", { ...row, user: { id: "u".repeat(2_000) } }],
  ])("are stored as they are: those %s", (_which, turn) => {
    expect(packWords(turn)).toBe(turn);
  });

  it.each<[string, Row]>([
    ["a message and its reply", { ...row, text: prose, reply: `You said: ${prose}` }],
    ["a long message with a short reply", { ...row, text: prose, reply: "ok" }],
    ["a reply without a message", { ...row, reply: prose }],
    ["a message that was not answered, as long as one may be", { ...row, text: "ß".repeat(100_000) }],
  ])("are packed and unpacked, character by character: %s", (_which, turn) => {
    const packed = packWords(turn);
    expect([packed.text, packed.reply].some((words) => words instanceof Uint8Array)).toBe(true);
    expect(Object.keys(packed).sort()).toEqual(Object.keys(turn).sort());
    expect(unpackWords(packed)).toEqual(turn);
  });

  it.each<["text" | "reply", (words: string) => Row]>([
    ["text", (text) => ({ ...row, text })],
    ["reply", (reply) => ({ ...row, reply })],
  ])("are packed in a row that is just not too long without, to the byte: %s", (name, rowOf) => {
    const most = 400 * 1_024 - Buffer.byteLength(JSON.stringify(row));
    expect(packWords(rowOf("a".repeat(most)))).toMatchObject({ [name]: expect.any(Uint8Array) });
    expect(packWords(rowOf("a".repeat(most + 1)))).toMatchObject({ [name]: expect.any(String) });
  });

  it("are packed quickly rather than as small as can be", () => {
    const quick = brotliCompressSync(PROSE, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    expect(quick).not.toEqual(brotliCompressSync(PROSE));
    const packed = packWords({ ...row, text: PROSE });
    expect(packed.text).toEqual(quick);
  });

  it("are stored plain beside packed ones where packing makes them longer", () => {
    expect(packWords({ ...row, text: prose, reply: "ok" })).toMatchObject({ reply: "ok" });
  });

  it.each([
    ["that nothing packed", Buffer.from("not packed")],
    ["that end too early", brotliCompressSync(prose).subarray(0, 40)],
    ["that would come to more than a row can hold", brotliCompressSync("a".repeat(500_000))],
  ])("stay bytes, which no schema takes for words, when they are bytes %s", (_which, text) => {
    expect(unpackWords({ ...row, text })).toEqual({ ...row, text });
  });

  it.each([undefined, null, "text", 7])("are not looked for in %j, which is no row", (value) => {
    expect(unpackWords(value)).toBe(value);
  });
});
