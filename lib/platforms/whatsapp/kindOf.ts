import type { FailureKind } from "../../adapter/errors.ts";

/**
 * What an error's code means, where it means more than its status. After none is the chat gone: whoever can't be reached
 * now may write again.
 */
const KINDS: Readonly<Record<number, FailureKind>> = {
  // Credentials, permissions, the account and its settings: an operator mends them, then sends the reply again.
  ...all("auth", [0, 3, 10, 33, 190, 368, 131_005, 131_030, 131_031, 131_037, 131_045, 133_010]),
  // The app's and the account's limits, the number's, and that of one pair of people: six seconds a message.
  ...all("throttled", [4, 80_007, 130_429, 131_056]),
  // Too many people have complained; or the bill is not paid.
  ...all("quota", [131_048, 131_042]),
  ...all("transient", [1, 2, 131_000, 131_016, 131_057]),
  // Not on WhatsApp, has an old one, or has blocked us: Meta does not tell which. The window has closed. No message may go
  // to this country, or by Meta's own rules not to this person now.
  ...all("gone", [131_026, 131_047, 130_497, 130_472, 131_049, 131_050]),
};

function all(kind: FailureKind, codes: readonly number[]): Readonly<Record<number, FailureKind>> {
  return Object.fromEntries(codes.map((code) => [code, kind]));
}

/** What follows from an error's code; undefined where that is its status. */
export function kindOf(code = Number.NaN): FailureKind | undefined {
  // 200 to 299: a permission is missing.
  return KINDS[code] ?? (code >= 200 && code < 300 ? "auth" : undefined);
}
