import type { Lookup } from "./resolveValue.ts";

/** The region that everything here says it is in. */
export const REGION = "us-east-1";

/** The account that the emulators use. */
export const ACCOUNT = "000000000000";

/** What the template's references stand for on this machine; it fills as the resources are made. */
export class Names {
  readonly #values: Map<string, string>;

  constructor(stackName: string) {
    this.#values = new Map([
      ["AWS::AccountId", ACCOUNT],
      ["AWS::Region", REGION],
      ["AWS::Partition", "aws"],
      ["AWS::URLSuffix", "amazonaws.com"],
      ["AWS::StackName", stackName],
    ]);
  }

  /** @param ref what `Ref` gives @param attributes what `Fn::GetAtt` gives, by attribute */
  add(id: string, ref: string, attributes: Readonly<Record<string, string | undefined>> = {}): void {
    this.#values.set(id, ref);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.#values.set(`${id}.${name}`, value);
    }
  }

  readonly lookup: Lookup = (name, attribute) =>
    this.#values.get(attribute === undefined ? name : `${name}.${attribute}`);
}
