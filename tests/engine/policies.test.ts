/** The rules in preview, and the example's policy pack, on the real engine. */
import { cp, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { createStack, type TestStack } from "#stack";

const example = resolve(import.meta.dirname, "../../examples/policy");
const sdk = resolve(import.meta.dirname, "../../node_modules/@pulumi/pulumi");

const careless = `
import * as sftptogo from "pulumi-sftptogo";
new sftptogo.Credential("acme", { userName: "acme-incoming", homeDirectory: "/acme", permission: "read-write" });
new sftptogo.ShareLink("all", { path: "/", permission: "read-only", accessLimit: 5 });
`;
const careful = `
import * as sftptogo from "pulumi-sftptogo";
new sftptogo.Credential("acme", {
  userName: "acme-incoming", homeDirectory: "/acme", permission: "read-write", inboundRules: [{ source: "203.0.113.0/24" }],
});
`;

async function stackOf(program: string): Promise<TestStack> {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const stack = await createStack({
    program,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
  onTestFinished(() => stack.dispose());
  return stack;
}

it("warns in preview of what is grave, of each resource once, and of nothing else", async () => {
  const stack = await stackOf(careless);
  const { all } = await stack.preview();
  expect(all.match(/credential "acme": active login that may write, from everywhere/g)).toHaveLength(1);
  expect(all.match(/share link "all": link to \/ \(link-to-root\)/g)).toHaveLength(1);
  expect(all).not.toContain("login-without-expiry");

  await stack.writeProgram(careful);
  expect((await stack.preview()).all).not.toMatch(/warning/i);
});

it("the example's pack stops a preview, and lets a careful program through with its advice", async () => {
  const stack = await stackOf(careless);
  const pack = join(stack.folder, "policy");
  await cp(example, pack, { recursive: true, filter: (source) => basename(source) !== "node_modules" });
  // The language host that can be built from Go modules is too old to run packs. The engine starts an executable file
  // itself; this one does what the host of the official archive does.
  const launcher = join(pack, "launcher");
  await writeFile(launcher, `#!/bin/sh\ncd "${pack}" && exec node "${sdk}/cmd/run-policy-pack" "$1" .\n`, {
    mode: 0o755,
  });

  const stopped = await stack.preview(["--policy-pack", launcher], { fails: true });
  expect(stopped.all).toContain("sftptogo-login-open-to-the-world");
  expect(stopped.all).toContain("sftptogo-link-to-root");

  await stack.writeProgram(careful);
  const passed = await stack.preview(["--policy-pack", launcher]);
  expect(passed.all).toContain("sftptogo-login-without-expiry");
  expect(passed.all).not.toContain("sftptogo-login-open-to-the-world");
});
