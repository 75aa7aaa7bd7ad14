/** Names for a program, made from what people call an object. */
import { createHash } from "node:crypto";

/** Longest part of a name that is made from one text. With it, every declaration fits in a line of 80 characters. */
const longest = 32;

/** Lower-case ASCII letters and digits, joined by hyphens; empty where nothing of the text is left. */
export function slug(text: string | null | undefined): string {
  const plain = (text ?? "")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "");
  return words.slice(0, longest).replace(/-$/, "");
}

/** An object that wants a name. */
export interface Named {
  /** What the name is made from, a slug. */
  readonly wanted: string;
  /** The same at every run: it tells objects of one name apart. */
  readonly id: string;
  /** What tells it apart in words that people know, a slug, if there is anything. */
  readonly otherwise?: string;
}

/**
 * A name for each, unique among them and beside those that are taken. Objects that want the same one all get their other
 * name, or an ending made of their id, so that the name of none depends on the order of a list.
 */
export function uniqueNames(objects: readonly Named[], taken: Iterable<string>): Map<string, string> {
  const used = new Set(taken);
  const names = new Map<string, string>();
  const wish = (wishOf: (each: Named) => string | undefined) => {
    const open = objects.filter(({ id }) => !names.has(id));
    for (const [wanted, [first, ...others]] of Map.groupBy(open, wishOf)) {
      if (wanted && first && others.length === 0 && !used.has(wanted)) names.set(first.id, wanted);
    }
    for (const { wanted } of open) used.add(wanted);
    for (const name of names.values()) used.add(name);
  };
  wish(({ wanted }) => wanted);
  wish(({ otherwise }) => otherwise);
  for (const { wanted, id } of objects) {
    if (names.has(id)) continue;
    const hash = createHash("sha256").update(id).digest("hex");
    let name = `${wanted}-${hash.slice(0, 6)}`;
    for (let length = 7; used.has(name); length++) name = `${wanted}-${hash.slice(0, length)}`;
    used.add(name);
    names.set(id, name);
  }
  return names;
}

/** What may not be the name of a variable in a module, and what the program uses itself. */
const reserved = new Set(
  `abstract any arguments as async await boolean break case catch class config const continue debugger declare default
  delete do else enum eval exports extends false finally for from function get if implements import in instanceof
  interface let module namespace never new null number object of package private protected public pulumi require return
  set sftptogo static string super switch symbol this throw true try type typeof undefined unknown var void while with
  yield`.split(/\s+/),
);

/**
 * A variable's name. Different names give different variables: a hyphen turns into a capital letter or, before a
 * digit, into an underscore, and no name has either.
 */
export function identifier(name: string): string {
  const camel = name
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replaceAll("-", "_")
    .replace(/^(?=\d)/, "_");
  return reserved.has(camel) || camel === "globalThis" ? `${camel}_` : camel;
}

/** A file's name, without its ending. Windows has no files called "con". */
export function fileName(name: string): string {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(name) ? `${name}_` : name;
}
