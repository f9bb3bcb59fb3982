import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Where the README's pictures are; they are made anew only when that is asked for. */
const IMAGES = join(import.meta.dirname, "../../docs/images");

/** Every page, by its path. */
export const PAGES = [
  "/",
  "/try",
  "/sessions",
  "/hooks",
  "/hooks?view=list",
  "/undelivered",
  "/operations",
  "/audit",
  "/forget",
  "/health",
];

/** Resolves when the page shows its answer. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.locator(".waiting").first().waitFor({ state: "detached" });
}

/** One of the README's pictures: UPDATE_IMAGES=1 npx vitest run test/browser. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.UPDATE_IMAGES) return;
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}

/** What axe objects to on the page that is shown. */
export async function objectionsTo(page: Page): Promise<readonly string[]> {
  // By way of the debugger, as the page's own policy lets no script in.
  await page.evaluate(axe.source);
  return page.evaluate<readonly string[]>(
    "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations.map((one) => one.id + ': ' + one.nodes[0].html))",
  );
}
