import { expect, it } from "vitest";
import { nextVisit } from "../../../lib/domain/deadline.ts";
import { NOW } from "../message/conversations.ts";

const DAY = 24 * 3_600_000;

it.each<[string, number | undefined, number]>([
  ["at its expiry", NOW + 60_000, NOW + 60_000],
  ["at its expiry, when that has passed", NOW - 60_000, NOW - 60_000],
  ["in a day, when its expiry is later", NOW + 7 * DAY, NOW + DAY],
  ["P6 in a day, when it never expires", undefined, NOW + DAY],
])("looks at an open session %s", (_, expiresAt, at) => {
  expect(nextVisit(expiresAt === undefined ? {} : { expiresAt: expiresAt / 1000 }, NOW)).toBe(at);
});
