/** Situations that real users had, where two features meet: on the small engine, judged by the emulator. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { defaultUserName } from "../../provider/resources/credential/fields.js";
import type { Plain } from "../../provider/values/plain.js";
import { loadProduct } from "../harness/stage/product.js";
import type { Declared } from "../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../harness/stage/small.js";
import { changesOf, type Report } from "../harness/stage/stage.js";
import { ed25519 } from "../resources/shared/keys.js";

let stage: SmallStage;
beforeEach(async () => {
  stage = await openSmallStage({ product: await loadProduct() });
  onTestFinished(() => stage[Symbol.asyncDispose]());
});

const one = (kind: Declared["kind"], args: Plain, importId?: string): Declared[] => [
  { name: "it", kind, args, import: importId },
];
async function succeed(command: Promise<Report>): Promise<Report> {
  const report = await command;
  expect([...report.failures.values()].map(String)).toEqual([]);
  return report;
}
const login = () => [...stage.emulator.data.credentials.values()].find(({ IsDefault }) => !IsDefault);

describe("A10 a generated user name is one that every client takes", () => {
  test.each([
    ["Österreich-Post", "Osterreich-Post-"],
    ["株式会社", "sftp-"],
    ["-dash", "dash-"],
    ["Straße Łódź", "Strasse-"],
    ["acme", "acme-"],
    ["_acme", "_acme-"],
  ])("%s: %s…", (name, start) => {
    const made = defaultUserName({ name, urn: "urn", organizationId: "organization" });
    expect(made.startsWith(start)).toBe(true);
    expect(made).toMatch(/^[A-Za-z0-9_.][A-Za-z0-9_.-]{9,}$/);
  });

  test("a declared one that begins with a hyphen warns", async () => {
    const { printed } = await succeed(stage.preview(one("Credential", { userName: "-acme-incoming" })));
    expect(printed).toContain("userName begins with a hyphen");
  });
});

describe("A11 an alias that ends as our mark does", () => {
  const alias = "Contract (unfinished)";

  test("given by the program is made, changed and kept", async () => {
    await succeed(stage.up(one("Credential", { alias, inboundRules: [{ source: "203.0.113.7" }] })));
    expect(login()).toMatchObject({ Alias: alias, State: "active" });
    await succeed(stage.up(one("Credential", { alias, permission: "read-only" })));
    expect(login()).toMatchObject({ Alias: alias, Permission: "read-only" });
    expect(changesOf(await succeed(stage.up(one("Credential", { alias, permission: "read-only" }))))).toEqual(
      [],
    );
  });

  test("given in the dashboard stops no update", async () => {
    await succeed(stage.up(one("Credential", { permission: "read-only" })));
    Object.assign(login() ?? {}, { Alias: alias });
    await succeed(stage.up(one("Credential", { permission: "read-write" })));
    expect(login()).toMatchObject({ Alias: alias, Permission: "read-write" });
  });

  test("of an inactive login that is imported is said in preview, and left closed where the program calls it so", async () => {
    const { Id } = stage.emulator.data.addCredential({
      UserName: "acme-incoming",
      Alias: alias,
      State: "inactive",
    });
    const args = { userName: "acme-incoming" };
    expect((await stage.preview(one("Credential", args, Id))).printed).toMatch(
      /warning: .* was left half-made by a create that was interrupted\. The import finishes it: .* is opened/,
    );
    await succeed(stage.up(one("Credential", { ...args, alias }, Id)));
    expect(login()).toMatchObject({ Alias: alias, State: "inactive" });
  });
});

describe("A12 a webhook that the service has paused", () => {
  const url = "https://hooks.example.com/sftp";
  const hook = (more: Plain) => one("Webhook", { url, topics: ["file.created"], ...more });
  beforeEach(async () => {
    await succeed(stage.up(hook({})));
    const [{ Id } = { Id: "" }] = stage.emulator.data.webhooks.values();
    stage.emulator.pauseWebhook(Id);
    await succeed(stage.refresh());
  });
  const advice = 'declare state: "enabled" to end the pause';

  test.each<Plain>([{ url: `${url}/mended` }, { authorizationHeader: "Bearer mended" }])(
    "is said to stay paused when it is mended: %j",
    async (change) => {
      expect((await stage.preview(hook(change))).printed).toContain(advice);
    },
  );

  test.each<Plain>([{}, { alias: "Arrivals" }, { url: `${url}/mended`, state: "enabled" }])(
    "is not spoken of otherwise: %j",
    async (change) => {
      expect((await stage.preview(hook(change))).printed).not.toContain(advice);
    },
  );
});

describe("A13 a name in the place of a credential's id", () => {
  const named: Declared[] = [{ name: "acme", kind: "Credential", args: { userName: "acme-incoming" } }];
  test.each<[Declared["kind"], Plain, string]>([
    ["SshPublicKey", { credentialId: "acme", sshPublicKeyBody: ed25519 }, "credentialId"],
    ["SshPublicKeySet", { credentialId: "acme", sshPublicKeyBodies: [ed25519] }, "credentialId"],
    ["PasswordRotation", { credentialId: "acme" }, "credentialId"],
    ["CredentialRotation", { credentialIds: ["acme", "acme-b"] }, "credentialIds"],
  ])("is refused in preview: %s", async (kind, args, argument) => {
    const { printed } = await stage.preview([...named, { name: "it", kind, args }]);
    expect(printed).toContain(`${argument}: there is no credential with the id "acme"`);
  });

  test("is not what a list that is late leaves out", async () => {
    const { Id } = stage.emulator.data.addCredential({ UserName: "late-incoming" });
    const key: Declared = {
      name: "it",
      kind: "SshPublicKey",
      args: { credentialId: Id, sshPublicKeyBody: ed25519 },
    };
    await succeed(stage.preview([...named, key]));
  });
});

describe("B6 a login that has expired and was deleted in the dashboard", () => {
  const day = 86_400_000;
  const program = (expiration: number | null, permission: string): Declared[] => [
    { name: "it", kind: "Credential", args: { userName: "acme-incoming", expiration } },
    { name: "other", kind: "Credential", args: { userName: "other-incoming", permission } },
  ];
  const named = (userName: string) => stage.emulator.data.findCredential(userName);

  test("stays closed with a warning, and nothing else waits for it", async () => {
    const expiration = stage.now() + day;
    await succeed(stage.up(program(expiration, "read-only")));
    await stage.clock.sleep(2 * day);
    stage.emulator.data.deleteCredential(named("acme-incoming")?.Id ?? "");
    expect((await succeed(stage.refresh())).printed).toMatch(
      /acme-incoming has expired and was deleted elsewhere/,
    );
    await succeed(stage.up(program(expiration, "read-write")));
    expect([named("acme-incoming"), named("other-incoming")?.Permission]).toEqual([undefined, "read-write"]);

    // A later day makes it again.
    await succeed(stage.up(program(stage.now() + day, "read-write")));
    expect(named("acme-incoming")?.State).toBe("active");
    await succeed(stage.destroy());
  });

  test("is made again where it had not expired yet", async () => {
    const expiration = stage.now() + 30 * day;
    await succeed(stage.up(program(expiration, "read-only")));
    stage.emulator.data.deleteCredential(named("acme-incoming")?.Id ?? "");
    await succeed(stage.refresh());
    await succeed(stage.up(program(expiration, "read-only")));
    expect(named("acme-incoming")?.State).toBe("active");
  });
});
