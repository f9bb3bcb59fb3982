import type { HttpClient } from "../adapter/http/HttpClient.ts";

/**
 * A client whose requests all go to one server, whoever they are to; `x-forwarded-host` says to whom. So what is made for a
 * platform's own service talks to a stand-in of it, and never to the service.
 *
 * @param base such as `http://127.0.0.1:40123`
 */
export function redirectingClient(http: HttpClient, base: string): HttpClient {
  return {
    send({ url, headers, origin: _, ...request }) {
      const { host, pathname, search } = new URL(url);
      return http.send({
        ...request,
        url: `${base}${pathname}${search}`,
        headers: { ...headers, "x-forwarded-host": host },
      });
    },
  };
}
