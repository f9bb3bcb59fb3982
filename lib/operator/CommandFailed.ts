import { VesperError } from "../domain/VesperError.ts";

/** A command could not do what it was told. The message says why and what to do. */
export class CommandFailed extends VesperError {
  override readonly name: string = "CommandFailed";
  readonly retry = false;
}
