import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { SECURITY_HEADERS } from "./securityHeaders.ts";

/** The built page, in memory: some ten small files. */
export interface PageFiles {
  /** Sends a file; the page itself for every other path, which the page reads as a place within it. */
  send(path: string, request: IncomingMessage, response: ServerResponse): void;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly compressed: Buffer;
}

/** Reads the built page. Only what is in its folder now can be sent, so no path leads out of it. */
export function readPage(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const body = readFileSync(path);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    files.set(`/${relative(folder, path).split(sep).join("/")}`, { type, body, compressed: brotliCompressSync(body) });
  }
  return {
    send(path, request, response) {
      const file = files.get(path) ?? files.get("/index.html");
      if (!file || (request.method !== "GET" && request.method !== "HEAD")) {
        response.writeHead(file ? 405 : 404, SECURITY_HEADERS).end();
        return;
      }
      const brotli = /\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""));
      const body = brotli ? file.compressed : file.body;
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        "content-type": file.type,
        "content-length": body.length,
        vary: "accept-encoding",
        ...(brotli ? { "content-encoding": "br" } : {}),
        // Names of the built files change with what they hold; the page's own does not.
        "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      response.end(request.method === "HEAD" ? undefined : body);
    },
  };
}
