/** Addresses, compared by what they lead to. */

/** Whether two URLs are one address: the case of the host, a default port and slashes at the end do not count. */
export function isSameUrl(a: string, b: string): boolean {
  return canonicalUrl(a) === canonicalUrl(b);
}

/** A URL in one spelling; any other string as it is. */
export function canonicalUrl(text: string): string {
  if (!URL.canParse(text)) return text.trim();
  const { href, hash, search } = new URL(text);
  const address = href.slice(0, href.length - search.length - hash.length);
  return `${address.replace(/\/+$/, "")}${search}${hash}`;
}

/** A part of a URL, decoded. A percent sign that encodes nothing stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
