import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { expectSupported } from "../../provider/protocol/versions";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
/** The ends of the ranges that package.json declares. */
const [, node = ""] = /^>=(\d+)$/.exec(manifest.engines.node) ?? [];
const [, sdk = ""] = /^>=(\d+\.\d+) <\d+$/.exec(manifest.peerDependencies["@pulumi/pulumi"]) ?? [];

test("what package.json declares is supported, and what is newer", () => {
  for (const version of [`${node}.0.0`, `${node}.20.1`, "30.0.0"]) expectSupported(version, `${sdk}.0`);
  for (const version of [`${sdk}.1`, "3.1000.0", "4.0.0"]) expectSupported(`${node}.0.0`, version);
});

test.each(["21.7.3", "20.19.0", "9.11.2"])("Node.js %s is too old", (version) => {
  const program = () => expectSupported(version, "3.270.0");
  expect(program).toThrow(
    `pulumi-sftptogo needs Node.js ${node} or newer, but this program runs on ${version}: put a newer \`node\` first on the PATH.`,
  );
  // The SDK prints such an error without its stack trace.
  expect(program).toThrow(pulumi.RunError);
});

test.each(["3.149.0", "3.99.0", "2.200.0"])("version %s of the SDK is too old", (version) => {
  const program = () => expectSupported("24.0.0", version);
  expect(program).toThrow(
    `pulumi-sftptogo needs @pulumi/pulumi ${sdk} or newer, but this program has ${version}: ` +
      "run `npm install @pulumi/pulumi@latest` (or the equivalent of your package manager).",
  );
  expect(program).toThrow(pulumi.RunError);
});
