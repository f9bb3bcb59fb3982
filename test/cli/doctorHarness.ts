import { expect } from "vitest";
import { type CliHarness, DEPLOYED, startCliHarness } from "./cliHarness.ts";

/** Where Telegram is told to call. */
export const BASE = "https://gateway.example.com/webhooks";

/** A gateway of which the doctor finds everything well: Telegram's webhook is set, too. */
export async function startDoctorHarness(): Promise<CliHarness> {
  const cliHarness = await startCliHarness();
  expect(await cliHarness.cli(["webhooks", "set", "--platform", "telegram", "--url", BASE])).toMatchObject({
    code: 0,
  });
  return cliHarness;
}

/** Telegram can reach only an https address, the test message only one of this machine. */
export const callDoctor = (cliHarness: CliHarness, ...args: readonly string[]) =>
  cliHarness.cli(["doctor", "--url", BASE, ...args]);

/** What fails of the deployed stack, each as "check: detail". */
export async function failuresOf(cliHarness: CliHarness, ...args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await callDoctor(cliHarness, "--json", ...DEPLOYED, ...args);
  const findings: { check: string; status: string; detail: string }[] = JSON.parse(stdout);
  const failed = findings.filter(({ status }) => status === "failed");
  expect(code).toBe(failed.length > 0 ? 1 : 0);
  expect(stderr).toBe(failed.length > 0 ? `vesper: ${failed.length} of ${findings.length} checks failed\n` : "");
  return failed.map(({ check, detail }) => `${check}: ${detail}`);
}
