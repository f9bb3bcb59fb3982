import { inWords } from "../runtime/inWords.ts";
import { VesperError } from "../runtime/VesperError.ts";

/** A provider threw something that is not Vesper's: a programming error. No retry mends it; it is shown at once. */
export class ProviderBug extends VesperError {
  override readonly name = "ProviderBug";
  readonly retry = false;
  constructor(provider: string, cause: unknown) {
    super(`${provider} threw ${inWords(cause)}`, { cause });
  }
}
