/** What is taken over and managed from then on, on the small engine; judged by the emulator's data and requests. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Plain } from "../../../provider/values/plain.js";
import { loadProduct } from "../../harness/stage/product.js";
import { idOf, type Program } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import { changesOf, type Report } from "../../harness/stage/stage.js";
import { ed25519 } from "../../resources/shared/keys.js";

let stage: SmallStage;

beforeEach(async () => {
  stage = await openSmallStage({ product: await loadProduct() });
  onTestFinished(() => stage[Symbol.asyncDispose]());
});

async function done(command: Promise<Report>): Promise<Report> {
  const report = await command;
  expect([...report.failures.values()].map(String)).toEqual([]);
  return report;
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

describe("the root credential", () => {
  const managed = (args: Plain): Program => [
    { name: "root", kind: "Credential", args, import: stage.emulator.data.root.Id },
    {
      name: "key",
      kind: "SshPublicKey",
      args: { credentialId: idOf("root"), sshPublicKeyBody: ed25519 },
    },
    { name: "password", kind: "PasswordRotation", args: { credentialId: idOf("root") } },
  ];

  test("is taken over, gets a key, a password, an alias and rules, keeps its permission, and outlives the stack", async () => {
    const { data } = stage.emulator;
    const { root } = data;
    const before = { ...root };

    await done(stage.up(managed({ alias: before.Alias })));
    expect(operations().sort()).toEqual(["addSshPublicKey", "rotatePassword"]);
    expect(root.Password).not.toBe(before.Password);
    expect([...data.sshPublicKeys.values()]).toMatchObject([{ UserId: before.Id }]);

    const rules = [{ action: "allow", protocol: "SFTP", source: "203.0.113.0/24", state: "enabled" }];
    const changed = { alias: "Owner", inboundRules: rules };
    await done(stage.up(managed(changed)));
    expect(root).toMatchObject({ Alias: "Owner", State: "active", Permission: before.Permission });
    expect(root.Settings).toMatchObject({ Network: { InboundRules: [{ Source: "203.0.113.0/24" }] } });
    stage.writes();
    expect(changesOf(await done(stage.preview(managed(changed))))).toEqual([]);
    expect(changesOf(await done(stage.refresh()))).toEqual([]);

    const refused = await stage.preview(managed({ ...changed, permission: "read-only" }));
    expect([...refused.failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([
      expect.stringMatching(/^root: .*permission cannot be changed for the root credential/),
    ]);

    const { printed } = await done(stage.destroy());
    expect(printed).toContain(
      `credential ${before.Id} is the organization's root credential, which cannot be deleted: it was left as it is`,
    );
    expect(operations()).toEqual(["removeSshPublicKey"]);
    expect([...data.credentials.values()]).toEqual([root]);
    expect(root.Alias).toBe("Owner");
    expect(data.sshPublicKeys.size).toBe(0);
    expect((await stage.state()).size).toBe(0);
  });
});

describe("credentials that are imported without their user names", () => {
  const imported = (ids: readonly string[]): Program =>
    ids.map((id, index) => ({
      name: `partner-${index}`,
      kind: "Credential",
      args: { permission: "read-write" },
      import: id,
    }));

  test("are no doubles of each other, when they are taken over and ever after", async () => {
    const { data } = stage.emulator;
    const ids = [1, 2, 3].map(() => data.addCredential({ Permission: "read-write" }).Id);
    const names = ids.map((id) => data.credentials.get(id)?.UserName);
    await done(stage.up(imported(ids)));
    expect(changesOf(await done(stage.up(imported(ids))))).toEqual([]);
    expect(stage.writes()).toEqual([]);
    expect(ids.map((id) => data.credentials.get(id)?.UserName)).toEqual(names);
  });

  test("are refused where two resources take over the same one", async () => {
    const { Id, UserName } = stage.emulator.data.addCredential({ Permission: "read-write" });
    const { failures } = await stage.preview(imported([Id, Id]));
    expect([...failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([
      expect.stringMatching(
        `^partner-1: .*"partner-0" in this program declares the same credential.*${UserName}`,
      ),
    ]);
  });
});
