import { add, append, compare, field, isRecord, sizeOf } from "./expressionValues.ts";
import type { Item } from "./Item.ts";
import { invalid } from "./invalid.ts";

/** What an expression's placeholders stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

type Condition = (item: Item, given: Placeholders) => boolean;

type Operand = (item: Item, given: Placeholders) => unknown;

type Change = (item: Record<string, unknown>, before: Item, given: Placeholders) => void;

const TOKEN = /\s*(<=|>=|<>|[=<>(),+-]|[:#]?\w+(?:\.#?\w+)*)/y;

const conditions = new Map<string, Condition>();

const changes = new Map<string, readonly Change[]>();

/** Whether an item (empty: none) fulfils a condition, filter or key condition; the part of the language that Vesper uses. */
export function fulfils(expression: string, item: Item, given: Placeholders): boolean {
  return conditionOf(expression)(item, given);
}

function conditionOf(expression: string): Condition {
  const known = conditions.get(expression);
  if (known) return known;
  const parsed = new Parser(expression).condition();
  conditions.set(expression, parsed);
  return parsed;
}

/** The item after an update expression; `SET` and `REMOVE` are known. */
export function changed(expression: string, item: Item, given: Placeholders): Item {
  const known = changes.get(expression) ?? new Parser(expression).changes();
  changes.set(expression, known);
  const next: Record<string, unknown> = { ...item };
  for (const change of known) change(next, item, given);
  return next;
}

class Parser {
  private readonly tokens: string[] = [];
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    TOKEN.lastIndex = 0;
    for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) this.tokens.push(found[1] ?? "");
    if (this.tokens.join("") !== text.replaceAll(/\s/g, "")) throw this.unknown();
  }

  condition(): Condition {
    const parsed = this.or();
    if (this.position < this.tokens.length) throw this.unknown();
    return parsed;
  }

  changes(): readonly Change[] {
    const found: Change[] = [];
    while (this.position < this.tokens.length) {
      const section = this.take();
      do found.push(section === "SET" ? this.set() : section === "REMOVE" ? this.remove() : this.fail());
      while (this.accept(","));
    }
    return found;
  }

  private or(): Condition {
    const left = this.and();
    if (!this.accept("OR")) return left;
    const right = this.or();
    return (item, given) => left(item, given) || right(item, given);
  }

  private and(): Condition {
    const left = this.primary();
    if (!this.accept("AND")) return left;
    const right = this.and();
    return (item, given) => left(item, given) && right(item, given);
  }

  private primary(): Condition {
    if (this.accept("(")) {
      const inner = this.or();
      this.expect(")");
      return inner;
    }
    if (this.tokens[this.position + 1] === "(" && this.tokens[this.position] !== "size") return this.call();
    const left = this.operand();
    if (this.accept("BETWEEN")) return this.between(left);
    const sign = this.take();
    const right = this.operand();
    return (item, given) => compare(sign, left(item, given), right(item, given));
  }

  private between(subject: Operand): Condition {
    const low = this.operand();
    this.expect("AND");
    const high = this.operand();
    return (item, given) => {
      const value = subject(item, given);
      return compare(">=", value, low(item, given)) && compare("<=", value, high(item, given));
    };
  }

  private call(): Condition {
    const name = this.take();
    this.expect("(");
    const subject = this.operand();
    if (name === "begins_with") {
      this.expect(",");
      const prefix = this.operand();
      this.expect(")");
      return (item, given) => {
        const text = subject(item, given);
        return typeof text === "string" && text.startsWith(String(prefix(item, given)));
      };
    }
    this.expect(")");
    if (name === "attribute_exists") return (item, given) => subject(item, given) !== undefined;
    if (name === "attribute_not_exists") return (item, given) => subject(item, given) === undefined;
    throw this.unknown();
  }

  private operand(): Operand {
    const token = this.take();
    if (this.accept("(")) return token === "size" ? this.size() : this.pair(token);
    if (token.startsWith(":")) return (_item, { values }) => values[token];
    const parts = token.split(".");
    const [only = ""] = parts;
    if (parts.length === 1) return (item, { names }) => item[named(only, names)];
    return (item, { names }) => parts.reduce<unknown>((value, part) => field(value, named(part, names)), item);
  }

  private size(): Operand {
    const subject = this.operand();
    this.expect(")");
    return (item, given) => sizeOf(subject(item, given));
  }

  private pair(name: string): Operand {
    const first = this.operand();
    this.expect(",");
    const second = this.operand();
    this.expect(")");
    if (name === "if_not_exists") return (item, given) => first(item, given) ?? second(item, given);
    if (name === "list_append") return (item, given) => append(first(item, given), second(item, given));
    throw this.unknown();
  }

  private set(): Change {
    const target = this.take();
    this.expect("=");
    const first = this.valueToSet();
    const second = this.accept("+") ? this.operand() : undefined;
    return (item, before, given) => {
      const value = first(before, given);
      const sum = second ? add(value, second(before, given)) : value;
      if (sum === undefined) throw invalid("an operand of the update is not there");
      const { parent, name } = locate(item, path(target, given.names));
      parent[name] = sum;
    };
  }

  private valueToSet(): Operand {
    if (!this.accept("if_not_exists")) return this.operand();
    this.expect("(");
    const there = this.operand();
    this.expect(",");
    const otherwise = this.operand();
    this.expect(")");
    return (item, given) => there(item, given) ?? otherwise(item, given);
  }

  private remove(): Change {
    const target = this.take();
    return (item, _before, given) => {
      const { parent, name } = locate(item, path(target, given.names));
      delete parent[name];
    };
  }

  private take(): string {
    return this.tokens[this.position++] ?? this.fail();
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.fail();
  }

  private fail(): never {
    throw this.unknown();
  }

  private unknown(): Error {
    return new Error(`the model does not know this expression; teach it: ${this.text}`);
  }
}

function path(token: string, names: Readonly<Record<string, string>>): readonly string[] {
  return token.split(".").map((part) => named(part, names));
}

function named(part: string, names: Readonly<Record<string, string>>): string {
  return part.startsWith("#") ? (names[part] ?? "") : part;
}

/** Where a path ends; what it leads through is copied, as the item before the update shares it. */
function locate(item: Record<string, unknown>, parts: readonly string[]) {
  let parent = item;
  for (const part of parts.slice(0, -1)) {
    const inner = parent[part];
    if (!isRecord(inner)) throw invalid("the document path of the update is not there");
    parent = parent[part] = { ...inner };
  }
  return { parent, name: parts.at(-1) ?? "" };
}
