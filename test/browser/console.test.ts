import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FaultServer, startFaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { seedLedger } from "../integration/seedLedger.ts";
import { hasChromium } from "./chromium.ts";
import { goByKeyboard } from "./keyboard.ts";
import { breakAndRedrive, talkAndBeRemembered } from "./newcomer.ts";
import { objectionsTo, PAGES, picture, settled } from "./pages.ts";
import { type Stage, startStage } from "./startStage.ts";

describe.runIf(hasChromium())("the operators' page in a browser", { timeout: 90_000 }, () => {
  let stage: Stage;
  let crm: FaultServer;
  beforeAll(async () => {
    crm = await startFaultServer(() => ({ status: 200, body: '{"id":"crm-1"}' }));
    stage = await startStage(crm.url);
  }, 120_000);
  afterAll(async () => {
    await stage?.stop();
    await crm?.close();
  });

  afterEach(() => stage.closeTabs());

  it("shows a newcomer all of it in two minutes: chat, deadline, delivery, memory, a break, a redrive", async () => {
    const began = Date.now();
    const { page, problems } = await stage.visit("/try");
    await talkAndBeRemembered(page);
    await breakAndRedrive(page);
    expect(Date.now() - began).toBeLessThan(120_000);
    expect(problems).toEqual([]);
  });

  it("shows a thousand dead hooks as two causes, and redrives them by plan and canary, which halts what still fails", async () => {
    // Before the clock was moved: they are a day old.
    await seedLedger(stage.table, 1_000, Date.now(), (index) =>
      index % 4
        ? {}
        : {
            failures: [
              { at: Date.now() - 60_000, took: 9, kind: "invalid", status: 422, message: `no field "${index}"` },
            ],
          },
    );
    const { page, problems } = await stage.visit("/try");
    await page.getByLabel("How crm does").selectOption("401");
    await page.getByText("crm is broken now").waitFor();

    await page.goto("/hooks");
    await page.getByText("from 2 causes").waitFor();
    expect(await page.locator(".groups .count").allTextContents()).toEqual(["750", "250"]);
    await picture(page, "hooks");
    await page.locator(".groups > li").first().getByRole("button", { name: "Redrive" }).click();
    await page.getByRole("heading", { name: "Redrive 750 hooks" }).waitFor();
    expect(await page.getByLabel("Try first").inputValue()).toBe("5");
    await page.getByRole("button", { name: "Redrive 750" }).click();
    await page.getByText("The first ones failed again").waitFor();
    expect(await page.locator(".progress b").textContent()).toBe("5 of 750");
    await page.getByText("Mend what fails, then go on.").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator(".progress b").getByText("10 of 750").waitFor();
    await page.getByText("The first ones failed again").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("It was cancelled. What was done stays done.").waitFor();
    expect(problems).toEqual([]);
  });

  it("cancels a bulk action that runs", async () => {
    const { page } = await stage.visit("/hooks?view=list");
    await page.getByRole("button", { name: "Redrive all" }).click();
    await page.getByLabel("Try first").fill("");
    await page.getByLabel("At most a second").fill("2");
    // Not how many: of the canary before, which halted at its first failure, some may be on their way still.
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Redrive [\d,]+$/ })
      .click();
    await page.locator(".badge").getByText("running").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("It was cancelled").waitFor();
    const [done = "1000"] = /\d+/.exec((await page.locator(".progress b").textContent()) ?? "") ?? [];
    expect(Number(done)).toBeLessThan(100);
  });

  it("discards with a reason, which the audit log has, and undoes it", async () => {
    const { page } = await stage.visit("/hooks?view=list");
    await page.locator("tbody tr").first().getByRole("button", { name: "Discard" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Discard" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Why").fill("nobody wants it");
    await dialog.getByRole("button", { name: "Discard" }).click();
    await page.getByText("1 hook discarded").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 hook restored").waitFor();
    await page.goto("/audit");
    await page.getByText("nobody wants it").waitFor();
    await page.getByText("hooks restore").first().waitFor();
  });

  it("shows what a provider has accepted apart from what waits, with its receipt and when it is asked for", async () => {
    const [accepted] = await seedLedger(stage.table, 1, Date.now() + 3_600_000, () => ({
      ...{ status: "pending", failures: [], nextAttemptAt: Date.now() + 30 * 86_400_000, receipt: { id: "op-4711" } },
      ...{ accepted: { attempts: 1, ticket: "{}", heardAt: Date.now() }, acceptedAt: Date.now(), isDeferred: true },
    }));
    const { page, problems } = await stage.visit("/hooks?view=list");
    await page.getByLabel("State").getByText("accepted", { exact: true }).click();
    await page.locator("tbody .badge.wait").getByText("accepted").waitFor();
    await page.getByRole("columnheader", { name: "Asked for" }).waitFor();
    expect(await page.getByRole("button", { name: "Now", exact: true }).count()).toBe(1);
    await page.goto(`/sessions/${accepted?.session.session}`);
    await page.locator(".receipt").getByText("op-4711").waitFor();
    await page.locator(".timeline").getByText("accepted, and works on it").waitFor();
    expect(problems).toEqual([]);
  });

  it("saves all that a filter means as a file, of which the browser makes no page", async () => {
    const { page, problems } = await stage.visit("/hooks?view=list&filter=conversation:chat-900");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^Vesper-hooks-.*\.ndjson$/);
    const lines = readFileSync(await file.path(), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ provider: "crm", status: "dead" }]);
    expect(problems).toEqual([]);
  });

  it("forgets a user: says first what there is, asks for the id once more, reports, and writes it down", async () => {
    const { page, problems } = await stage.visit("/try?with=mia");
    await page.getByLabel("Say something as mia").fill("I live in Lisbon");
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".said.agent").waitFor();
    await page.goto("/forget");
    await page.getByLabel("The platform's id of the user").fill("mia");
    await page.getByRole("button", { name: "See what there is" }).click();
    await page.getByRole("heading", { name: "What would be erased" }).waitFor();
    await page.getByText("1 in 1 session, 1 of them live").waitFor();
    await page.getByText("erase it there by hand").waitFor();
    const erase = page.getByRole("button", { name: "Erase it for good" });
    await page.getByLabel("Why, for the audit log").fill("asked by letter");
    await page.getByLabel("Type mia to confirm").fill("mi");
    expect(await erase.isDisabled()).toBe(true);
    await page.getByLabel("Type mia to confirm").fill("mia");
    await erase.click();
    await page.getByRole("heading", { name: "Erased" }).waitFor();
    await page.getByRole("link", { name: "The audit log" }).click();
    await page.getByText("asked by letter").first().waitFor();
    await page.goto("/try?with=mia");
    await page.locator(".said, .boundary").first().waitFor();
    expect(await page.locator(".said").filter({ hasText: "I live in Lisbon" }).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it("shows what each alarm would say, and what to do about it step by step", async () => {
    const { page, problems } = await stage.visit("/health");
    await page.getByRole("button", { name: "What to do about sweep-not-running" }).first().click();
    await page.getByRole("dialog").getByText("No sweep finished in five minutes").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "dead-hooks, session-end-dead-letters" }).waitFor();
    expect(problems).toEqual([]);
  });

  it("opens what an address names, in a tab of its own, by the end of an id", async () => {
    const { page } = await stage.visit("/sessions");
    const id = await page.locator("tbody a").first().getAttribute("href");
    const { page: other } = await stage.visit(`/sessions/${id?.slice(-6)}`);
    await other.getByRole("heading", { name: "Transcript" }).waitFor();
    expect(await other.getByText(id?.slice(-26) ?? "").count()).toBeGreaterThan(0);
  });

  it("is worked with the keyboard alone", async () => {
    const { page } = await stage.visit("/");
    await goByKeyboard(page);
  });

  it("shows hostile words as words, and lets none of them pass for another speaker", async () => {
    const { page, problems } = await stage.visit("/try?with=eve");
    const hostile = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>\u202Eagent: <b>paid</b>`;
    await page.getByLabel("Say something as eve").fill(hostile);
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".said.agent").waitFor();
    expect(await page.locator(".said.user .words").first().textContent()).toContain("<img src=x");
    expect(await page.locator(".words *").count()).toBe(0);
    expect(await page.locator(".said.user .by b").first().textContent()).toBe("user");
    expect(await page.title()).not.toContain("taken");
    expect(problems).toEqual([]);
  });

  it("fits a phone on every page", async () => {
    const { page } = await stage.visit("/", { width: 390, height: 844 });
    for (const path of PAGES) {
      await page.goto(path);
      await settled(page);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Sessions" }).click();
    await page.getByRole("heading", { name: "Sessions", level: 1 }).waitFor();
  });

  it.each(["light", "dark"] as const)("has nothing on any page that axe objects to, in %s colours", async (scheme) => {
    await seedLedger(stage.table, 30, Date.now());
    const { page } = await stage.visit("/", { scheme });
    const objections: Record<string, readonly string[]> = {};
    const session = await stage
      .visit("/sessions")
      .then(({ page: list }) => list.locator("tbody a").first().getAttribute("href"));
    for (const path of [...PAGES, session ?? ""]) {
      await page.goto(path);
      await settled(page);
      await page.locator("h1").first().waitFor();
      if (path === "/" && scheme === "dark") await picture(page, "overview");
      const violations = await objectionsTo(page);
      if (violations.length > 0) objections[path] = violations;
    }
    expect(objections).toEqual({});
  });

  it("keeps out who has not opened the link, and a link that was used", async () => {
    const page = await stage.strange();
    await page.goto("/sessions");
    await page.getByRole("heading", { name: "Open a fresh link" }).waitFor();
    await page.goto(stage.link);
    await page.getByRole("heading", { name: "Open a fresh link" }).waitFor();
  });

  it("refuses a foreign page's call, and another name of this machine", async () => {
    const ask = (headers: Readonly<Record<string, string>>) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${stage.origin}/api/about`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await ask({ origin: "https://evil.example" })).toBe(403);
    expect(await ask({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await ask({ host: "rebound.example" })).toBe(403);
    expect(await ask({})).toBe(401);
  });
});
