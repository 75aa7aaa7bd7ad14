/** A file that a person gives to a command. Whatever wrote it may have put a byte-order mark in front. */
import { readFile } from "node:fs/promises";

/** Its text; the error says why it cannot be read, and quotes nothing of it: it may hold secrets. */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? "no reason given"}).`);
  });
  // PowerShell's `>` writes UTF-16.
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}
