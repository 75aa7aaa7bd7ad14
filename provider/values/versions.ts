/** The oldest that are supported: package.json says the same, which package managers only warn of. */
export const oldest = { node: "22.0", sdk: "3.150" } as const;

/** Whether a version, as `3.250.0` or `v3.250.0`, comes before another one, of which the first two numbers count. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.replace(/^v/, "").split(".").map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [leastMajor = 0, leastMinor = 0] = numbers(than);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
