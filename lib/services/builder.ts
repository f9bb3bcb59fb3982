import type { Adapter } from "../adapter/Adapter.ts";
import type { AdapterServices } from "../adapter/AdapterServices.ts";

/** Builds each of some adapters when it is first asked for by its name; undefined of a name that none has. */
export function builder<Instance>(
  adapters: Readonly<Record<string, Adapter<Instance>>>,
  services: AdapterServices,
): (name: string) => Instance | undefined {
  const built = new Map<string, Instance>();
  return (name) => {
    const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
    if (!adapter) return undefined;
    const instance = built.get(name) ?? adapter.create(services);
    built.set(name, instance);
    return instance;
  };
}
