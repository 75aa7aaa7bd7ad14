import * as pulumi from "@pulumi/pulumi";
import { isOlder, oldest } from "../values/versions";

/** Stops the program, with a sentence that says what to do, where Node.js or Pulumi's SDK is too old. */
export function expectSupported(node: string, sdk: string): void {
  if (isOlder(node, oldest.node)) {
    throw new pulumi.RunError(
      `pulumi-sftptogo needs Node.js 22 or newer, but this program runs on ${node}: put a newer \`node\` first on the PATH.`,
    );
  }
  if (isOlder(sdk, oldest.sdk)) {
    throw new pulumi.RunError(
      `pulumi-sftptogo needs @pulumi/pulumi ${oldest.sdk} or newer, but this program has ${sdk}: ` +
        "run `npm install @pulumi/pulumi@latest` (or the equivalent of your package manager).",
    );
  }
}
