/** Prints TypeScript as formatters leave it: two spaces, lines of 80 characters where that can be. */
import { isPlainObject } from "../../values/plain";

const width = 80;

/** Text that is code already, such as a reference to another resource. */
export class Code {
  constructor(readonly text: string) {}
}

/** A call whose one argument goes on a line of its own where the line would be too long. */
export class SecretCall {
  constructor(readonly key: string) {}
}

/** A string literal. Characters that nobody sees, or that turn the line around, are written as escapes. */
export function literal(text: string): string {
  const count = (quote: string) => text.split(quote).length;
  const quote = count('"') > count("'") ? "'" : '"';
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (character) =>
      Array.from({ length: character.length }, (_, index) => escapeOf(character.charCodeAt(index))).join(""),
    );
  return `${quote}${escaped}${quote}`;
}

function escapeOf(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

/** `key: value,` in an object that stands `indent` spaces from the left. */
function property(key: string, value: unknown, indent: number): string {
  const before = `${" ".repeat(indent)}${key}: `;
  const fits = (text: string) => before.length + text.length + 1 <= width;
  if (value instanceof SecretCall) {
    const flat = `config.requireSecret(${literal(value.key)})`;
    if (fits(flat)) return `${before}${flat},`;
    const inner = " ".repeat(indent + 2);
    return `${before}config.requireSecret(\n${inner}${literal(value.key)},\n${" ".repeat(indent)}),`;
  }
  const text = printed(value, indent, fits);
  // Formatters leave a key of up to four letters on the line of its value.
  if (typeof value !== "string" || fits(text) || key.length <= 4) return `${before}${text},`;
  return `${before.trimEnd()}\n${" ".repeat(indent + 2)}${text},`;
}

function printed(value: unknown, indent: number, fits: (text: string) => boolean): string {
  if (value instanceof Code) return value.text;
  if (typeof value === "string") return literal(value);
  if (isPlainObject(value)) return expanded(value, indent);
  if (!Array.isArray(value)) return JSON.stringify(value);
  const flat = `[${value.map((each) => printed(each, indent + 2, fits)).join(", ")}]`;
  if (!value.some(isPlainObject) && fits(flat)) return flat;
  const inner = " ".repeat(indent + 2);
  const items = value.map((each) => `${inner}${printed(each, indent + 2, () => false)},\n`);
  return `[\n${items.join("")}${" ".repeat(indent)}]`;
}

/** An object with each property on a line of its own, which formatters keep so. */
export function expanded(object: Readonly<Record<string, unknown>>, indent: number): string {
  const lines = Object.entries(object).map(([key, value]) => property(key, value, indent + 2));
  return `{\n${lines.map((line) => `${line}\n`).join("")}${" ".repeat(indent)}}`;
}

/** An object on one line, if it fits there. */
export function compact(object: Readonly<Record<string, unknown>>, indent: number): string {
  const all = Object.entries(object).map(([key, value]) => `${key}: ${printed(value, indent, () => true)}`);
  const flat = `{ ${all.join(", ")} }`;
  return indent + flat.length + 1 <= width ? flat : expanded(object, indent);
}
