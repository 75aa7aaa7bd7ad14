import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { stub } from "./stub";

/** Whether the provider process finds this package, by the stub's own look-up, when it starts in this folder. */
export function canFindPackage(folder: string): boolean {
  try {
    const find = compileFunction(stub("Credential"), ["require"]);
    find.call({}, createRequire(join(folder, "index.js")));
    return true;
  } catch {
    return false;
  }
}

/** Where the program's package.json is: above its folder where that is `dist`, for example. */
export function packageFolder(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, "package.json"))) return above;
    if (above === dirname(above)) return folder;
  }
}
