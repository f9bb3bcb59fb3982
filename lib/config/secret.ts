/** Names a secret; its value is fetched when it is needed and is never part of the config, the code or the template. */
export interface SecretRef {
  readonly secret: string;
}

/**
 * A reference to the secret called `name`: the SSM parameter `/<prefix>/<name>` when deployed, a line of `.env` locally.
 * Names are upper-case letters, digits and underscores, so that they fit both.
 */
export function secret(name: string): SecretRef {
  return { secret: name };
}
