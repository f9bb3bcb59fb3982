import { expect, it } from "vitest";
import { safeId } from "../../../lib/adapter/safeId.ts";

it("begins every id with a letter or a digit, as some services ask for", () => {
  for (const id of ["_bob", "__", "-_-x", "", "😀"]) expect(safeId(id, "identity")).toMatch(/^[A-Za-z0-9][\w-]*$/);
});

it("keeps the id of a user whose own begins with a letter or a digit", () => {
  expect(safeId("u_ana-", "identity")).toMatch(/^u_ana-[0-9a-f]{16}$/);
});
