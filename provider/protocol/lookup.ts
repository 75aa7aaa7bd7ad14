import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/pulumi/version";
import { canFindPackage, packageFolder } from "./find";
import { expectSupported } from "./versions";

let isDone = false;

/**
 * Stops the program, with a sentence that says what to do, if something it runs on is too old, or if the provider
 * process will not find this package. The program itself may well find it: through a component package, in a layout
 * that hides it from the rest.
 *
 * Runs the stub's own look-up, from the folder that the provider process will start in, once in each process.
 * That folder is only known when Pulumi's language host runs the program. Unit tests with mocks, and inline
 * programs of the Automation API, are left alone.
 */
export function expectRunnable(): void {
  if (isDone) return;
  isDone = true;
  if (!isRunByPulumi()) return;
  expectSupported(process.versions.node, version);
  lookUp(process.cwd());
}

/** Looks the package up as the provider process does in this folder. */
export function lookUp(folder: string): void {
  if (canFindPackage(folder)) return;
  throw new pulumi.RunError(
    "Pulumi's provider process cannot find pulumi-sftptogo, because this program does not depend on it directly: " +
      `run \`npm install pulumi-sftptogo\` (or the equivalent of your package manager) in ${packageFolder(folder)}.`,
  );
}

/** By the end of the path only: not every package manager keeps a package in a folder of its name. */
function isRunByPulumi(): boolean {
  return /[\\/]cmd[\\/]run[\\/]index\.js$/.test(require.main?.filename ?? "");
}
