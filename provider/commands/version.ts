/** The version of this package. */
export function versionOfPackage(): string {
  const { version } = require("../../package.json") as { version: string };
  return version;
}
