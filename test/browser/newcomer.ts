import type { Page } from "playwright-core";
import { expect } from "vitest";
import { picture } from "./pages.ts";

/** A newcomer's steps on /try: talks, lets the session end at its deadline, and is remembered in the next. */
export async function talkAndBeRemembered(page: Page): Promise<void> {
  await say(page, "My name is Ann");
  await say(page, "I live in Lisbon");
  expect(await page.getByRole("heading", { name: /^Ends in \d/ }).count()).toBe(1);
  await page.getByRole("button", { name: "To the deadline" }).click();
  await page.locator(".boundary.ended").filter({ hasText: "nobody said anything for long enough" }).waitFor();
  await page.locator(".outcomes .badge.good").nth(1).waitFor();
  await page.locator(".memories").getByText("Lives in Lisbon").waitFor();
  await say(page, "hello again");
  await page.locator(".said.agent").filter({ hasText: "Name: Ann" }).waitFor();
  await picture(page, "try-it");
}

/** And then: breaks a provider, ends a session, mends the provider, and redrives what died. */
export async function breakAndRedrive(page: Page): Promise<void> {
  await page.getByLabel("How crm does").selectOption("401");
  await page.getByText("crm is broken now").waitFor();
  await page.getByRole("button", { name: "/reset" }).click();
  await page.locator(".outcomes .badge.bad").waitFor();
  await page.getByRole("button", { name: "Mend" }).click();
  await page.getByText("crm works again").waitFor();
  await page.locator(".outcomes").getByRole("button", { name: "Redrive" }).click();
  await page.locator(".outcomes .badge.bad").waitFor({ state: "detached" });
  await page.locator(".outcomes > li").first().locator(".badge.good").nth(1).waitFor();
  await page.locator(".outcomes > li").first().getByRole("link").click();
  await page.getByText("attempt failed").waitFor();
  await page.locator(".timeline .delivered").nth(1).waitFor();
}

async function say(page: Page, words: string): Promise<void> {
  await page.getByLabel("Say something as ann").fill(words);
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".said.agent, .said.gateway").filter({ hasText: words }).first().waitFor();
}
