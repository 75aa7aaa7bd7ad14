/** What a text says to somebody who decodes it. */

/** A text of an answer is short; one that goes on for ever in its encodings is not looked into any further. */
const deepest = 3;
const mostTexts = 2_000;

/** Whether a text holds a secret, as it is or in whatever of the usual encodings, one inside another too. */
export function reveals(text: string, secrets: Iterable<string>): boolean {
  const readable = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < deepest && readable.size < mostTexts; depth++) {
    latest = latest.flatMap(decodings).filter((each) => each !== "" && !readable.has(each));
    for (const each of latest) readable.add(each);
  }
  for (const secret of secrets) {
    for (const each of readable) if (each.includes(secret)) return true;
  }
  return false;
}

function decodings(text: string): string[] {
  return [
    fromJson(text),
    fromUrl(text),
    fromUrl(text.replaceAll("+", " ")),
    fromHtml(text),
    ...fromWords(text),
  ];
}

function fromJson(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(["\\/])/g, "$1");
}

function fromUrl(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll("%", ""), "hex").toString(),
  );
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function fromHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (entity, hex, decimal, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? entity;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** Words that may be base64 or hexadecimal. Where base64 begins inside a word is not known. */
function fromWords(text: string): string[] {
  const base64 = text.match(/[A-Za-z0-9+/_-]{6,}/g) ?? [];
  const hex = text.match(/(?:[0-9a-f]{2}){4,}/gi) ?? [];
  return [
    ...base64.flatMap((word) =>
      [0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), "base64").toString()),
    ),
    ...hex.map((word) => Buffer.from(word, "hex").toString()),
  ];
}
