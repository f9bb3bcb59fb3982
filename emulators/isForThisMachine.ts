/**
 * Whether a request names this machine as its host. A web page whose own name was made to lead to 127.0.0.1 can send
 * requests here, and read the answers, but not without that name.
 *
 * @param host the Host header
 */
export function isForThisMachine(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}
