/** What `describeLifecycle` has to know of a kind: one row each. */
import type { EmulatorData, Fault, OperationName } from "../../../provider/emulator/index.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import { idOf, type Program } from "../../harness/stage/program.ts";

export interface Subject {
  readonly kind: Kind;
  /** Of the resource in the programs. */
  readonly name: string;
  /** The resources it needs. */
  readonly needs: Program;
  /** The fewest arguments. */
  readonly least: Plain;
  /** All arguments; an expiration has to be within a year from now. */
  full(now: number): Plain;
  /** On top of `least` or `full`: updates in place. Left out where a kind has no update. */
  readonly changed?: Plain;
  /** On top of `least`: replaces. Left out where no argument does. */
  readonly replacing?: Plain;
  readonly createdBy: OperationName;
  /** Left out where a change is ours alone and nothing is sent. */
  readonly updatedBy?: OperationName | readonly OperationName[];
  /** Left out where a delete asks nothing of the server. */
  readonly deletedBy?: OperationName;
  /** Whether a body is of its own requests, where another kind asks for the same. */
  isOwn?(body: unknown): boolean;
  /** A replacement that leaves the object as it is: made first, what the old resource had is what it needs. */
  readonly staysWhenReplaced?: true;
  /** A create that is saved as a failure. */
  readonly unfinished?: {
    readonly args: Plain;
    readonly faults: readonly Fault[];
    /** Whether the faults may be met by other kinds' requests. */
    readonly hitsOthers: boolean;
    /** Whether the server has what the create should have made. */
    isDone(data: EmulatorData, id: string): boolean;
  };
  /** An object that somebody else made, in the program's words. */
  readonly others: {
    /** `ownerId` is the credential's that keys and rotations belong to. Gives the id as a state has it. */
    add(data: EmulatorData, ownerId: string): string;
    readonly args: Plain;
    /** On top of `args`, with what makes an import refuse them. */
    readonly mismatch: Plain;
    readonly mismatched: readonly string[];
    /** The outputs that a `.get` shows. */
    shown(data: EmulatorData, id: string): Plain;
  };
  /** The objects on the server that have this subject's identity: there is never more than one. */
  objects(data: EmulatorData): readonly object[];
  /** The object that an id in the state stands for. */
  objectOf(data: EmulatorData, id: string): object | undefined;
  /** Removes what this subject has on the server behind Pulumi's back. */
  remove(data: EmulatorData): void;
  /** The secret outputs of a resource that this stack made, as the server has them. */
  secrets(data: EmulatorData, id: string): Plain;
}

/** Of keys and rotations. */
const owner: Program = [{ name: "owner", kind: "Credential", args: { userName: "owner-incoming" } }];

/** In whole seconds, as the service keeps times. */
const inAMonth = (now: number) => Math.floor(now / 1000) * 1000 + 30 * 86_400_000;

const key = (blob: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${blob}T8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example`;

const url = "https://hooks.example.com/sftp";
const paymentRequired = { name: "status", status: 402 } as const;

const credential: Subject = {
  kind: "Credential",
  name: "acme",
  needs: [],
  least: { userName: "acme-incoming" },
  full: (now) => ({
    userName: "acme-incoming",
    alias: "Acme",
    password: "Of-the-life-tests-1!",
    homeDirectory: "/acme",
    chrootDirectory: "/partners",
    permission: "read-write",
    expiration: inAMonth(now),
    state: "active",
    inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP", description: "data centre" }],
    storeSecrets: true,
  }),
  changed: { permission: "read-only" },
  createdBy: "createCredential",
  updatedBy: "updateCredential",
  deletedBy: "deleteCredential",
  unfinished: {
    args: { userName: "acme-incoming", inboundRules: [{ source: "203.0.113.0/24" }] },
    faults: [{ ...paymentRequired, operation: ["updateCredential", "updateInboundRules"] }],
    hitsOthers: false,
    isDone(data, id) {
      const { State, Settings } = data.credentials.get(id) ?? {};
      const sources = Settings?.Network.InboundRules.map(({ Source }) => Source) ?? [];
      return State === "active" && sources.join() === "203.0.113.0/24";
    },
  },
  others: {
    add: (data) =>
      data.addCredential({ UserName: "acme-incoming", Alias: "Acme", Permission: "read-only" }).Id,
    args: { userName: "acme-incoming", permission: "read-only" },
    mismatch: { permission: "full", password: "Not-the-0ne-of-it!" },
    mismatched: ["permission", "password"],
    shown(data, id) {
      const credential = data.credentials.get(id);
      return { userName: "acme-incoming", permission: "read-only", password: credential?.Password };
    },
  },
  objects: (data) => [...data.credentials.values()].filter(({ UserName }) => UserName === "acme-incoming"),
  objectOf: (data, id) => data.credentials.get(id),
  remove(data) {
    const id = data.findCredential("acme-incoming")?.Id;
    if (id !== undefined) data.deleteCredential(id);
  },
  secrets: (data, id) => ({ password: data.credentials.get(id)?.Password }),
};

const sshPublicKey: Subject = {
  kind: "SshPublicKey",
  name: "key",
  needs: owner,
  least: { credentialId: idOf("owner"), sshPublicKeyBody: key("Df") },
  full: () => ({ credentialId: idOf("owner"), sshPublicKeyBody: key("Df") }),
  replacing: { sshPublicKeyBody: key("Ef") },
  createdBy: "addSshPublicKey",
  deletedBy: "removeSshPublicKey",
  others: {
    add(data, ownerId) {
      const { Id } = data.addSshPublicKey({
        UserId: ownerId,
        SshPublicKeyBody: key("Df"),
        Comment: "transfer@acme.example",
        Fingerprint: "SHA256:of-somebody-else",
        Type: "ed25519",
      });
      return `${ownerId}/${Id}`;
    },
    args: { credentialId: idOf("owner"), sshPublicKeyBody: key("Df") },
    mismatch: { sshPublicKeyBody: key("Ff") },
    mismatched: ["sshPublicKeyBody"],
    shown: () => ({ sshPublicKeyBody: key("Df"), fingerprint: "SHA256:of-somebody-else" }),
  },
  objects: (data) => [...data.sshPublicKeys.values()].filter((each) => !isOfSet(each)),
  objectOf: (data, id) => data.sshPublicKeys.get(id.split("/")[1] ?? ""),
  remove: (data) => data.sshPublicKeys.clear(),
  isOwn: (body) => !isOfSet(body),
  secrets: () => ({}),
};

/** The set's keys are on a credential of its own, since a credential has either a set or single keys. */
const setOwner: Program = [
  { name: "set-owner", kind: "Credential", args: { userName: "set-owner-incoming" } },
];
const setKey = key("Gf");
const setKeys = ({ sshPublicKeys }: EmulatorData) =>
  [...sshPublicKeys.values()].filter(({ SshPublicKeyBody }) =>
    [setKey, key("Hf")].includes(SshPublicKeyBody),
  );

function isOfSet(body: unknown): boolean {
  return [setKey, key("Hf")].some((each) => JSON.stringify(body ?? null).includes(each));
}

const sshPublicKeySet: Subject = {
  kind: "SshPublicKeySet",
  name: "keys",
  needs: setOwner,
  least: { credentialId: idOf("set-owner"), sshPublicKeyBodies: [setKey] },
  full: () => ({ credentialId: idOf("set-owner"), sshPublicKeyBodies: [setKey], overlapDays: 0 }),
  changed: { sshPublicKeyBodies: [key("Hf")] },
  createdBy: "addSshPublicKey",
  updatedBy: ["addSshPublicKey", "removeSshPublicKey"],
  deletedBy: "removeSshPublicKey",
  isOwn: isOfSet,
  staysWhenReplaced: true,
  unfinished: {
    args: { credentialId: idOf("set-owner"), sshPublicKeyBodies: [setKey] },
    // The list of check is let through, and no later one tells what came of the add.
    faults: [
      { name: "reset", when: "after", operation: "addSshPublicKey" },
      { name: "status", status: 403, operation: "listSshPublicKeys", skip: 1, times: Infinity },
    ],
    hitsOthers: false,
    isDone: (data) => setKeys(data).length === 1,
  },
  others: {
    add(data) {
      const owner =
        data.findCredential("set-owner-incoming") ?? data.addCredential({ UserName: "set-owner-incoming" });
      data.addSshPublicKey({
        UserId: owner.Id,
        SshPublicKeyBody: setKey,
        Comment: "transfer@acme.example",
        Fingerprint: "SHA256:of-somebody-else",
        Type: "ed25519",
      });
      return owner.Id;
    },
    args: { credentialId: idOf("set-owner"), sshPublicKeyBodies: [setKey] },
    mismatch: { sshPublicKeyBodies: [key("Ff")] },
    mismatched: ["sshPublicKeyBodies"],
    shown: () => ({ sshPublicKeyBodies: [setKey] }),
  },
  objects: setKeys,
  objectOf: (data, id) => setKeys(data).find(({ UserId }) => UserId === id),
  remove(data) {
    const id = data.findCredential("set-owner-incoming")?.Id;
    if (id !== undefined) data.deleteCredential(id);
  },
  secrets: () => ({}),
};

const webhook: Subject = {
  kind: "Webhook",
  name: "arrivals",
  needs: [],
  least: { url, topics: ["file.created"] },
  full: () => ({
    alias: "Arrivals",
    url,
    type: "webhook",
    topics: ["file.created"],
    authorizationHeader: "Bearer of-the-life-tests",
    state: "enabled",
  }),
  changed: { topics: ["file.created", "file.deleted"] },
  createdBy: "createWebhook",
  updatedBy: "updateWebhook",
  deletedBy: "deleteWebhook",
  unfinished: {
    args: { url, topics: ["file.created"], authorizationHeader: "Bearer of-the-life-tests" },
    // The list, where it is found, does not show its secret.
    faults: [
      { name: "reset", when: "after", operation: "createWebhook" },
      { ...paymentRequired, operation: "updateWebhook" },
    ],
    hitsOthers: false,
    isDone: (data, id) => data.webhooks.get(id)?.AuthorizationHeader === "Bearer of-the-life-tests",
  },
  others: {
    add: (data) =>
      data.addWebhook({
        Alias: "arrivals",
        Url: url,
        Topics: ["file.created"],
        AuthorizationHeader: "Bearer old",
      }).Id,
    args: { url, topics: ["file.created"] },
    mismatch: { topics: ["file.deleted"], authorizationHeader: "Bearer of-nobody" },
    mismatched: ["topics", "authorizationHeader"],
    // The list does not show its secret, and nothing else does without a write.
    shown: () => ({ url, topics: ["file.created"], authorizationHeader: "Bearer old", secret: null }),
  },
  objects: (data) => [...data.webhooks.values()],
  objectOf: (data, id) => data.webhooks.get(id),
  remove: (data) => data.webhooks.clear(),
  secrets: (data, id) => ({ secret: data.webhooks.get(id)?.Secret }),
};

const shareLink: Subject = {
  kind: "ShareLink",
  name: "report",
  needs: [],
  least: { path: "/reports/", permission: "read-only" },
  full: (now) => ({
    path: "/reports/",
    permission: "read-only",
    expiresAt: inAMonth(now),
    accessLimit: 5,
    password: "Of-the-life-tests-2!",
    notes: "for the auditors",
    onConsumed: "keep",
  }),
  changed: { notes: "for the partners" },
  createdBy: "createShareLink",
  updatedBy: "updateShareLink",
  deletedBy: "deleteShareLink",
  unfinished: {
    args: { path: "/reports/", permission: "read-only", password: "Of-the-life-tests-2!" },
    // The list, where it is found, does not show whether its password was set.
    faults: [
      { name: "reset", when: "after", operation: "createShareLink" },
      { ...paymentRequired, operation: "updateShareLink" },
    ],
    hitsOthers: false,
    isDone: (data, id) => data.shareLinks.get(id)?.Password === "Of-the-life-tests-2!",
  },
  others: {
    add: (data) => data.addShareLink({ Path: "/reports/", Permission: "read-only", AccessLimit: 5 }).Id,
    args: { path: "/reports/", permission: "read-only", accessLimit: 5 },
    mismatch: { permission: "read-write", accessLimit: 6 },
    mismatched: ["permission", "accessLimit"],
    shown: (data, id) => ({ path: "/reports/", accessLimit: 5, url: data.shareLinks.get(id)?.Url }),
  },
  objects: (data) => [...data.shareLinks.values()],
  objectOf: (data, id) => data.shareLinks.get(id),
  remove: (data) => data.shareLinks.clear(),
  secrets(data, id) {
    const link = data.shareLinks.get(id);
    return { url: link?.Url, ...(link?.Password && { password: link.Password }) };
  },
};

const passwordRotation: Subject = {
  kind: "PasswordRotation",
  name: "owner-password",
  needs: owner,
  least: { credentialId: idOf("owner"), triggers: 1 },
  full: () => ({
    credentialId: idOf("owner"),
    triggers: { year: [2026, "H2"] },
    rotateAfterDays: 90,
    storeSecrets: true,
  }),
  changed: { rotateAfterDays: 30 },
  replacing: { triggers: 2 },
  createdBy: "rotatePassword",
  unfinished: {
    args: { credentialId: idOf("owner"), triggers: 1 },
    // The lists of check and before the rotation are let through; none after it is.
    faults: [{ name: "status", status: 403, operation: "listCredentials", skip: 2, times: Infinity }],
    hitsOthers: true,
    // That its password is known is what every turn looks for.
    isDone: () => true,
  },
  others: {
    add: (data, ownerId) =>
      `${ownerId}/${Date.parse(data.credentials.get(ownerId)?.PasswordCreatedAt ?? "")}`,
    args: { credentialId: idOf("owner"), rotateAfterDays: 3_650 },
    mismatch: { password: "Not-the-0ne-of-it!" },
    mismatched: ["password"],
    shown(data, id) {
      const credential = data.credentials.get(id.split("/")[0] ?? "");
      return { userName: "owner-incoming", password: credential?.Password };
    },
  },
  objects: (data) => [...data.credentials.values()].filter(({ UserName }) => UserName === "owner-incoming"),
  objectOf: (data, id) => data.credentials.get(id.split("/")[0] ?? ""),
  remove(data) {
    const id = data.findCredential("owner-incoming")?.Id;
    if (id !== undefined) data.deleteCredential(id);
  },
  secrets: (data, id) => ({ password: data.credentials.get(id.split("/")[0] ?? "")?.Password }),
};

/** The kinds whose lives have these turns. A credential rotation makes no object: `tests/resources/credentialRotation/` has its life. */
export type LivedKind = Exclude<Kind, "CredentialRotation">;

export const subjects: Readonly<Record<LivedKind, Subject>> = {
  Credential: credential,
  SshPublicKey: sshPublicKey,
  Webhook: webhook,
  ShareLink: shareLink,
  PasswordRotation: passwordRotation,
  SshPublicKeySet: sshPublicKeySet,
};

export const livedKinds = Object.keys(subjects) as LivedKind[];
