import { readKey } from "./access.ts";

/** A call that failed, in words for the person at the page. */
export class CallFailed extends Error {
  /** 0: the console did not answer at all. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const GONE = "the console does not answer: see whether npm start, or npx vesper console, still runs";

/** Asks the console; a body makes it a POST. The server is this page's own, so its answers are taken as they are. @throws CallFailed */
export async function call<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await send(path, body, signal);
  const answer: Answer & { readonly message?: string } = await response.json();
  if (response.ok) return answer;
  throw new CallFailed(response.status, answer.message ?? `the console answered ${response.status}`);
}

/** Reads a stream of JSON lines as they come, until it ends. @throws CallFailed */
export async function* stream<Event>(path: string, signal: AbortSignal): AsyncGenerator<Event> {
  const response = await send(path, undefined, signal);
  if (!response.ok || !response.body) throw new CallFailed(response.status, GONE);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

async function send(path: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(path, {
      headers: { authorization: `Bearer ${readKey() ?? ""}` },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CallFailed(0, GONE);
  }
}
