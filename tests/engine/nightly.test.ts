/** The commands of examples/ci's nightly workflow, as they stand there. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { start } from "#process";
import { STACK_NAME } from "#stack";
import { openRealStage } from "../harness/stage/real.js";

const root = resolve(import.meta.dirname, "../..");
const workflow = join(root, "examples/ci/.github/workflows/nightly.yml");

it("reports drift and leaves it, rotates what is due, and writes what the audit found", async () => {
  const stage = await openRealStage(`
    const acme = new sftptogo.Credential("acme", { permission: "read-write" });
    new sftptogo.PasswordRotation("acme", { credentialId: acme.id, rotateAfterDays: 30 });
  `);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const { stack, emulator } = stage;
  const { jobs } = parse(await readFile(workflow, "utf8")) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  // As `npm ci` leaves it.
  const bin = join(stack.folder, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  const command = `#!/bin/sh\nexec node "${join(root, "dist/commands/main.js")}" "$@"\n`;
  await writeFile(join(bin, "pulumi-sftptogo"), command, { mode: 0o755 });

  async function job(name: string): Promise<number | null> {
    const run = jobs[name]?.steps.map((step) => step.run).findLast((each) => each !== undefined);
    const env = {
      ...stack.env,
      STACK: STACK_NAME,
      SFTPTOGO_API_KEY: emulator.apiKey,
      SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
      SFTPTOGO_BASE_URL: emulator.url,
    };
    const { code, all } = await start("bash", ["-e", "-c", run ?? "no such job"], { cwd: stack.folder, env })
      .result;
    expect(all.includes(stage.login().Password)).toBe(false);
    return code;
  }

  await stack.up();
  expect(await job("drift")).toBe(0);

  stage.login().Permission = "full";
  const password = stage.login().Password;
  stage.writes();
  expect(await job("drift")).not.toBe(0);
  expect(stage.writes()).toEqual([]);

  await stage.passTime(31 * 86_400_000);
  expect(await job("rotate")).toBe(0);
  expect(stage.login().Password === password).toBe(false);
  expect(stage.login().Permission).toBe("full");

  expect(await job("audit")).toBe(0);
  const sarif = JSON.parse(await readFile(join(stack.folder, "audit.sarif"), "utf8"));
  expect(sarif.runs[0].results.length).toBeGreaterThan(0);
});
