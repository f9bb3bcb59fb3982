import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's package puts it there: apt-get install chromium. */
const PATH = "/usr/bin/chromium";

/** Whether browser tests can run. On a machine of CI they must. */
export function hasChromium(): boolean {
  if (existsSync(PATH)) return true;
  if (process.env.CI) throw new Error(`there is no ${PATH}: .ci/run installs it with apt-get install chromium`);
  console.warn(`browser tests are left out: there is no ${PATH}; apt-get install chromium brings it`);
  return false;
}

/** A browser that calls nobody but the page's own server. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
