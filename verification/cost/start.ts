import { assumptions } from "./assumptions.ts";
import { bill, dollars, idle, perMillion } from "./bill.ts";
import { PRICES_DATE, PRICES_REGION, prices } from "./prices.ts";
import { money, table } from "./table.ts";
import { usage } from "./usage.ts";

/**
 * `npm run cost`: what the gateway costs on AWS, from the calls and units that test/verification/cost.test.ts counts and the
 * prices in cost/prices.ts. `--markdown` prints the tables of docs/operate/cost.md; `--sources` says where each price is from.
 */

/** Seconds of an agent that asks a model, for the one line that says what that adds. */
const MODEL = 3;

const markdown = process.argv.includes("--markdown");

/** Sessions a month; ten messages each, a common mean of chats. */
const LOADS = [0, 1e3, 1e5, 1e7];

const MESSAGES = 10;

if (process.argv.includes("--sources")) {
  const rows = Object.values(prices).map(({ dollars, per, page, found }) => [
    `$${Number(dollars.toPrecision(6))}`,
    per,
    found ? `${found.at} (${found.date})` : "not confirmed",
    page,
  ]);
  console.log(table(["price", "for", "found at", "AWS's page"], rows, markdown));
} else {
  const parts = [
    ["a million messages", money(perMillion.messages)],
    ["the same, each of 3 KB of words with its reply", money(perMillion.longMessages)],
    ["a million messages whose webhooks come in by a function URL", money(perMillion.messagesByUrl)],
    ["a million sessions, one provider", money(perMillion.sessions)],
    ["each further provider, a million sessions", money(perMillion.providers)],
    ["a month without a message", money(idle)],
    [
      `an agent that takes ${MODEL} s, a million messages, beside its model`,
      money(MODEL * assumptions.memory.message * prices.gbSecond.dollars * 1e6),
    ],
  ];
  console.log(table(["what", "costs"], parts, markdown));
  console.log();
  const rows = LOADS.map((sessions) => {
    const of = (providers: number) => ({ sessions, messages: sessions * MESSAGES, providers });
    const [top] = bill(usage(of(1)));
    return [
      count(sessions),
      count(sessions * MESSAGES),
      ...[1, 2, 4].map((n) => money(dollars(of(n)))),
      money(dollars({ ...of(1), door: "function-url" })),
      prices[top?.name ?? "write"].per.replace(/[,(:].*| a month.*/, "").trim(),
    ];
  });
  const head = [
    "sessions a month",
    "messages",
    "1 provider",
    "2 providers",
    "4 providers",
    "1, by a function URL",
    "dearest",
  ];
  console.log(table(head, rows, markdown));
  console.log(`\n${PRICES_REGION}, prices of ${PRICES_DATE}, US dollars a month, before the free tier and taxes.`);
}

function count(value: number): string {
  return value.toLocaleString("en-US").replaceAll(",", " ");
}
