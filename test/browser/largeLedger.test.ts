import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedFolder } from "../harness/seedFolder.ts";
import { hasChromium } from "./chromium.ts";
import { type Stage, startStage } from "./startStage.ts";

/** Hooks of the ledger; one in a hundred is dead. */
const HOOKS = 100_000;

/** The most between two frames of a page that a person would not call stuck, milliseconds; a busy machine takes its share. */
const LONGEST_FRAME = 1_000;

describe.runIf(hasChromium())("the operators' page on a ledger of 100,000 hooks", { timeout: 90_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    const delivered = { status: "delivered", deliveredAt: Date.now(), failures: [] } as const;
    stage = await startStage("http://127.0.0.1:9", (folder, table) =>
      seedFolder(folder, table, HOOKS, Date.now(), (index) => (index % 100 === 0 ? {} : delivered)),
    );
  }, 240_000);
  afterAll(() => stage?.stop());

  it("shows the first page, filters to what is dead, shows the next page, and answers clicks meanwhile", async () => {
    const { page, problems } = await stage.visit("/hooks?view=list&status=all");
    const rows = page.locator("tbody tr");
    await rows.nth(49).waitFor();
    expect(await rows.count()).toBe(50);
    expect(await page.locator("tbody .badge.good").count()).toBeGreaterThan(40);
    // What the page does for its own sake must not keep a person's clicks waiting.
    await page.evaluate(
      "globalThis.longest = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 20); 0",
    );
    await page.getByRole("button", { name: "More" }).click();
    await rows.nth(99).waitFor();
    const ids = await rows.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(new Set(ids).size).toBe(100);

    await page.keyboard.press("/");
    await page.keyboard.type("status:dead");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=status/);
    await page.locator("tbody .badge.bad").nth(49).waitFor();
    expect(await page.locator("tbody .badge.good").count()).toBe(0);
    expect(await rows.count()).toBe(50);
    await page.getByRole("button", { name: "More" }).click();
    await rows.nth(99).waitFor();
    expect(await page.evaluate<number>("longest")).toBeLessThan(LONGEST_FRAME);
    expect(problems).toEqual([]);
  });

  it("shows its thousand dead hooks as their one cause", async () => {
    const { page } = await stage.visit("/hooks");
    await page.locator(".groups .count").first().waitFor();
    expect(await page.locator(".groups .count").allTextContents()).toEqual(["1,000"]);
  });
});
