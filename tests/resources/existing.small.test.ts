/** What exists already: refused with its import option, taken over without a write, left alone when the option goes. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Emulator } from "../../provider/emulator/index.js";
import type { Plain } from "../../provider/values/plain.js";
import { loadProduct } from "../harness/stage/product.js";
import type { Declared } from "../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../harness/stage/small.js";
import { changesOf, type Report } from "../harness/stage/stage.js";
import { ecdsa, ed25519 } from "./shared/keys.js";

const header = "Bearer of-these-tests";
const url = "https://hooks.example.com/sftp";
const hook = { url, topics: ["file.created"] };
const link = { path: "/reports/", permission: "read-only" };

interface Subject {
  readonly kind: "SshPublicKey" | "Webhook" | "ShareLink";
  /** Adds what somebody else made, and gives its id as a state has it. */
  add(data: Emulator["data"], credentialId: string): string;
  object(data: Emulator["data"]): object | undefined;
  /** What is refused because the object is there. */
  readonly asThere: Plain;
  /** What an import takes over. */
  readonly adopted: Plain;
  readonly mismatch: Plain;
  /** How the refusal of `mismatch` begins. `ID` is the object's. */
  readonly differs: string;
  readonly noun: string;
  readonly removedBy: string;
  /** May not appear in what is printed. */
  readonly secrets: readonly string[];
}

const subjects: readonly Subject[] = [
  {
    kind: "SshPublicKey",
    add(data, UserId) {
      const { Id } = data.addSshPublicKey({
        UserId,
        SshPublicKeyBody: ed25519,
        Comment: "ops@acme.example",
        Fingerprint: "SHA256:known",
        Type: "ed25519",
      });
      return `${UserId}/${Id}`;
    },
    object: ({ sshPublicKeys }) => [...sshPublicKeys.values()][0],
    asThere: { sshPublicKeyBody: ed25519 },
    adopted: { sshPublicKeyBody: ed25519 },
    mismatch: { sshPublicKeyBody: ecdsa },
    differs: "import: SSH public key ID is not what the program declares: sshPublicKeyBody is ",
    noun: "SSH public key",
    removedBy: "removeSshPublicKey",
    secrets: [],
  },
  {
    kind: "Webhook",
    add: (data) =>
      data.addWebhook({ Alias: "it", Url: url, Topics: ["file.created"], AuthorizationHeader: header }).Id,
    object: ({ webhooks }) => [...webhooks.values()][0],
    asThere: { ...hook, alias: "it" },
    adopted: { ...hook, authorizationHeader: header },
    mismatch: { url: `${url}/x`, topics: ["file.deleted"], authorizationHeader: "Bearer other" },
    differs:
      "import: webhook ID is not what the program declares: url differs (secret); " +
      'topics is ["file.created"] there; authorizationHeader differs (secret). ' +
      "Declare what the service has, import, and change it afterwards",
    noun: "webhook",
    removedBy: "deleteWebhook",
    secrets: [url, header, "Bearer other"],
  },
  {
    kind: "ShareLink",
    add: (data) =>
      data.addShareLink({ Path: "/reports/", Permission: "read-only", Notes: "Q1", AccessLimit: 5 }).Id,
    object: ({ shareLinks }) => [...shareLinks.values()][0],
    asThere: { ...link, notes: "Q1" },
    adopted: { ...link, accessLimit: 5, onConsumed: "keep" },
    mismatch: { path: "/other/", permission: "read-only", accessLimit: 6 },
    differs:
      'import: share link ID is not what the program declares: path is "/reports/" there; ' +
      "accessLimit is 5 there. Declare what the service has",
    noun: "share link",
    removedBy: "deleteShareLink",
    secrets: ["https://"],
  },
];

let stage: SmallStage;
let credentialId: string;
beforeEach(async () => {
  stage = await openSmallStage({ product: await loadProduct() });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  credentialId = stage.emulator.data.addCredential({ UserName: "acme-incoming" }).Id;
});

async function changes(command: Promise<Report>): Promise<string[]> {
  const report = await command;
  expect(report.printed.includes("warning")).toBe(false);
  expect([...report.failures.values()].map(({ message }) => message)).toEqual([]);
  return changesOf(report);
}

describe.each(subjects)("a $kind", (subject) => {
  const { kind, noun } = subject;
  const program = (args: Plain, importId?: string): Declared[] => {
    const owner = kind === "SshPublicKey" ? { credentialId } : {};
    return [{ name: "it", kind, args: { ...owner, ...args }, import: importId }];
  };
  const object = () => subject.object(stage.emulator.data);

  test("is refused by its fields, taken over by its id, and stays as it is without the option", async () => {
    const id = subject.add(stage.emulator.data, credentialId);
    const before = structuredClone(object());

    const warned = (await stage.preview(program(subject.asThere))).printed;
    expect(warned).toMatch(/warning: .*`pulumi up` will refuse this, unless it replaces .* import: /);
    const refused = (await stage.up(program(subject.asThere))).printed;
    expect(refused).toContain(`add the option { import: "${id}" }`);

    const mismatch = (await stage.preview(program(subject.mismatch, id))).printed;
    expect(mismatch).toContain(subject.differs.replace("ID", id));
    const nothing = kind === "SshPublicKey" ? `${credentialId}/nothing` : "nothing";
    const missing = (await stage.preview(program(subject.asThere, nothing))).printed;
    expect(missing).toContain(`import: there is no ${noun} with the id "${nothing}"`);
    for (const secret of subject.secrets) {
      expect([warned, refused, mismatch, missing].some((text) => text.includes(secret))).toBe(false);
    }

    expect(await changes(stage.up(program(subject.adopted, id)))).toEqual(["create it"]);
    for (const importId of [id, undefined]) {
      expect(await changes(stage.up(program(subject.adopted, importId)))).toEqual([]);
    }
    expect(stage.writes()).toEqual([]);
    expect(object()).toEqual(before);
    await stage.destroy();
    expect(stage.writes().map(({ operation }) => operation)).toEqual([subject.removedBy]);
    expect(object()).toBe(undefined);
  });

  test("is made anew by a forced replacement although the option still names the old one", async () => {
    const id = subject.add(stage.emulator.data, credentialId);
    await changes(stage.up(program(subject.adopted, id)));
    const replaced = await stage.up(program(subject.adopted, id), { replace: ["it"] });
    expect([...replaced.failures.values()]).toEqual([]);
    expect(changesOf(replaced)).toEqual(["delete it", "create it"]);
    expect((await stage.state()).get("it")?.id).not.toBe(id);
    expect(await changes(stage.up(program(subject.adopted, id)))).toEqual([]);
  });
});

test("the webhook's secret is null after an import: the list hides it, and nothing was written", async () => {
  const { data } = stage.emulator;
  const { Id } = data.addWebhook({ Alias: "it", Url: url, Topics: ["file.created"] });
  await changes(stage.up([{ name: "it", kind: "Webhook", args: hook, import: Id }]));
  expect((await stage.state()).get("it")?.outputs.secret).toBe(null);
});
