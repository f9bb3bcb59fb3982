import type { AddressOrigin } from "./isForbiddenAddress.ts";

/** One HTTP request to a platform or provider. */
export interface HttpRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Ends the exchange early, beside the timeout. */
  readonly signal?: AbortSignal;
  /**
   * Whether making it twice does what making it once does: it carries a key that the receiver knows a repetition by, or
   * writes what is there already. Then it is repeated once, on a new connection, when a kept one turns out to be closed.
   *
   * @default true for GET, PUT and DELETE
   */
  readonly idempotent?: boolean;
  /**
   * Say `received` for an address that came from outside, such as in a message: it may only lead to the public internet.
   * @default "configured"
   */
  readonly origin?: AddressOrigin;
  /** Hears the answer's body as it comes, where that is a stream. */
  readonly stream?: LineStream;
}

/** The lines of an answer of status 2xx that has this content type. Any other answer comes in one piece, as ever. */
export interface LineStream {
  /** In lower case, without parameters. */
  readonly contentType: string;
  /** Hears each line once it is whole, without its end. A line that repeats a secret has it no more. Does not throw. */
  onLine(line: string): void;
}

/** What came back, whatever its status. Redirects are never followed: a 3xx is returned as it is. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, cut after 1 MiB. Empty where its lines were told as they came. */
  readonly text: string;
}

/** The one way out over HTTP. It retries nothing that was answered or has taken time: the queue owns retries. */
export interface HttpClient {
  /** Throws `HttpError` when no response came, `ForbiddenAddress` when the request must not go where it is addressed to. */
  send(request: HttpRequest): Promise<HttpResponse>;
}
