/** The examples that are more than one program and one stack, as their first lines say to run them. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { engineEnvironment, findEngine, WORK_FOLDER } from "#engine";
import { type CommandResult, start } from "#process";
import { createStack, LEAN } from "#stack";
import { openRealStage } from "../harness/stage/real.js";

const examples = resolve(import.meta.dirname, "../../examples");
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

it.each([
  ["its own folder", "index.ts"],
  ["another folder", "automation/index.ts"],
])(
  "automation, started from %s: makes a partner's stack from a program, and destroys it",
  async (_, file) => {
    const emulator = await emulatorForTest();
    const { folder, runFrom } = await copyOf("automation", {
      SFTPTOGO_BASE_URL: emulator.url,
      SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
      SFTPTOGO_API_KEY: emulator.apiKey,
    });
    let from = folder;
    if (file !== "index.ts") {
      // Outside the project, where nothing finds its packages.
      from = await mkdtemp(join(tmpdir(), "elsewhere-"));
      folders.push(from);
      await symlink(folder, join(from, "automation"));
    }
    const logins = () => [...emulator.data.credentials.values()].filter((each) => !each.IsDefault);

    const up = await runFrom(from, "node", file, "up", "acme");
    expect(up.code, up.all).toBe(0);
    expect(logins()).toHaveLength(1);
    expect(up.stdout).toContain(`acme logs in as ${logins()[0]?.UserName}\n`);
    expect(up.all.includes(logins()[0]?.Password ?? "")).toBe(false);

    const destroy = await runFrom(from, "node", file, "destroy", "acme");
    expect(destroy.code, destroy.all).toBe(0);
    expect(logins()).toEqual([]);
    for (const each of [folder, from]) expect(await readdir(each)).not.toContain("Pulumi.yaml");
  },
);

it("two-organizations: gives the partner a login in each", async () => {
  const [own, europe] = [await emulatorForTest(), await emulatorForTest()];
  await using stack = await createStack({
    program: { copyOf: join(examples, "two-organizations") },
    config: {
      "sftptogo:baseUrl": own.url,
      "sftptogo:organizationId": own.organizationId,
      "sftptogo:apiKey": { secret: own.apiKey },
      europeBaseUrl: europe.url,
      europeOrganizationId: europe.organizationId,
      europeApiKey: { secret: europe.apiKey },
    },
  });
  await stack.up();
  for (const { data } of [own, europe]) {
    expect(data.credentials.size).toBe(2);
    expect(data.sshPublicKeys.size).toBe(1);
  }
  await stack.expectNoChanges();
  await stack.destroy();
  for (const { data } of [own, europe]) expect([...data.credentials.values()]).toEqual([data.root]);
});

it("rotation: a new password when the trigger changes, and when one is old", async () => {
  const stage = await openRealStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const { stack, emulator } = stage;
  await stack.writeProgram(await readFile(join(examples, "rotation/index.ts"), "utf8"));
  await stack.up();
  // Which login is made first is chance.
  const passwordOf = (folder: string) =>
    [...emulator.data.credentials.values()].find((each) => each.HomeDirectory === folder)?.Password ?? "";
  const passwords = () => ({ acme: passwordOf("partners/acme"), globex: passwordOf("partners/globex") });
  const first = passwords();

  await stack.setConfig({ rotation: "2027-01" });
  await stack.up();
  const second = passwords();
  expect(second.acme === first.acme).toBe(false);
  expect(second.globex === first.globex).toBe(true);

  await stage.passTime(31 * 86_400_000);
  await stack.up();
  const third = passwords();
  expect(third.acme === second.acme).toBe(true);
  expect(third.globex === second.globex).toBe(false);
  const { acmeAddress, globexAddress } = await stack.outputs({ showSecrets: true });
  expect(String(acmeAddress).includes(encodeURIComponent(third.acme))).toBe(true);
  expect(String(globexAddress).includes(encodeURIComponent(third.globex))).toBe(true);
});

it("partners: a pull request's preview shows what opens, and the merge does that", async () => {
  const emulator = await emulatorForTest();
  await using stack = await createStack({
    program: { copyOf: join(examples, "partners") },
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
  const file = join(stack.folder, "partners.yaml");
  const lastDay = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  const before = (await readFile(file, "utf8")).replace(/expires: .*/, `expires: ${lastDay}`);
  const logins = () =>
    new Map(
      [...emulator.data.credentials.values()]
        .filter((each) => !each.IsDefault)
        .map((each) => [each.Alias, each]),
    );
  const writes = () => emulator.ledger.filter(({ method }) => method !== "GET").length;

  await writeFile(file, before);
  await stack.up();
  const acme = logins().get("Acme Ltd., invoices");
  expect(acme).toMatchObject({ Permission: "write-only", State: "active", HomeDirectory: "partners/acme" });
  expect(acme?.Settings.Network.InboundRules.map(({ Source }) => Source)).toEqual([
    "203.0.113.0/24",
    "2001:db8:42::/48",
  ]);
  expect(acme?.Expiration).toBe(Date.parse(`${lastDay}T23:59:59Z`));
  expect(emulator.data.sshPublicKeysOf(acme?.Id ?? "")).toHaveLength(1);
  expect(logins().get("Globex, price lists")).toMatchObject({
    HomeDirectory: "public/prices",
    Expiration: null,
  });

  // A pull request with a mistake.
  const added = "initech:\n  name: Initech, reports\n  permission: full\n  networks: [192.0.2.0/28]\n";
  const lineOfMistake = `${before}${added}`.split("\n").indexOf("  permission: full") + 1;
  await writeFile(file, `${before}${added.replace("full", "everything")}`);
  const refused = await stack.preview([], { fails: true });
  expect(refused.all).toContain(
    `partners.yaml:${lineOfMistake}: initech: permission must be equal to one of`,
  );
  expect(refused.all).not.toContain("    at ");

  // The same without it; and acme no longer ends.
  const written = writes();
  await writeFile(file, `${before.replace(/ *expires: .*\n/, "")}${added}`);
  const review = await stack.preview();
  expect(review.stdout).toMatch(/\+ 2 to create/);
  expect(review.stdout).toMatch(/source *: "192\.0\.2\.0\/28"/);
  expect(review.stdout).toMatch(/permission *: "full"/);
  expect(review.stdout).toMatch(/- expiration/);
  expect(writes()).toBe(written);

  await stack.up();
  expect(logins().get("Initech, reports")).toMatchObject({ Permission: "full", State: "active" });
  expect(logins().get("Acme Ltd., invoices")?.Expiration).toBeNull();
  await stack.expectNoChanges();
});

it("adopt: takes over an organization, from nothing to an empty preview", async () => {
  const { folder, run } = await copyOf("adopt");
  const before = await readdir(folder);
  const { code, all } = await run("node", "index.ts");
  expect(code, all).toBe(0);
  expect(all).toContain("Adopted 4 objects with 0 writes to the service.\n");
  expect(all).not.toContain("a-token-that-nobody-should-see");
  // Its own backend, and nothing in the one of whoever runs it.
  expect(await readdir(join(folder, "state"))).toEqual([]);

  const [node, ...withoutPulumi] = [process.execPath, "index.ts"];
  const failed = await run("env", "PATH=/nowhere", node, ...withoutPulumi);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("pulumi");
  expect(failed.stderr).not.toContain("    at ");
  expect((await readdir(folder)).filter((name) => !["home", ...before].includes(name))).toEqual([]);
});

it("testing: its own tests pass, and fail for a program that lets more in", async () => {
  const { folder, run } = await copyOf("testing");
  const good = await run("vitest", "run", "--root", folder);
  expect(good.code, good.all).toBe(0);

  await run("sed", "-i.before", "s/read-write/full/; s/203.0.113.0/0.0.0.0/; s,/24,/0,", "index.ts");
  const bad = await run("vitest", "run", "--root", folder);
  expect(bad.code).toBe(1);
  expect(bad.all).toContain("4 failed");
});

async function emulatorForTest() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  return emulator;
}

/** A copy of an example under this project's `node_modules`, with an engine and a backend of its own. */
async function copyOf(name: string, env: Readonly<Record<string, string>> = {}) {
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, `${name}-`));
  folders.push(folder);
  await cp(join(examples, name), folder, {
    recursive: true,
    filter: (source) => basename(source) !== "node_modules",
  });
  await mkdir(join(folder, "state"));
  const { binDir } = await findEngine();
  const environment = { ...engineEnvironment(binDir, folder), ...LEAN, ...env };
  function runFrom(cwd: string, command: string, ...args: string[]): Promise<CommandResult> {
    return start(command, args, { cwd, env: environment }).result;
  }
  const run = (command: string, ...args: string[]) => runFrom(folder, command, ...args);
  return { folder, run, runFrom };
}
