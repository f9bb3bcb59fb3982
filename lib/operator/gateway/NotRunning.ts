import { VesperError } from "../../runtime/VesperError.ts";

/** No gateway runs here, or the one that did is gone. */
export class NotRunning extends VesperError {
  override readonly name = "NotRunning";
  readonly retry = true;
  constructor(path: string, options?: ErrorOptions) {
    super(`nothing runs here: start it with npm start (looked for ${path})`, options);
  }
}
