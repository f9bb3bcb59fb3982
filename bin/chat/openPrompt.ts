import { clearLine, createInterface, cursorTo } from "node:readline";

/** A prompt that stays while other things are printed above it. */
export interface Prompt extends Disposable {
  /** What is typed, line by line, until the input ends or Ctrl-C. */
  readonly lines: AsyncIterable<string>;
  /** Asks for the next line, with `label` before it. */
  ask(label: string): void;
  /** Prints above what is being typed. */
  print(text: string): void;
}

/** Opens a prompt. Where no person types, the labels are left out. */
export function openPrompt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompt {
  const lines = createInterface({ input, output });
  let isAsking = false;
  lines.on("line", () => {
    isAsking = false;
  });
  return {
    lines,
    ask(label) {
      isAsking = lines.terminal;
      lines.setPrompt(label);
      if (isAsking) lines.prompt();
    },
    print(text) {
      if (isAsking) {
        clearLine(output, 0);
        cursorTo(output, 0);
      }
      output.write(`${text}\n`);
      if (isAsking) lines.prompt(true);
    },
    [Symbol.dispose]: () => lines.close(),
  };
}
