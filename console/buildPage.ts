import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

/** What the page is made of, beside the libraries, which the lock file names. */
const SOURCES = ["index.html", "public/icon.svg", "vite.config.ts", "src"];

const HERE = import.meta.dirname;
const ROOT = join(HERE, "..");
const CACHE = join(ROOT, "node_modules", ".cache", "vesper", "page");

/** Where a package has the page, whose sources it has not. */
const PACKED = join(HERE, "page");

/**
 * The folder of the built page. A package brings it along. From the sources it is built on first need, in a second or two,
 * and again when they have changed; a build that another process makes at the same time does no harm.
 */
export async function buildPage(): Promise<string> {
  if (existsSync(PACKED)) return PACKED;
  const folder = join(CACHE, hashSources());
  if (existsSync(join(folder, "index.html"))) return folder;
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${folder}.${process.pid}`;
  const { build } = await import("vite");
  await build({
    configFile: join(HERE, "vite.config.ts"),
    logLevel: "error",
    build: { outDir: temporary, emptyOutDir: true },
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another process was faster; the same is there.
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(join(folder, "index.html"))) throw error;
  }
  for (const old of readdirSync(CACHE)) {
    if (/^[0-9a-f]{16}$/.test(old) && join(CACHE, old) !== folder)
      rmSync(join(CACHE, old), { recursive: true, force: true });
  }
  return folder;
}

function hashSources(): string {
  const hash = createHash("sha256").update(readFileSync(join(ROOT, "package-lock.json")));
  const add = (path: string) => hash.update(`\0${relative(HERE, path)}\0`).update(readFileSync(path));
  for (const source of SOURCES) {
    const path = join(HERE, source);
    if (source !== "src") add(path);
    else
      for (const name of readdirSync(path, { recursive: true, encoding: "utf8" }).sort())
        if (/\.\w+$/.test(name)) add(join(path, name));
  }
  return hash.digest("hex").slice(0, 16);
}
