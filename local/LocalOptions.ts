/** How to run the gateway on this machine. */
export interface LocalOptions {
  /** Port on 127.0.0.1. 0: any free one. */
  readonly port: number;
  /** Folder of everything that survives a restart. */
  readonly dataPath: string;
  /** The team's `vesper.config.ts`; `.env` is looked for beside it. */
  readonly configPath: string;
  /** @default "Vesper" */
  readonly stackName?: string;
  /** Emulators that run already, used in place of the embedded ones: they must take any access key. @default none */
  readonly endpoints?: { readonly dynamodb?: string; readonly sqs?: string };
  /** Where secrets are looked for before `.env`. @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The most threads a function may have. @default 4 */
  readonly poolSize?: number;
  /** Simulates every platform that has a simulator, also one whose secrets are there. @default only those without secrets */
  readonly simulate?: boolean;
  /** Writes one line for a person: a function's warnings and errors. @default nothing is written */
  readonly print?: (line: string) => void;
  /** Another template than the gateway's own. @default the one that the CDK app makes */
  readonly template?: unknown;
  /** The folder that the functions' entries are relative to. @default the repository's root */
  readonly root?: string;
}
