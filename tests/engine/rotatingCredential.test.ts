/** A rotating credential as a program uses it: a partner that is taken over, a consumer that fails, what is forced. */
import { afterEach, expect, test } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { ed25519 } from "../resources/shared/keys.js";
import { hold, upUntilHeld } from "./kills.js";

const day = 86_400_000;

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function program(triggers: number, { options = "", args = "" } = {}): string {
  return `
  const acme = new sftptogo.RotatingCredential("acme", {
    userName: "acme-incoming",
    permission: "read-write",
    inboundRules: [{ source: "203.0.113.0/24" }],
    sshPublicKeyBodies: ["${ed25519}"],
    triggers: ${triggers},
    ${args}
  }, { ${options} });
  new sftptogo.Webhook("consumer", {
    url: "https://hooks.example.com/sftp",
    topics: ["file.created"],
    authorizationHeader: pulumi.interpolate\`Bearer \${acme.active.password}\`,
  });
  export const active = acme.active;
  export const previous = acme.previous;
  export const previousValidUntil = acme.previousValidUntil;
`;
}

interface Login {
  readonly userName: string;
  readonly password: string;
}

async function outputs() {
  return (await stage.stack.outputs({ showSecrets: true })) as unknown as {
    readonly active: Login;
    readonly previous: Login | Record<string, null>;
    readonly previousValidUntil: string | null;
  };
}

function onServer(userName: string) {
  const found = stage.emulator.data.findCredential(userName);
  if (found === undefined) throw new Error(`there is no ${userName}`);
  return found;
}

function acted(): string[] {
  const writes = stage.emulator.ledger.filter((entry) => entry.acted).map(({ operation }) => operation);
  stage.emulator.clearLedger();
  return writes;
}

const header = () => stage.emulator.data.findWebhook("consumer")?.AuthorizationHeader;

test("a partner's login is taken over, rotates with notice and overlap, and no failure costs a password", async () => {
  stage = await openRealStage();
  const { stack, emulator } = stage;
  const { data } = emulator;
  const partner = data.addCredential({
    UserName: "acme-incoming",
    Alias: "acme-a",
    Permission: "read-write",
    HomeDirectory: "partners/acme",
  });
  const { defaultInboundRule } = data;
  partner.Settings.Network.InboundRules = [
    { ...defaultInboundRule, Source: "203.0.113.0/24", Protocol: "*", Description: null },
  ];
  data.addSshPublicKey({
    UserId: partner.Id,
    SshPublicKeyBody: ed25519,
    Comment: "ops@acme.example",
    Fingerprint: "SHA256:of-the-partner",
    Type: "ed25519",
  });
  const { Password: first } = partner;
  const taken = { options: `import: "${partner.Id}"` };

  // Taken over: nothing is written to it, and the login in reserve is closed, in the same folder, with the same rules.
  await stage.write(program(1, taken));
  const { all: made } = await stack.up();
  expect(acted().sort()).toEqual([
    "addSshPublicKey",
    "createCredential",
    "createWebhook",
    "updateCredential",
    "updateInboundRules",
  ]);
  expect(partner).toMatchObject({ Password: first, State: "active" });
  const reserve = onServer("acme-incoming-b");
  expect(reserve).toMatchObject({
    State: "inactive",
    HomeDirectory: "partners/acme",
    Permission: "read-write",
  });
  expect(reserve.Settings.Network.InboundRules.map(({ Source }) => Source)).toEqual(["203.0.113.0/24"]);
  expect(await outputs()).toMatchObject({
    active: { userName: "acme-incoming", password: first },
    previous: { userName: null, password: null },
    previousValidUntil: null,
  });
  await stack.expectNoChanges();

  // The consumer fails: the rotation stays done, and the next up hands the same password on.
  await stage.write(program(2, taken));
  const { all: preview } = await stack.preview();
  expect(preview).toContain(
    "acme-incoming-b gets a new password and becomes the active login; acme-incoming goes on",
  );
  emulator.addFault({ name: "status", status: 402, operation: "updateWebhook" });
  await stack.up([], { fails: true });
  const second = reserve.Password;
  expect(header()).toBe(`Bearer ${first}`);
  await stack.up();
  expect(header()).toBe(`Bearer ${second}`);
  expect(acted().filter((operation) => operation === "rotatePassword")).toHaveLength(1);
  const overlap = await outputs();
  expect(overlap).toMatchObject({
    active: { userName: "acme-incoming-b", password: second },
    previous: { userName: "acme-incoming", password: first },
  });
  expect(Date.parse(overlap.previousValidUntil ?? "")).toBeGreaterThan(stage.now() + 6.9 * day);
  expect([partner.State, reserve.State]).toEqual(["active", "active"]);

  // Within the grace a rotation is refused; a forced replacement goes on from where it was.
  await stage.write(program(3, taken));
  const { all: refusal } = await stack.preview([], { fails: true });
  expect(refusal).toMatch(
    /the previous login acme-incoming works until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(graceDays\)/,
  );
  await stage.write(program(2, taken));
  const rotation = await stage.inState("acme-rotation");
  const waitsFor = rotation.dependencies?.map((urn) => urn.split("::").at(-1)).sort();
  expect(waitsFor).toEqual(["acme-a", "acme-a-keys", "acme-b", "acme-b-keys"]);
  await stack.up(["--replace", rotation.urn]);
  expect(acted()).toEqual([]);
  expect(await outputs()).toMatchObject({
    active: overlap.active,
    previous: overlap.previous,
  });

  // After it: a preview says so, the next up closes the login, and nothing is deleted.
  await stage.passTime(7.1 * day);
  const { all: ending } = await stack.preview();
  expect(ending).toContain("the previous login acme-incoming becomes inactive; its grace is over");
  await stack.up(["--target", rotation.urn]);
  expect(acted()).toEqual(["updateCredential"]);
  expect(partner).toMatchObject({ Password: first, State: "inactive" });
  expect(await outputs()).toMatchObject({ active: overlap.active, previousValidUntil: null });
  await stack.expectNoChanges();

  // The login in use is replaced by force: its successor is opened in its place.
  const inUse = await stage.inState("acme-b");
  await stack.up(["--replace", inUse.urn]);
  const anew = onServer("acme-incoming-b");
  expect(anew.Id).not.toBe(reserve.Id);
  expect(anew.State).toBe("active");
  expect([...data.sshPublicKeys.values()].map(({ UserId }) => UserId).sort()).toEqual(
    [partner.Id, anew.Id].sort(),
  );
  expect((await outputs()).active).toMatchObject({ userName: "acme-incoming-b", password: anew.Password });
  expect(header()).toBe(`Bearer ${anew.Password}`);

  // Renamed with an alias, and protected: nothing changes, and nothing is destroyed.
  const renamed = program(2, { options: 'aliases: [{ name: "acme" }], protect: true' });
  await stage.write(renamed.replace('RotatingCredential("acme"', 'RotatingCredential("partner"'));
  acted();
  await stack.up();
  expect(acted()).toEqual([]);
  await stack.destroy([], { fails: true });
  expect([partner.UserName, anew.UserName].map((name) => data.findCredential(name) !== undefined)).toEqual([
    true,
    true,
  ]);

  for (const text of [made, preview, refusal, ending, await stack.stateText()]) {
    for (const secret of [first, second, anew.Password]) expect(text.includes(secret)).toBe(false);
  }
});

test("under an explicit provider, declared closed, with no secrets in the state", async () => {
  stage = await openRealStage(`
  const config = new pulumi.Config("sftptogo");
  const provider = new sftptogo.Provider("other", {
    apiKey: config.requireSecret("apiKey"),
    organizationId: config.require("organizationId"),
    baseUrl: config.require("baseUrl"),
  });
  const acme = new sftptogo.RotatingCredential("acme", { state: "inactive", storeSecrets: false }, { provider });
  export const active = acme.active;
  export const fetched = sftptogo.getCredentialOutput(
    { id: acme.active.credentialId },
    { provider, dependsOn: [acme] },
  ).password;
`);
  await stage.stack.up();
  const all = [...stage.emulator.data.credentials.values()].filter(({ IsDefault }) => !IsDefault);
  expect(all.map(({ State }) => State)).toEqual(["inactive", "inactive"]);
  const { active, fetched } = await stage.stack.outputs({ showSecrets: true });
  expect(active).toMatchObject({ password: null, uri: null });
  expect(all.map(({ Password }) => Password)).toContain(fetched);
  await stage.stack.expectNoChanges();
});

test("the second login has what the first one has undeclared; an up that is killed leaves no dead end", async () => {
  stage = await openRealStage();
  const { stack, emulator } = stage;
  const { data } = emulator;
  const partner = data.addCredential({
    UserName: "acme-incoming",
    Permission: "read-only",
    HomeDirectory: "partners/acme",
    ChrootDirectory: "/partners",
  });
  const rule = { ...data.defaultInboundRule, Source: "203.0.113.0/24", Protocol: "*", Description: "" };
  partner.Settings.Network.InboundRules = [rule];
  const { Password: first } = partner;
  const declare = (triggers: number, imported: string) =>
    stage.write(`
  const args = { userName: "acme-incoming", triggers: ${triggers} };
  const acme = new sftptogo.RotatingCredential("acme", args, { import: ${imported} });
  export const active = acme.active;
  export const previous = acme.previous;
  export const previousValidUntil = acme.previousValidUntil;
`);
  const kill = async (operation: "createCredential" | "updateCredential") => {
    emulator.clearLedger();
    hold(stage, "after", [operation]);
    const running = await upUntilHeld(stage, 1);
    await stack.crashProviders(running);
    await running.result;
    emulator.clearFaults();
  };

  // Killed once the second login was made: the refusal says what to write, for a component.
  await declare(1, `"${partner.Id}"`);
  await kill("createCredential");
  const { all: refusal } = await stack.up([], { fails: true });
  const reserve = onServer("acme-incoming-b");
  const option = `[undefined, "${reserve.Id}"]`;
  expect(refusal).toContain(`add the option { import: ${option} }`);
  await declare(1, option);
  await stack.up();
  expect(reserve.State).toBe("inactive");

  // Killed once a rotation has opened it, soon after the create: nobody was promised anything of it.
  await declare(2, option);
  await kill("updateCredential");
  expect(reserve.State).toBe("active");
  await stack.refresh();
  expect(await outputs()).toMatchObject({ active: { userName: "acme-incoming", password: first } });
  await stack.up();
  const after = await outputs();
  expect(after.active).toMatchObject({ userName: "acme-incoming-b", password: reserve.Password });
  expect(after.previous).toMatchObject({ userName: "acme-incoming", password: first });
  expect(Date.parse(after.previousValidUntil ?? "")).toBeGreaterThan(stage.now() + 6.9 * day);
  expect(partner).toMatchObject({ Password: first, State: "active" });

  const rightsOf = ({ Permission, HomeDirectory, ChrootDirectory, Settings, State }: typeof partner) => {
    const rules = Settings.Network.InboundRules.map(({ Id: _, ...each }) => each);
    return { Permission, HomeDirectory, ChrootDirectory, State, rules };
  };
  expect(rightsOf(reserve)).toEqual(rightsOf(partner));
  await stack.expectNoChanges();
});
