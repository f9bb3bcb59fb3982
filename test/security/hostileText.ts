import fc from "fast-check";

/** Texts that break parsers, keys, logs and terminals. */
const NASTY = [
  "",
  " ",
  "\0",
  "\r\n",
  "\ud800",
  "\udfff x",
  "\uFFFE\uFFFF",
  "\u2028\u2029",
  "\u202Egnp.exe",
  "\u001b]0;owned\u0007",
  "\u001b[2J\u001b[1;1H",
  "\u009b2J",
  "\u{E0001}\u{E0041}",
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "a#b/c=d",
  "CONV#x/LIVE",
  "🙂".repeat(128),
  "猫".repeat(256),
  "x".repeat(257),
  "x".repeat(70_000),
  "\u0800".repeat(66_000),
  '{"level":"error","event":"hook.dead"}',
  '\n{"level":"error"}\n',
  "'; DROP TABLE users; --",
  "/reset",
  "/new \0",
  "/memory \ud800",
] as const;

/** Any text, with a leaning to the nasty ones. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 40 }),
  fc.tuple(fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 20 })).map(([a, b]) => `${b}${a}${b}`),
);
