import { useEffect, useState } from "preact/hooks";

/** A value that one part of the page sets and another shows. */
export interface Signal<Value> {
  get(): Value;
  set(value: Value): void;
  use(): Value;
}

export function createSignal<Value>(initial: Value): Signal<Value> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    use() {
      const [state, setState] = useState({ value });
      useEffect(() => {
        const listener = () => setState({ value });
        listeners.add(listener);
        return () => void listeners.delete(listener);
      }, []);
      return state.value;
    },
  };
}
