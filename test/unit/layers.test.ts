import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/**
 * The folders of lib/ from the bottom up: a folder imports from those below it and from itself. Folders of one layer do
 * not import each other.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["domain"],
  ["adapter"],
  ["runtime"],
  ["agents", "embeddings", "memory", "models", "platforms", "tools"],
  ["config"],
  ["services"],
  ["store"],
  ["queues"],
  ["operator"],
  ["webhook", "message", "expiry", "session-end"],
];

/** An adapter is built on the public door, as anybody's own would be; not on what the gateway is made of. */
const FOR_ADAPTERS = ["adapter", "domain"];

/** The imports that point up, and why each must. */
const UPWARDS: Readonly<Record<string, string>> = {
  "lib/services/createServices.ts -> lib/store/memories.ts":
    "whoever builds the services builds the memory rows' store",
  "lib/adapter/testing/testServices.ts -> lib/runtime/nodeHttpClient.ts":
    "an adapter is tested with the client that it will have",
};

/** What may import what, outside of lib/. Nothing in lib/ imports any of them. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  functions: ["lib"],
  emulators: ["lib"],
  cdk: ["lib"],
  // `npm start` opens the operators' page, whose charts are made of what the runner measured.
  local: ["lib", "cdk", "emulators", "functions", "console"],
  console: ["lib", "local"],
  bin: ["lib", "console", "local"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports = globSync(["lib/**/*.ts", ...Object.keys(OUTSIDE).map((folder) => `${folder}/**/*.{ts,tsx}`)], {
  cwd: ROOT,
}).flatMap((from): Import[] =>
  [...readFileSync(join(ROOT, from), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, to = ""]) => ({
    from,
    to: normalize(join(dirname(from), to)),
  })),
);

const told = (found: readonly Import[]) => found.map(({ from, to }) => `${from} -> ${to}`);

const folderOf = (path: string) => path.split("/")[1] ?? "";

const layerOf = (path: string) => LAYERS.findIndex((folders) => folders.includes(folderOf(path)));

const within = imports.filter(
  ({ from, to }) => from.startsWith("lib/") && to.startsWith("lib/") && from !== "lib/index.ts",
);

it("each folder of lib/ has its layer", () => {
  const folders = globSync("lib/*/", { cwd: ROOT }).map((path) => folderOf(`${path}/`));
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.toSorted()).toEqual(LAYERS.flat().toSorted());
});

it("imports of lib/ point down", () => {
  expect(within.length).toBeGreaterThan(500);
  const up = within.filter(({ from, to }) => layerOf(to) > layerOf(from));
  expect(told(up)).toEqual(Object.keys(UPWARDS));
});

it("folders of one layer do not import each other", () => {
  const beside = within.filter(({ from, to }) => layerOf(to) === layerOf(from) && folderOf(to) !== folderOf(from));
  expect(told(beside)).toEqual([]);
});

it("adapters import the public door alone", () => {
  const adapters = within.filter(({ from }) => layerOf(from) === layerOf("lib/platforms/"));
  const wrong = adapters.filter(({ from, to }) => {
    const isOwn = dirname(to) === dirname(from) || dirname(to).startsWith(`${dirname(from)}/`);
    return !isOwn && !FOR_ADAPTERS.includes(folderOf(to));
  });
  expect(told(wrong)).toEqual([]);
});

it("the gateway names no adapter but the one that stands for a missing agent", () => {
  const isAdapter = (path: string) => path.startsWith("lib/") && layerOf(path) === layerOf("lib/platforms/");
  const named = imports.filter(({ from, to }) => isAdapter(to) && !isAdapter(from));
  expect(told(named)).toEqual(["lib/config/configSchema.ts -> lib/agents/echo/echo.ts"]);
});

it("each adapter has a folder, and in it a file of its name, by which a config imports it", () => {
  const folders = globSync("lib/{agents,embeddings,memory,models,platforms,tools}/*", { cwd: ROOT });
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((path) => !existsSync(join(ROOT, path, `${basename(path)}.ts`)))).toEqual([]);
});

it("lib/ imports nothing outside of it", () => {
  const out = imports.filter(({ from, to }) => from.startsWith("lib/") && !to.startsWith("lib/"));
  expect(told(out)).toEqual([]);
});

it("the folders beside lib/ import only what they may", () => {
  const wrong = imports.filter(({ from, to }) => {
    const [folder = "", target = ""] = [from.split("/")[0], to.split("/")[0]];
    return (
      !from.startsWith("lib/") && target !== folder && target !== "package.json" && !OUTSIDE[folder]?.includes(target)
    );
  });
  expect(told(wrong)).toEqual([]);
});

it("emulators know nothing of what they are used for: those of AWS import nothing of ours, those of platforms what adapters see", () => {
  const wrong = imports.filter(({ from, to }) => {
    const isSeen = from.startsWith("emulators/platforms/") && FOR_ADAPTERS.includes(folderOf(to));
    return from.startsWith("emulators/") && to.startsWith("lib/") && !isSeen;
  });
  expect(told(wrong)).toEqual([]);
});

it("no file has more than 250 lines", () => {
  const long = globSync(
    ["*.ts", "{bin,cdk,console,docs,emulators,functions,lib,local,scripts,test,verification}/**/*.{ts,tsx}"],
    { cwd: ROOT },
  )
    .filter((path) => !path.includes("node_modules"))
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > 250);
  expect(long).toEqual([]);
});
