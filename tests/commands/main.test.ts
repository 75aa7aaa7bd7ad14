/** The command line as users run it: the built package's file, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { clientFromEnvironment } from "../../provider/commands/client";
import { readInventory } from "../../provider/commands/inventory/inventory";
import { startEmulator } from "../../provider/emulator";

const file = join(__dirname, "../../dist/commands/main.js");
if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" before the tests`);

describe("emulator", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "says how to point a stack at it, and ends on %s",
    async (signal) => {
      const cli = run("emulator", "--port", "0", "--organization-id", "org-1", "--api-key", "key-1");
      await cli.printed("Ctrl+C");
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(cli.stdout)?.[0];
      expect(cli.stdout).toContain(`pulumi config set sftptogo:baseUrl ${url}\n`);
      expect(cli.stdout).toContain("pulumi config set sftptogo:organizationId org-1\n");
      expect(cli.stdout).toContain("pulumi config set --secret sftptogo:apiKey key-1\n");
      const response = await fetch(`${url}/organizations/org-1/users`, {
        headers: { authorization: "Bearer key-1" },
      });
      expect(response.status).toBe(200);
      cli.process.kill(signal);
      expect(await cli.ended).toEqual({ code: 0, signal: null });
      expect(cli.stderr).toBe("");
    },
  );

  test("begins with a small organization by --demo, and its environment is a command's", async () => {
    const cli = run("emulator", "--port", "0", "--demo");
    await cli.printed("Ctrl+C");
    const environment = Object.fromEntries(
      [...cli.stdout.matchAll(/^ {2}export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
    );
    const { client } = clientFromEnvironment(environment);
    const { credentials, keys, webhooks, links } = await readInventory(client);
    expect(credentials.map(({ Alias }) => Alias).sort()).toEqual(["Acme Incoming", "Root"]);
    expect([keys.length, webhooks.length, links.length]).toEqual([1, 1, 1]);
    expect(cli.stdout).toContain(`  ${webhooks[0]?.Url}\n`);
  });

  test("ends with one clear line where the port is taken", async () => {
    const other = await startEmulator();
    onTestFinished(() => other.close());
    const port = new URL(other.url).port;
    const cli = run("emulator", "--port", port);
    expect(await cli.ended).toEqual({ code: 1, signal: null });
    expect(cli.stdout).toBe("");
    expect(cli.stderr).toBe(
      `pulumi-sftptogo: port ${port} of 127.0.0.1 is taken; choose another with \`--port <number>\`, or \`--port 0\` for any free one\n`,
    );
  });

  test.each([
    ["--port", "70000"],
    ["--port", "http"],
    ["--latency", "-1"],
  ])("refuses %s %s", async (flag, value) => {
    const cli = run("emulator", flag, value);
    expect((await cli.ended).code).toBe(1);
    expect(cli.stderr).toMatch(/must be a whole number from 0 to \d+/);
  });

  test("delays answers by --latency", async () => {
    const cli = run("emulator", "--port", "0", "--latency", "150");
    await cli.printed("Ctrl+C");
    const begin = performance.now();
    await fetch(/http:\/\/127\.0\.0\.1:\d+/.exec(cli.stdout)?.[0] ?? "");
    expect(performance.now() - begin).toBeGreaterThanOrEqual(140);
  });
});

test("the help names the command and its port", async () => {
  const cli = run("emulator", "--help");
  expect(await cli.ended).toEqual({ code: 0, signal: null });
  expect(cli.stdout).toMatch(/--port <number> .*4010/);
});

function run(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = {
    process: child,
    stdout: "",
    stderr: "",
    /** How the process ended, once all of its output is here. */
    ended: once(child, "close").then(([code, signal]: unknown[]) => ({ code, signal })),
    /** Waits for this text; fails if the process ends before it. */
    async printed(text: string): Promise<void> {
      while (!output.stdout.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without printing ${text}: ${output.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
  child.stdout?.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output.stderr += chunk;
  });
  return output;
}
