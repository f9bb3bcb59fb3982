import * as v from "valibot";

/** What the console answered. */
export interface ConsoleAnswer {
  readonly status: number;
  /** The JSON, not looked into. */
  readonly body: unknown;
}

/** Opens a console's link, as a browser does. */
export async function enter(link: string) {
  const { origin, hash } = new URL(link);
  const token = hash.slice("#token=".length);
  const entered = await fetch(`${origin}/api/enter`, { method: "POST", body: JSON.stringify({ token }) });
  const { key } = v.parse(v.object({ key: v.string() }), await entered.json());
  const headers = { authorization: `Bearer ${key}` };
  const read = async (response: Response): Promise<ConsoleAnswer> => ({
    ...{ status: response.status, body: await response.json() },
  });
  return {
    origin,
    headers,
    get: async (path: string) => read(await fetch(origin + path, { headers })),
    post: async (path: string, body: unknown) =>
      read(await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) })),
  };
}
