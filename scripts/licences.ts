import { existsSync, readFileSync } from "node:fs";
import { licenceProblems } from "./licences/licenceProblems.ts";

/** `npm run licences`: fails and names each package whose licence is not one of those that are allowed. */

const root = new URL("../", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const { problems, checked, elsewhere } = licenceProblems(read("package-lock.json"), (path) =>
  existsSync(new URL(`${path}/package.json`, root)) ? read(`${path}/package.json`) : undefined,
);
for (const problem of problems)
  console.error(`${problem}: replace it, or allow that in scripts/licences/licenceProblems.ts`);
console.log(
  `${checked} packages have their licence checked, ${problems.length} may not be used; ${elsewhere} are for other platforms`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
