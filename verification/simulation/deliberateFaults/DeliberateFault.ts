/** A fault to be put into the protocol: in `file`, `find` (which stands there once) is replaced by `by`. */
export interface DeliberateFault {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly by: string;
}
