/**
 * Reads Server-Sent Events, line by line, and tells each event's data. Comments, and fields that say how to reconnect, are
 * left out; so is an event that is not ended. https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * @returns what hears the lines
 */
export function eventReader(onData: (data: string) => void): (line: string) => void {
  let data: string[] = [];
  return (line) => {
    if (line !== "") {
      const [, value] = /^data(?:: ?(.*))?$/s.exec(line) ?? [];
      if (line === "data" || value !== undefined) data.push(value ?? "");
      return;
    }
    if (data.length > 0) onData(data.join("\n"));
    data = [];
  };
}
