/** What the set's handlers do beside other resources of the update: all else is in keySet.small.test.ts. */
import { expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { type Note, updateLog } from "../../../provider/protocol/update";
import { fingerprintOf, joinId } from "../../../provider/resources/shared/sshKeys";
import { sshPublicKeySetProvider } from "../../../provider/resources/sshPublicKeySet/provider";
import { api, withoutNetwork } from "../../api/interceptors";
import { organizationId } from "../../api/setup";
import { sshPublicKey } from "../../fixtures/reference";
import { fakeSession, handlersOf } from "../../lifecycle/fakes";
import { ed25519, rsa } from "../shared/keys";

withoutNetwork();

const credentialId = sshPublicKey.UserId;
const path = `/users/${credentialId}/ssh-public-keys`;
const keyOf = (Id: string, SshPublicKeyBody: string) => ({ ...sshPublicKey, Id, SshPublicKeyBody });
const olds = {
  credentialId,
  sshPublicKeyBodies: [ed25519, rsa],
  overlapDays: null,
  fingerprints: [ed25519, rsa].map(fingerprintOf),
  keyIds: ["first", "second"],
  outgoing: [],
  organizationId,
  __managed: "credentialId,sshPublicKeyBodies",
};
const news = { credentialId, sshPublicKeyBodies: [ed25519], __provider: "stub" };

function start() {
  const fake = fakeSession();
  return { ...fake, provider: handlersOf(fake.session, sshPublicKeySetProvider(fake.session)) };
}

test("a key that another resource of the update keeps is not removed, and is said to stay", async () => {
  const { provider, session, warnings } = start();
  session.memory.holders.keep(joinId(credentialId, "second"));
  api()
    .get(path)
    .reply(200, [keyOf("first", ed25519), keyOf("second", rsa)]);
  const { outs } = await provider.update(credentialId, olds, news);
  expect(outs).toMatchObject({ keyIds: ["first"], fingerprints: [fingerprintOf(ed25519)] });
  expect(warnings).toEqual([
    expect.stringContaining("was not removed: a resource of this update declares it"),
  ]);
});

test("a key is not removed while the program has one that is not known yet, and the next update removes it", async () => {
  const notes: Note[] = [["declared", "urn", "SshPublicKey"]];
  const log = { ...updateLog(undefined, true), unwritable: undefined, read: () => notes };
  const { session, warnings } = fakeSession({ updateLog: log });
  const provider = handlersOf(session, sshPublicKeySetProvider(session));
  const both = [keyOf("first", ed25519), keyOf("second", rsa)];
  api().get(path).reply(200, both);
  const { outs } = await provider.update(credentialId, olds, news);
  expect(outs).toMatchObject({ keyIds: ["first"], outgoing: [{ keyId: "second" }] });
  expect(warnings).toEqual([expect.stringContaining("The next `pulumi up` removes it, unless it is")]);

  notes.push(["marked", "urn"]);
  expect(await provider.diff(credentialId, outs as never, news)).toMatchObject({ changes: true });
  api().delete(`${path}/second`).reply(200, {});
  expect((await provider.update(credentialId, outs as never, news)).outs).toMatchObject({ outgoing: [] });
});

test.each<[string, unknown, boolean]>([
  ["declares", [rsa], true],
  ["no longer declares", [ed25519], false],
  ["does not know yet", [unknownValue], false],
])("a key that the program %s is kept from others or not", async (_, sshPublicKeyBodies, isHeld) => {
  const { provider, session } = start();
  await provider.diff(credentialId, olds, { ...news, sshPublicKeyBodies });
  expect(session.memory.holders.isKept(joinId(credentialId, "second"))).toBe(isHeld);
});

test("the credential itself is not taken for the set, nor the set for the credential", async () => {
  const { provider, session } = start();
  await provider.diff(credentialId, olds, news);
  expect(session.memory.holders.isKept(credentialId)).toBe(false);
  expect(session.memory.isManaged(credentialId)).toBe(false);
});

test.each<[string, object, object]>([
  ["the same", {}, { changes: false, replaces: [] }],
  ["another credential", { credentialId: "4ddb2ea2" }, { changes: true, replaces: ["credentialId"] }],
  [
    "a credential that is not known yet",
    { credentialId: unknownValue },
    { changes: true, replaces: ["credentialId"] },
  ],
  ["a key less", { sshPublicKeyBodies: [rsa] }, { changes: true, replaces: [] }],
  ["keys that are not known yet", { sshPublicKeyBodies: unknownValue }, { changes: true, replaces: [] }],
  [
    "a key that is not known yet",
    { sshPublicKeyBodies: [rsa, unknownValue] },
    { changes: true, replaces: [] },
  ],
  ["an overlap", { overlapDays: 7 }, { changes: true, replaces: [] }],
  ["an overlap that is not known yet", { overlapDays: unknownValue }, { changes: true, replaces: [] }],
])("diff: %s", async (_, changed, difference) => {
  const declared = { ...news, sshPublicKeyBodies: [rsa, ed25519], ...changed };
  expect(await start().provider.diff(credentialId, olds, declared)).toEqual(difference);
});
