/** A text in every form in which it may have been meant: a secret in base64 is a secret still. */

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decoders: readonly ((text: string) => string)[] = [
  (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => orSame(bytes, () => decodeURIComponent(bytes))),
  (text) => text.replace(/\+/g, " "),
  (text) =>
    text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
      return code === undefined ? (entities[name] ?? whole) : orSame(whole, () => String.fromCodePoint(code));
    }),
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, hex, character) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : character,
    ),
];

const tokens: readonly (readonly [RegExp, BufferEncoding])[] = [
  [/[A-Za-z0-9+/_-]{12,}/g, "base64"],
  [/(?:[0-9a-f]{2}){8,}/gi, "hex"],
];

/** At most so many layers of encoding, one in another. */
const depth = 4;

export function decoded(text: string): ReadonlySet<string> {
  const forms = new Set([text]);
  let last: readonly string[] = [text];
  for (let layer = 0; layer < depth && last.length > 0; layer++) {
    const next = last.flatMap((form) => [
      ...decoders.map((decode) => decode(form)),
      ...tokens.flatMap(([token, encoding]) =>
        [...form.matchAll(token)].flatMap(([match]) => readable(Buffer.from(match, encoding).toString())),
      ),
    ]);
    last = [...new Set(next)].filter((form) => !forms.has(form));
    for (const form of last) forms.add(form);
  }
  return forms;
}

/** Most words are base64 of nothing; what is worth a closer look is mostly ASCII. */
function readable(text: string): string[] {
  const plain = text.replace(/[^\x20-\x7e]/g, "").length;
  return plain >= 6 && plain > text.length * 0.8 ? [text] : [];
}

function orSame(text: string, decode: () => string): string {
  try {
    return decode();
  } catch {
    return text;
  }
}
