/** What a suite needs of a test runner: vitest, jest and node:test have both. Checks are made with node:assert. */
export interface TestRunner {
  describe(title: string, define: () => void): unknown;
  it(title: string, run: () => Promise<void>): unknown;
}

/** What is made afresh for a test, and put away behind it. */
interface Closable {
  close(): Promise<void>;
}

/** Tells a test, which gets a fixture of its own. */
export type Test<Fixture> = (title: string, run: (fixture: Fixture) => Promise<void>) => void;

/** Tests with a fixture each. */
export function testsWith<Fixture extends Closable>(
  runner: TestRunner,
  makeFixture: () => Promise<Fixture>,
): Test<Fixture> {
  return (title, run) => {
    runner.it(title, async () => {
      const fixture = await makeFixture();
      try {
        await run(fixture);
      } finally {
        await fixture.close();
      }
    });
  };
}
