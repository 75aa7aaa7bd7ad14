/**
 * `pulumi-sftptogo doctor` as users run it: the built command in a process of its own, in a program's folder, with the
 * emulator and a stand-in for Pulumi's command. tests/engine/doctor.test.ts asks the real one.
 */
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../../provider/emulator";
import { guide, root } from "../../docs/pages";

const file = join(root, "dist/commands/main.js");

/** What Pulumi's stand-in prints: to stdout, or with an exit code of 1 to stderr. */
interface Pulumi {
  readonly version?: string;
  readonly stack?: string;
  readonly config?: Readonly<Record<string, string | { readonly secret: string }>>;
  readonly failure?: string;
  /** `false`, or what it says: it fails where it is asked to decrypt a value. */
  readonly get?: false | string;
}

const pulumiScript = `#!/usr/bin/env node
const { version, stack, config, failure, get } = require("./pulumi.json");
const [command, what, key] = process.argv.slice(2);
if (command === "version") console.log(version);
else if (failure?.startsWith("{")) console.log(failure);
else if (failure) { console.error(failure); process.exitCode = 1; }
else if (command === "stack") console.log(stack);
else if (what === "get" && get !== undefined) { console.error(get || ""); process.exitCode = 1; }
else if (what === "get") console.log(config[key].secret);
else console.log(JSON.stringify(Object.fromEntries(Object.entries(config).map(([key, value]) =>
  [key, typeof value === "string" ? { value, secret: false } : { secret: true }]))));
`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The checks, by their names. */
  readonly checks: Readonly<
    Record<string, { readonly status: string; readonly found: string; readonly remediation?: string }>
  >;
}

/** A program in which nothing is wrong, and the command. */
async function program(options?: EmulatorOptions) {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-sftptogo-doctor-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  const link = (path: string, target: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  };
  write("Pulumi.yaml", "name: partners\nruntime: nodejs\n");
  write("package.json", { dependencies: { "pulumi-sftptogo": "*", "@pulumi/pulumi": "*" } });
  link("node_modules/pulumi-sftptogo", root);
  link("node_modules/@pulumi/pulumi", join(root, "node_modules/@pulumi/pulumi"));
  link("node/node", process.execPath);
  const settings = {
    "sftptogo:apiKey": { secret: emulator.apiKey },
    "sftptogo:organizationId": emulator.organizationId,
    "sftptogo:baseUrl": emulator.url,
  };
  const pulumi = (answers: Pulumi) => {
    write("bin/pulumi", pulumiScript);
    chmodSync(join(folder, "bin/pulumi"), 0o755);
    write("bin/pulumi.json", { version: "v3.250.0", stack: "dev", config: settings, ...answers });
  };
  pulumi({});
  const path = [join(folder, "bin"), join(folder, "node"), "/usr/bin", "/bin"].join(":");
  const start = (
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    cwd = ".",
  ): Promise<Omit<Run, "checks">> =>
    new Promise((resolve) => {
      const options = { cwd: join(folder, cwd), env: { PATH: path, HOME: folder, ...env } };
      execFile(process.execPath, [file, "doctor", ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  return {
    emulator,
    folder,
    settings,
    write,
    link,
    pulumi,
    start,
    async run(env?: NodeJS.ProcessEnv, cwd?: string): Promise<Run> {
      const result = await start(["--json"], env, cwd);
      const checks = Object.fromEntries(
        JSON.parse(result.stdout).checks.map(({ name, ...check }: { name: string }) => [name, check]),
      );
      return { ...result, checks };
    },
  };
}

const inEnvironment = (emulator: { apiKey: string; organizationId: string; url: string }) => ({
  SFTPTOGO_API_KEY: emulator.apiKey,
  SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
  SFTPTOGO_BASE_URL: emulator.url,
});

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const printed = await new Promise((resolve) =>
    execFile(process.execPath, [file, "--version"], (_, stdout) => resolve(stdout)),
  );
  expect(printed).toBe(`${version}\n`);
});

describe("where all is well", () => {
  test("it says what the program runs on and where each setting comes from, and ends with 0", async () => {
    const { run, emulator } = await program();
    const { code, stderr, checks } = await run();
    expect([code, stderr]).toEqual([0, ""]);
    expect(Object.values(checks).filter(({ status }) => status !== "ok")).toEqual([]);
    expect(checks).toMatchObject({
      node: { found: process.version },
      engine: { found: "v3.250.0" },
      package: { found: expect.stringContaining(` in ${root}`) },
      stack: { found: "dev" },
      apiKey: { found: "set, from stack dev" },
      access: { found: "the key reaches the organization" },
      organizationId: { found: `${emulator.organizationId}, from stack dev` },
      baseUrl: { found: `${emulator.url}, from stack dev` },
      proxy: { found: "none" },
    });
    expect(emulator.ledger.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("the table says the same, a line each", async () => {
    const { start, run } = await program();
    const { checks } = await run();
    const { code, stdout } = await start([]);
    expect(code).toBe(0);
    const lines = stdout.split("\n").map((line) => line.replace(/ +/g, " "));
    for (const [name, { found }] of Object.entries(checks)) expect(lines).toContain(`ok ${name} ${found}`);
  });

  test("the environment's key wins, and its other settings fill in", async () => {
    const { run, pulumi, emulator } = await program();
    pulumi({ config: { "sftptogo:apiKey": { secret: "another" }, "sftptogo:maxRetries": "5" }, get: false });
    const { code, checks } = await run(inEnvironment(emulator));
    expect(code).toBe(0);
    expect(checks).toMatchObject({
      apiKey: { found: "set, from SFTPTOGO_API_KEY" },
      organizationId: { found: `${emulator.organizationId}, from SFTPTOGO_ORGANIZATION_ID` },
      maxRetries: { found: "5, from stack dev" },
    });
  });

  test("a program that `main` names is looked at where it lies", async () => {
    const { run, write, folder } = await program();
    write("Pulumi.yaml", `name: partners\nruntime: nodejs\nmain: "infra/index.ts" # the program\n`);
    write("infra/index.ts", "");
    write("deep/er/file", "");
    const { stdout, checks } = await run({}, "deep/er");
    expect(JSON.parse(stdout).program).toBe(join(folder, "infra"));
    expect(checks["look-up"]?.status).toBe("ok");
  });
});

test("the guide shows what it prints where the key is refused", async () => {
  const { start } = await program();
  const { stdout } = await start([], { SFTPTOGO_API_KEY: "wrong-key" });
  const shown = guide("doctor").blocks.find(({ text }) => text.includes("FAIL"))?.text ?? "";
  // What a line found differs from one machine to the next; what to do about it does not.
  const lines = (text: string) =>
    text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => /^\S+ +\S+|^ .*|^$/.exec(line)?.[0]);
  expect(lines(stdout)).toEqual(lines(shown));
});

test("where whatever reads it has stopped, it ends with 2 and without a stack trace", async () => {
  const { folder } = await program();
  const script = 'set -o pipefail; "$0" "$1" doctor | true';
  const ended = await new Promise((resolve) =>
    execFile("bash", ["-c", script, process.execPath, file], { cwd: folder }, (error, _, stderr) =>
      resolve([error?.code, stderr]),
    ),
  );
  expect(ended).toEqual([2, ""]);
});

test.each([
  ["Pulumi.yaml", `"main" : 'infra'\nname: partners\n`],
  ["Pulumi.yaml", JSON.stringify({ name: "partners", main: "infra" })],
  ["Pulumi.yml", "name: partners\r\nmain: infra\r\n"],
  ["Pulumi.json", JSON.stringify({ name: "partners", main: "infra/index.ts" }, undefined, 2)],
])("finds the program by `main` in %s: %j", async (name, text) => {
  const { run, write, folder } = await program();
  rmSync(join(folder, "Pulumi.yaml"));
  write(name, text);
  write("infra/index.ts", "");
  expect(JSON.parse((await run()).stdout).program).toBe(join(folder, "infra"));
});

type World = Awaited<ReturnType<typeof program>>;

/** What makes one check fail, and what then is said to do. */
const faults: Readonly<
  Record<
    string,
    {
      readonly change?: (world: World) => void;
      readonly env?: (world: World) => NodeJS.ProcessEnv;
      readonly check: string;
      readonly found: RegExp;
      readonly remediation: RegExp;
      readonly code?: number;
    }
  >
> = {
  "a wrong key": {
    env: () => ({ SFTPTOGO_API_KEY: "wrong-key" }),
    check: "access",
    found: /^none \(HTTP 401\)$/,
    remediation: /key/,
  },
  "another organization": {
    change: ({ pulumi, settings }) =>
      pulumi({ config: { ...settings, "sftptogo:organizationId": "another" } }),
    check: "access",
    found: /^none \(HTTP 404\)$/,
    remediation: /organization/,
  },
  "a host out of reach": {
    change: ({ pulumi, settings }) =>
      pulumi({ config: { ...settings, "sftptogo:baseUrl": "http://127.0.0.1:1" } }),
    check: "access",
    found: /^none$/,
    remediation: /ECONNREFUSED.*check the network/,
  },
  "a service that is down": {
    change: ({ emulator }) => emulator.addFault({ name: "status", status: 503 }),
    check: "access",
    found: /^none \(HTTP 503\)$/,
    remediation: /again/,
    code: 2,
  },
  "no key": {
    change: ({ pulumi, settings: { "sftptogo:apiKey": _, ...config } }) => pulumi({ config }),
    check: "apiKey",
    found: /^not set$/,
    remediation: /pulumi config set --secret sftptogo:apiKey/,
  },
  "a key in plain text": {
    change: ({ pulumi, settings, emulator }) =>
      pulumi({ config: { ...settings, "sftptogo:apiKey": emulator.apiKey } }),
    check: "apiKey",
    found: /in plain text in stack dev/,
    remediation: /--secret/,
  },
  ...Object.fromEntries(
    ["key ", " key", "key\n"].map((apiKey) => [
      `${JSON.stringify(apiKey)} as the stack's key`,
      {
        change: ({ pulumi, settings }: World) =>
          pulumi({ config: { ...settings, "sftptogo:apiKey": { secret: apiKey } } }),
        check: "settings",
        found: /wrong/,
        remediation: /^sftptogo:apiKey must/,
      },
    ]),
  ),
  "a wrong passphrase, and the key in the environment": {
    change: ({ pulumi }) => pulumi({ get: "error: incorrect passphrase" }),
    env: ({ emulator }) => ({ SFTPTOGO_API_KEY: emulator.apiKey }),
    check: "stack",
    found: /^dev, and its secrets do not open: the passphrase that is set is not this stack's$/,
    remediation: /PULUMI_CONFIG_PASSPHRASE/,
  },
  "no passphrase, and the key in the environment": {
    change: ({ pulumi }) => pulumi({ get: "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE" }),
    env: ({ emulator }) => ({ SFTPTOGO_API_KEY: emulator.apiKey }),
    check: "stack",
    found: /^dev, and its secrets do not open: .* need their passphrase$/,
    remediation: /PULUMI_CONFIG_PASSPHRASE/,
  },
  "a setting that is misspelt": {
    change: ({ pulumi, settings }) => pulumi({ config: { ...settings, "sftptogo:maxRetrys": "3" } }),
    check: "sftptogo:maxRetrys",
    found: /^no setting of pulumi-sftptogo$/,
    remediation: /^set sftptogo:maxRetries if that is meant/,
    code: 0,
  },
  "a setting that is none": {
    change: ({ pulumi, settings }) => pulumi({ config: { ...settings, "sftptogo:region": "eu" } }),
    check: "sftptogo:region",
    found: /^no setting of pulumi-sftptogo$/,
    remediation: /^remove it$/,
    code: 0,
  },
  "an organization without its namespace": {
    change: ({ pulumi, settings: { "sftptogo:organizationId": id, ...settings } }) =>
      pulumi({ config: { ...settings, "partners:organizationId": id } }),
    check: "partners:organizationId",
    found: /^no setting of pulumi-sftptogo$/,
    remediation: /^set sftptogo:organizationId if that is meant/,
  },
  "a key that does not open": {
    change: ({ pulumi }) => pulumi({ get: false }),
    check: "apiKey",
    found: /^set, from stack dev, and not read$/,
    remediation: /run `pulumi config get sftptogo:apiKey/,
    code: 2,
  },
  "an address that does not open, and the key in the environment": {
    change: ({ pulumi, settings, emulator }) =>
      pulumi({ config: { ...settings, "sftptogo:baseUrl": { secret: emulator.url } }, get: false }),
    env: ({ emulator }) => ({ SFTPTOGO_API_KEY: emulator.apiKey }),
    check: "settings",
    found: /^not all of them can be read$/,
    remediation: /run `pulumi config get sftptogo:/,
    code: 2,
  },
  "a contradicting environment": {
    env: () => ({ SFTPTOGO_ORGANIZATION_ID: "another" }),
    check: "settings",
    found: /wrong/,
    remediation: /SFTPTOGO_ORGANIZATION_ID contradicts/,
  },
  "a proxy that is not a URL": {
    change: ({ pulumi, settings }) =>
      pulumi({ config: { ...settings, "sftptogo:baseUrl": "https://api.invalid" } }),
    env: () => ({ HTTPS_PROXY: "http://[" }),
    check: "proxy",
    found: /^not usable; set: HTTPS_PROXY$/,
    remediation: /check HTTPS_PROXY/,
  },
  "no pulumi": {
    change: ({ folder }) => rmSync(join(folder, "bin"), { recursive: true }),
    check: "engine",
    found: /no `pulumi` on the PATH/,
    remediation: /install/,
  },
  "no node": {
    env: ({ folder }) => ({ PATH: join(folder, "bin") }),
    check: "node",
    found: /no `node` on the PATH/,
    remediation: /install Node 22/,
  },
  "a node that fails": {
    change: ({ folder, write }) => {
      rmSync(join(folder, "node/node"));
      write("node/node", "#!/bin/sh\nexit 126\n");
      chmodSync(join(folder, "node/node"), 0o755);
    },
    check: "node",
    found: /^`node --version` failed$/,
    remediation: /install Node 22/,
  },
  "a linked package that lacks the SDK": {
    change: ({ folder, write, link }) => {
      rmSync(join(folder, "node_modules/pulumi-sftptogo"));
      write("elsewhere/node_modules/pulumi-sftptogo/package.json", { version: "0.1.0" });
      link("node_modules/pulumi-sftptogo", join(folder, "elsewhere/node_modules/pulumi-sftptogo"));
      // So that nothing above it has one.
      rmSync(join(folder, "node_modules/@pulumi"), { recursive: true });
      write("infra/node_modules/@pulumi/pulumi/package.json", { version: "3.270.0" });
      write("Pulumi.yaml", "main: infra\n");
    },
    check: "SDK",
    found: /^3\.270\.0, but @pulumi\/pulumi is not found from .*elsewhere/,
    remediation: /npm install/,
  },
  "an old engine": {
    change: ({ pulumi }) => pulumi({ version: "v3.99.0" }),
    check: "engine",
    found: /^v3\.99\.0: older than 3\.150$/,
    remediation: /install a newer one/,
  },
  "an SDK that is too old": {
    change: ({ folder, write }) => {
      rmSync(join(folder, "node_modules/@pulumi/pulumi"));
      write("node_modules/@pulumi/pulumi/package.json", { version: "3.149.2" });
    },
    check: "SDK",
    found: /^3\.149\.2: not in the range >=3\.150 <4$/,
    remediation: /npm install @pulumi\/pulumi/,
  },
  "no SDK": {
    change: ({ folder }) => rmSync(join(folder, "node_modules/@pulumi/pulumi")),
    check: "SDK",
    found: /not found/,
    remediation: /^run `npm install` /,
  },
  "no SDK, and none in package.json": {
    change: ({ folder, write }) => {
      rmSync(join(folder, "node_modules/@pulumi/pulumi"));
      write("package.json", { dependencies: { "pulumi-sftptogo": "*" } });
    },
    check: "SDK",
    found: /not found/,
    remediation: /^run `npm install @pulumi\/pulumi@\^3\.150` /,
  },
  "a program without the package": {
    change: ({ folder, write }) => {
      rmSync(join(folder, "node_modules/pulumi-sftptogo"));
      write("package.json", { dependencies: {} });
    },
    check: "look-up",
    found: /does not find/,
    remediation: /npm install pulumi-sftptogo/,
  },
};

describe("with", () => {
  test.each(Object.entries(faults))("%s, it says so and what to do", async (_, fault) => {
    const world = await program();
    fault.change?.(world);
    const { code, checks, stdout, stderr } = await world.run(fault.env?.(world));
    expect(checks[fault.check]?.found, stdout).toMatch(fault.found);
    expect(checks[fault.check]?.remediation).toMatch(fault.remediation);
    expect([code, stderr]).toEqual([fault.code ?? 1, ""]);
    for (const { status, remediation } of Object.values(checks))
      expect(remediation !== undefined).toBe(status !== "ok");
  });

  test.each([
    [-3_600_000, "ahead of"],
    [3_600_000, "behind"],
  ])("a clock that is off by %i ms, it says so", async (off, word) => {
    const { run } = await program({ now: () => Date.now() + off });
    const { code, checks } = await run();
    expect(code).toBe(1);
    expect(checks.clock?.found).toMatch(new RegExp(`^(3599|3600|3601) s ${word} the service's$`));
    expect(checks.clock?.remediation).toContain("clock");
  });

  test("a folder of no program, it says that first, and nothing of what is installed or set there", async () => {
    const { folder, run, pulumi, start } = await program();
    rmSync(join(folder, "Pulumi.yaml"));
    rmSync(join(folder, "node_modules"), { recursive: true });
    pulumi({ failure: "error: no Pulumi.yaml project file found" });
    const { code, checks, stdout } = await run();
    expect(code).toBe(1);
    const problems = Object.entries(checks).filter(([, { status }]) => status === "problem");
    expect(problems.map(([name]) => name)).toEqual(["program"]);
    expect(checks.program?.remediation).toBe("run this in the program's folder");
    expect(checks.apiKey?.found).toMatch(/^not known/);
    expect(stdout).not.toContain("npm install");
    expect(JSON.parse(stdout).program).toBeNull();
    expect((await start([])).stdout).toMatch(/^pulumi-sftptogo [\d.]+\n/);
  });

  test("a clock that is off and a key that is refused, it says both", async () => {
    const { run } = await program({ now: () => Date.now() + 3_600_000 });
    const { checks } = await run({ SFTPTOGO_API_KEY: "wrong-key" });
    expect([checks.access?.status, checks.clock?.status]).toEqual(["problem", "problem"]);
  });

  test("an engine that is older than the tested ones, it warns and ends with 0", async () => {
    const { run, pulumi } = await program();
    pulumi({ version: "v3.200.0" });
    const { code, checks } = await run();
    expect([code, checks.engine?.status]).toEqual([0, "warning"]);
  });

  test("a second copy that a dependency brings, it names both", async () => {
    const { run, write } = await program();
    write("package.json", { dependencies: { "pulumi-sftptogo": "*", "@acme/partner": "*" } });
    write("node_modules/@acme/partner/index.js", "");
    write("node_modules/@acme/partner/package.json", { version: "1.0.0" });
    write("node_modules/@acme/partner/node_modules/pulumi-sftptogo/package.json", { version: "0.0.9" });
    const { code, checks } = await run();
    expect(code).toBe(0);
    expect(checks.package).toMatchObject({
      status: "warning",
      remediation: expect.stringContaining("npm dedupe"),
    });
    expect(checks.package?.found).toMatch(/^2 copies: .* in .*, 0\.0\.9 in .*@acme\/partner/);
  });

  test("another copy of the command than the program's, it names both", async () => {
    const { run, write, folder } = await program();
    for (const name of ["pulumi-sftptogo", "@pulumi/pulumi"]) rmSync(join(folder, "node_modules", name));
    write("node_modules/pulumi-sftptogo/package.json", { version: "0.0.9" });
    write("node_modules/@pulumi/pulumi/package.json", { version: "3.270.0" });
    const { checks } = await run();
    expect(checks.package?.found).toBe(`0.0.9 in ${join(folder, "node_modules/pulumi-sftptogo")}`);
    expect(checks.command?.status).toBe("warning");
  });

  test.each([
    [
      "error: no stack selected; please use `pulumi stack select`",
      "no stack is selected",
      "pulumi stack select",
    ],
    ["error: no Pulumi.yaml project file found", "there is no Pulumi.yaml", "program's folder"],
    ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "passphrase", "PULUMI_CONFIG_PASSPHRASE"],
    ["error: something else", "failed", "to see why"],
  ])(
    "a stack that cannot be read (%s), the environment suffices, and without it the answer is 2",
    async (failure, found, remediation) => {
      const { run, pulumi, emulator } = await program();
      pulumi({ failure });
      const complete = await run(inEnvironment(emulator));
      expect(complete.code).toBe(0);
      expect(complete.checks.stack?.found).toContain(found);
      expect(complete.checks.stack?.remediation).toContain(remediation);
      expect((await run()).code).toBe(2);
    },
  );
});

describe("secrets", () => {
  const secrets = {
    key: "sk-K3y0fTheS3rvice",
    other: "0therK3yOfTheStack",
    proxy: "pr0xyPassw0rd!",
    npm: "npm_T0kenOfTheRegistry",
    token: "pat-T0ken0fTheCl0ud",
    phrase: "correct-h0rse-battery",
    backend: "b4ckendPassw0rd",
    url: "urlPassw0rd77",
    header: "h3aderOfTheSh0p",
  };
  const environment = {
    SFTPTOGO_API_KEY: secrets.key,
    HTTPS_PROXY: `http://proxyuser:${encodeURIComponent(secrets.proxy)}@127.0.0.1:1`,
    NPM_TOKEN: secrets.npm,
    PULUMI_ACCESS_TOKEN: secrets.token,
    PULUMI_CONFIG_PASSPHRASE: secrets.phrase,
    PULUMI_BACKEND_URL: `postgres://pulumi:${secrets.backend}@db/pulumi`,
  };
  const echo = `error: could not open ${environment.PULUMI_BACKEND_URL}: ${secrets.token}`;
  const organizationId = "120ffd28-5c1e-4b5e-9d4c-0f7e8e5c2b11";
  const other = { secret: secrets.other };
  const places: Readonly<Record<string, { readonly env?: NodeJS.ProcessEnv; readonly pulumi?: Pulumi }>> = {
    "the environment, a proxy, .npmrc": {},
    "Pulumi's own words": { pulumi: { failure: echo } },
    "what is not JSON": { pulumi: { failure: `{ ${echo}` } },
    "`pulumi version`": { pulumi: { version: echo } },
    "the stack": {
      pulumi: { config: { "sftptogo:apiKey": other, "shop:password": { secret: secrets.header } } },
    },
    "a plain key": { pulumi: { config: { "sftptogo:apiKey": secrets.other } } },
    "every setting of the stack": {
      pulumi: {
        config: Object.fromEntries(
          ["organizationId", "baseUrl", "maxRetries", "preflight", "warnBeforeDays"].map((name) => [
            `sftptogo:${name}`,
            name === "baseUrl" ? `https://u:${secrets.url}@api.invalid/?k=${secrets.url}` : other,
          ]),
        ),
      },
    },
    "a secret address": {
      pulumi: {
        config: { "sftptogo:baseUrl": { secret: `https://${secrets.url}.invalid/${secrets.header}/` } },
      },
    },
    "a proxy's line": {
      pulumi: {
        config: {
          "sftptogo:organizationId": organizationId,
          "sftptogo:baseUrl": { secret: `https://${secrets.url}.invalid` },
        },
      },
      env: { NO_PROXY: "*" },
    },
    "a message that quotes it": {
      env: { SFTPTOGO_API_KEY: `"${secrets.key}\\${secrets.other}` },
      pulumi: {
        config: {
          "sftptogo:organizationId": organizationId,
          "sftptogo:maxRetries": `"${secrets.key}\\${secrets.other}`,
        },
      },
    },
    "the key in place of the organization": { env: { SFTPTOGO_ORGANIZATION_ID: secrets.key } },
    "the key and the organization exchanged": {
      env: { SFTPTOGO_ORGANIZATION_ID: secrets.other, SFTPTOGO_API_KEY: organizationId },
    },
    "a base URL in the environment": {
      env: {
        SFTPTOGO_BASE_URL: `https://user:${secrets.url}@api.invalid`,
        SFTPTOGO_ORGANIZATION_ID: organizationId,
      },
    },
    "a base URL that is none": {
      env: { SFTPTOGO_BASE_URL: secrets.url, SFTPTOGO_ORGANIZATION_ID: organizationId },
    },
    "a proxy that is refused": {
      env: {
        HTTPS_PROXY: `socks5://proxyuser:${secrets.proxy}@127.0.0.1:1`,
        SFTPTOGO_ORGANIZATION_ID: organizationId,
      },
    },
  };

  test.each(Object.entries(places))(
    "in %s are not printed, nor any part of them",
    async (_, { env, pulumi = {} }) => {
      const world = await program();
      world.pulumi({
        config: { "sftptogo:organizationId": organizationId, "sftptogo:baseUrl": "https://api.invalid" },
        ...pulumi,
      });
      for (const folder of ["", "infra/"])
        world.write(`${folder}.npmrc`, `//registry.invalid/:_authToken=${secrets.npm}\n`);
      const runs = await Promise.all(
        [[], ["--json"]].map((args) => world.start(args, { ...environment, ...env })),
      );
      for (const { stdout, stderr } of runs) {
        expect(stdout).toContain("SDK");
        const printed = (stdout + stderr).toLowerCase();
        for (const secret of [...Object.values(secrets), "proxyuser"]) {
          for (let at = 0; at + 6 <= secret.length; at++) {
            expect(printed).not.toContain(secret.slice(at, at + 6).toLowerCase());
          }
        }
      }
    },
  );

  test("that are short words leave the other lines whole", async () => {
    const { run, pulumi, settings } = await program();
    pulumi({ config: { ...settings, "sftptogo:maxRetries": { secret: "3" }, "sftptogo:preflight": "no" } });
    const { checks } = await run();
    expect(checks).toMatchObject({
      engine: { found: "v3.250.0" },
      proxy: { found: "none" },
      settings: { remediation: `sftptogo:preflight is "<not shown>": give true or false` },
      maxRetries: { found: "<not shown>, from stack dev" },
      preflight: { found: "<not shown>, from stack dev" },
    });
  });
});
