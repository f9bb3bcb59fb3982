import { type AddressInfo, createServer, type Socket } from "node:net";

/** A TCP server that answers each request in whatever way, HTTP or not. */
export interface RawServer {
  readonly url: string;
  /** How many requests have begun. */
  readonly requests: number;
  /** From now on each request is answered so. */
  answer: (socket: Socket) => void;
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1. A request is taken to be whole when its head is. */
export async function startRawServer(): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      if (!chunk.includes("HTTP/1.1\r\n")) return;
      requests++;
      raw.answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const raw: RawServer = {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    answer: (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return raw;
}
