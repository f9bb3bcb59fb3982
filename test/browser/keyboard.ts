import type { Page } from "playwright-core";

/** Goes through the page by its keys alone: to the hooks, a redrive, the palette, a discard, a filter, and the list of keys. */
export async function goByKeyboard(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.locator(".groups > li").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("pending");
  await page.keyboard.press("Enter");
  await page.waitForURL(/status=pending/);
  await page.goto("/hooks?view=list");
  await page.locator("tbody tr").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByText("1 hook selected").waitFor();
  await page.keyboard.press("d");
  await page.getByRole("dialog").getByLabel("Why").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("conversation:chat-7");
  await page.keyboard.press("Enter");
  await page.waitForURL(/filter=conversation/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard" }).waitFor();
}
