/** The user's own lines on the real engine, where our constructors leave out the traces of the SDK's promises. */
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStack, type TestStack } from "#stack";

// Each `new` that a test looks for has a line of its own, below one that compiles to nothing.
const program = `import * as pulumi from "@pulumi/pulumi";
import { Credential } from "pulumi-sftptogo";
interface OnlyTypes {}
class Partner extends pulumi.ComponentResource {
  constructor(name: string) {
    super("shop:index:Partner", name);
    new Credential(name, {}, { parent: this });
  }
}
new Partner("inside");
new Credential("direct");
`;

let emulator: Emulator;
let stack: TestStack;
beforeEach(async () => {
  emulator = await startEmulator();
  stack = await createStack({
    program,
    // The SDK finds no line at the top of an ES module: its frame has no function's name.
    language: "commonjs",
    lean: false,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
});
afterEach(async () => {
  await stack?.dispose();
  await emulator?.close();
});

test("the state has the user's line, and the user's error in a transformation its trace", async () => {
  await stack.up();
  const { resources = [] } = await stack.exportState();
  const positions = Object.fromEntries(
    resources
      .filter(({ type }) => type.endsWith(":Credential"))
      .map(({ urn, sourcePosition }) => [urn.split("::").at(-1), sourcePosition]),
  );
  expect(positions).toEqual({ inside: "project:///index.ts#7,5", direct: "project:///index.ts#11,1" });

  await stack.writeProgram(`${program}
function refuse(): never { throw new Error("not this one"); }
new Credential("refused", {}, { transformations: [refuse] });
`);
  const { all } = await stack.up([], { fails: true });
  expect(all).toContain("Error: not this one");
  expect(all).toMatch(/at .*refuse .*index\.ts.*:13:/);
  expect(all).toMatch(/at .*index\.ts.*:14:1\b/);
});
