/** `pulumi-sftptogo audit` as users run it: the built command in a process of its own, against an emulator. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { describe, expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../../provider/emulator";

const file = join(__dirname, "../../../dist/commands/main.js");
const isValidSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  createRequire(__filename)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
);

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An organization in which nothing is wrong, and the command. */
async function organization() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const { data } = emulator;
  // Root: read-only is not what it is for, but nothing else makes it fine for every rule.
  Object.assign(data.root, { State: "inactive" });
  data.root.Settings.Network.InboundRules[0] = { ...data.defaultInboundRule, Source: "203.0.113.0/24" };
  const folder = mkdtempSync(join(tmpdir(), "pulumi-sftptogo-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const environment = {
    ...process.env,
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  };
  return {
    emulator,
    data,
    write(name: string, content: unknown) {
      const path = join(folder, name);
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    run: (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
      new Promise((resolve) => {
        const options = { env: { ...environment, ...env } };
        execFile(process.execPath, [file, "audit", ...args], options, (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
        });
      }),
  };
}

const paused = { Url: "https://hooks.example.com/", Topics: ["file.created"], State: "paused", Alias: "ops" };
const oldLink = { Path: "/acme/", Permission: "read-only", CreatedAt: Date.now() - 100 * 86_400_000 };
const muting = { rule: "webhook-paused", owner: "Ada", reason: "Moves in May.", until: "2999-01-31" };

describe("the exit code", () => {
  test("is 0 where nothing is found, 1 where something is", async () => {
    const { run, data } = await organization();
    // A login without a key is all that is left to say of it.
    expect((await run(["--fail-on", "medium"])).code).toBe(0);
    expect((await run()).code).toBe(1);
    data.addWebhook(paused);
    const { code, stdout, stderr } = await run(["--fail-on", "high"]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^high +webhook-paused +webhook +ops \(/m);
  });

  test("counts findings of the given severity and graver ones", async () => {
    const { run, data } = await organization();
    data.addShareLink(oldLink);
    const codes = await Promise.all(["high", "medium", "low"].map((each) => run(["--fail-on", each])));
    expect(codes.map(({ code }) => code)).toEqual([0, 1, 1]);
  });

  test("is 2 where it could not look, with one line on stderr and nothing on stdout", async () => {
    const { run, emulator, write } = await organization();
    const cases: [string[], NodeJS.ProcessEnv?][] = [
      [[], { SFTPTOGO_API_KEY: "wrong" }],
      [[], { SFTPTOGO_API_KEY: "" }],
      [[], { SFTPTOGO_BASE_URL: "http://127.0.0.1:1" }],
      [["--baseline", "/nowhere/baseline.json"]],
      [["--baseline", write("broken.json", "{")]],
      [["--stack-export", "/nowhere/stack.json"]],
      [["--stack-export", write("other.json", {})]],
      [["--fail-on", "grave"]],
      [["--json", "--sarif"]],
      [["--bogus"]],
    ];
    for (const [args, env] of cases) {
      const { code, stdout, stderr } = await run(args, env);
      expect([code, stdout], `${args} ${stderr}`).toEqual([2, ""]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).not.toContain(emulator.apiKey);
    }
    emulator.addFault({ name: "reset", operation: "listWebhooks", times: 20 });
    expect((await run([], {})).code).toBe(2);
  });

  test("of --help is 0", async () => {
    const { run } = await organization();
    expect((await run(["--help"])).code).toBe(0);
  });
});

describe("the baseline", () => {
  test("mutes a finding until its day, and it stays in JSON and SARIF as muted", async () => {
    const { run, data, write } = await organization();
    const { Id } = data.addWebhook(paused);
    const baseline = write("baseline.json", { muted: [{ ...muting, object: Id }] });
    const args = ["--baseline", baseline, "--fail-on", "high"];
    const table = await run(args);
    expect(table.code).toBe(0);
    expect(table.stdout).toContain("0 high, 0 medium, 1 low, 1 muted");
    expect(table.stdout).not.toContain("webhook-paused");

    const { findings } = JSON.parse((await run([...args, "--json"])).stdout);
    const muted = findings.filter((each: { rule: string }) => each.rule === "webhook-paused");
    expect(muted).toMatchObject([{ severity: "high", object: { id: Id }, muted: { ...muting, object: Id } }]);

    const sarif = JSON.parse((await run([...args, "--sarif"])).stdout);
    const [result] = sarif.runs[0].results.filter(
      (each: { ruleId: string }) => each.ruleId === "webhook-paused",
    );
    expect(result.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "Moves in May. (Ada, until 2999-01-31)" },
    ]);
  });

  test("no longer mutes after its day, and says whose entry it was; an entry that matches nothing may go", async () => {
    const { run, data, write } = await organization();
    const { Id } = data.addWebhook(paused);
    const muted = [
      { ...muting, object: Id, until: "2026-01-31" },
      { ...muting, object: "of-old" },
    ];
    const { code, stdout } = await run(["--baseline", write("b.json", { muted }), "--fail-on", "high"]);
    expect(code).toBe(1);
    expect(stdout).toContain("muted until 2026-01-31 by Ada");
    expect(stdout).toContain("- webhook-paused of of-old (Ada)");
  });

  test.each(["owner", "reason", "until", "rule", "object"])("fails where an entry has no %s", async (key) => {
    const { run, write } = await organization();
    for (const value of [undefined, "", "   "]) {
      const entry = { ...muting, object: "x", [key]: value };
      const { code, stderr } = await run(["--baseline", write("b.json", { muted: [entry] })]);
      expect(code).toBe(2);
      expect(stderr).toContain(`muted[0].${key}`);
    }
  });

  test.each([
    { ...muting, object: "x", until: "soon" },
    { ...muting, object: "x", until: "2026-02-30" },
    { ...muting, object: "x", rule: "webhook-pausd" },
    { ...muting, object: "x", note: "?" },
  ])("fails for %o", async (entry) => {
    const { run, write } = await organization();
    expect((await run(["--baseline", write("b.json", { muted: [entry] })])).code).toBe(2);
  });
});

describe("SARIF", () => {
  test("is valid, with a line where the stack's export has one, and what is unknown as notifications", async () => {
    const { run, data, write } = await organization();
    const hook = data.addWebhook({ ...paused, Alias: '\u001b[31m"ops"' });
    data.addShareLink(oldLink);
    const type = "pulumi-nodejs:dynamic/sftptogo:Webhook";
    const resources = [
      {
        urn: `urn:pulumi:dev::shop::${type}::ops`,
        type,
        id: hook.Id,
        sourcePosition: "project:///src/index.ts#12,3",
      },
    ];
    const { stdout } = await run([
      "--sarif",
      "--stack-export",
      write("stack.json", { deployment: { resources } }),
    ]);
    const sarif = JSON.parse(stdout);
    expect(isValidSarif(sarif), JSON.stringify(isValidSarif.errors)).toBe(true);
    const [{ results, tool, invocations }] = sarif.runs;
    const [result] = results.filter(({ ruleId }: { ruleId: string }) => ruleId === "webhook-paused");
    expect(result).toMatchObject({
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/index.ts" },
            region: { startLine: 12, startColumn: 3 },
          },
          logicalLocations: [{ fullyQualifiedName: `Webhook/${hook.Id}` }],
        },
      ],
      suppressions: [],
    });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    const unknown = invocations[0].toolExecutionNotifications.map(
      (each: { message: { text: string } }) => each.message.text,
    );
    expect(unknown.join()).toMatch(/when a login was last used.*whether a share link has a password/);
    // The other objects are in no stack.
    expect(results.filter(({ ruleId }: { ruleId: string }) => ruleId === "not-managed")).toHaveLength(2);
  });

  test("a broken one would not be", () => {
    expect(isValidSarif({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });
});

test("several stacks may be given; what one of them manages is managed", async () => {
  const { run, data, write } = await organization();
  const stack = (kind: string, id: string) =>
    write(`${kind}.json`, {
      deployment: {
        resources: [
          {
            urn: `urn:pulumi:dev::a::pulumi-nodejs:dynamic/sftptogo:${kind}::a`,
            type: `pulumi-nodejs:dynamic/sftptogo:${kind}`,
            id,
          },
        ],
      },
    });
  const link = data.addShareLink(oldLink);
  const files = [stack("Credential", data.root.Id), stack("ShareLink", link.Id)];
  const { stdout } = await run(["--json", ...files.flatMap((each) => ["--stack-export", each])]);
  expect(stdout).not.toContain("not-managed");
  expect((await run(["--json", "--stack-export", files[0] ?? ""])).stdout).toContain("not-managed");
});

test("it only reads, shows no secret, and no colour where there is no terminal", async () => {
  const { run, data, emulator } = await organization();
  const login = data.addCredential({ Alias: "acme" });
  const hook = data.addWebhook({
    ...paused,
    AuthorizationHeader: "Bearer of-tidings",
    Url: "https://h.example/tok",
  });
  const link = data.addShareLink({ ...oldLink, Password: "sesame-open" });
  const secrets = [
    emulator.apiKey,
    login.Password,
    data.root.Password,
    hook.Url,
    hook.Secret,
    "of-tidings",
    link.Url,
    "sesame-open",
  ];
  for (const format of [[], ["--json"], ["--sarif"]]) {
    const { stdout, stderr } = await run(format, { FORCE_COLOR: "1" });
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    expect(stdout).not.toContain("\u001b");
  }
  expect(new Set(emulator.ledger.map(({ method }) => method))).toEqual(new Set(["GET"]));
});
