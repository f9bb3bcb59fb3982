import { defineConfig } from "vite";

/** Where the built page stands: the server sends what is in this folder. Not under version control. */
export const PAGE_PATH = "dist";

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: PAGE_PATH,
    emptyOutDir: true,
    target: "es2022",
    // An inlined file would need `data:` in the page's security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
