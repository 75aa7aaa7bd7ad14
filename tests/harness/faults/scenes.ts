/** The turns in a resource's life that the matrix disturbs: what was there, and what is done. */

import { canaryOf, type World } from "#world";
import type { EmulatorData } from "../../../provider/emulator/index.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { DialectName } from "../dialects/catalog/index.ts";
import { type Declared, idOf, type Program } from "../stage/program.ts";

export interface Scene {
  readonly name: string;
  readonly before: Program;
  /** What `up` is run with; left out: a refresh. */
  readonly after?: Program;
  /** Replaced by force, as `state taint` and `--target-replace` do. */
  readonly replace?: string;
  /** What somebody else has made before. */
  readonly foreign?: (data: EmulatorData) => void;
  /** Takes over what somebody else has made: gives the id for the `import` option of the last resource. */
  readonly importId?: (data: EmulatorData) => string;
  /** The names of resources that the turn removes or replaces. */
  readonly removes?: readonly string[];
  /** The bodies of keys that it removes from a set, or that somebody has added to it. */
  readonly removesKeys?: readonly string[];
  /** Generated rotations that the turn asks for. */
  readonly rotations?: number;
  /** How many more there may be. */
  readonly mayRepeat?: number;
  /** Its create has to be refused, since there is such an object already. */
  readonly refused?: true;
  /** Somebody acts between what was there and what is done. */
  readonly between?: (world: World) => void | Promise<void>;
  /** Somebody acts in the middle of what is done, as soon as the first request for this arrives. */
  readonly amid?: { readonly operation: string; readonly act: (world: World) => void };
  /** Somebody acts before the user comes back to what has failed. */
  readonly afterwards?: (world: World) => void | Promise<void>;
  /** Only a refresh shows what others did. */
  readonly needsRefresh?: true;
  /** How the service differs from its reference's examples. */
  readonly dialects?: readonly DialectName[];
}

const key = (blob: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${blob}T8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example`;
export const keys = [key("Df"), key("Ef"), key("Ff")] as const;

/** Whoever has it can post. */
const hookUrl = `https://hooks.example.com/sftp?token=${encodeURIComponent(canaryOf("token"))}`;

export function credential(extra: Plain = {}, name = "acme"): Declared {
  const args = { userName: `${name}-incoming`, alias: name, permission: "read-write", ...extra };
  return { name, kind: "Credential", args };
}

export function sshPublicKey(body: string = keys[0]): Declared {
  const args = { credentialId: idOf("acme"), sshPublicKeyBody: body };
  return { name: "acme-key", kind: "SshPublicKey", args };
}

export function keySet(sshPublicKeyBodies: readonly string[], extra: Plain = {}): Declared {
  const args = { credentialId: idOf("acme"), sshPublicKeyBodies, ...extra };
  return { name: "acme-keys", kind: "SshPublicKeySet", args };
}

export function webhook(extra: Plain = {}): Declared {
  const args = {
    url: hookUrl,
    topics: ["file.created"],
    alias: "arrivals",
    ...extra,
  };
  return { name: "arrivals", kind: "Webhook", args };
}

export function shareLink(extra: Plain = {}): Declared {
  const args = { path: "/public/", permission: "read-only", notes: "for the partners", ...extra };
  return { name: "public", kind: "ShareLink", args };
}

export function rotation(extra: Plain = {}): Declared {
  const args = { credentialId: idOf("acme"), ...extra };
  return { name: "acme-password", kind: "PasswordRotation", args };
}

const rules = [{ source: "203.0.113.0/24", protocol: "SFTP" }, { source: "2001:db8:42::/48" }];
const otherRules = [{ source: "198.51.100.7" }];
const password = (n: number) => canaryOf(`password-${n}`);
const header = `Bearer ${canaryOf("header")}`;

/** The same life for each kind: what varies is an argument. */
function life(kind: Kind, first: Declared, changed: Declared | undefined, needs: Program = []): Scene[] {
  const { name } = first;
  const before = [...needs, first];
  return [
    { name: `create ${kind}`, before: needs, after: before },
    ...(changed === undefined ? [] : [{ name: `update ${kind}`, before, after: [...needs, changed] }]),
    { name: `refresh ${kind}`, before },
    { name: `delete ${kind}`, before, after: needs, removes: [name] },
    { name: `replace ${kind}`, before, after: before, replace: name, removes: [name] },
  ];
}

/** Two logins, of which a rotation opens the second one. */
const pair: Program = [credential(), credential({ __reserve: true }, "acme-b")];

function turns(extra: Plain): Declared {
  const args = { credentialIds: [idOf("acme"), idOf("acme-b")], ...extra };
  return { name: "acme-turns", kind: "CredentialRotation", args };
}

export const scenes: readonly Scene[] = [
  ...life("Credential", credential(), credential({ alias: "Acme Ltd.", permission: "read-only" })),
  {
    name: "create Credential with rules",
    before: [],
    after: [credential({ inboundRules: rules, password: password(1) })],
  },
  {
    name: "update the rules of Credential",
    before: [credential({ inboundRules: rules })],
    after: [credential({ inboundRules: otherRules })],
  },
  {
    name: "update the password of Credential",
    before: [credential({ password: password(1) })],
    after: [credential({ password: password(2) })],
  },
  {
    name: "import Credential",
    before: [],
    after: [credential()],
    foreign: (data) => addTwinCredential(data),
    importId: (data) => data.findCredential("acme-incoming")?.Id as string,
  },
  {
    name: "move Credential to another name by import",
    before: [credential()],
    after: [{ ...credential(), name: "renamed" }],
    importId: (data) => data.findCredential("acme-incoming")?.Id as string,
  },
  {
    name: "create Credential with a taken name",
    before: [],
    after: [credential()],
    foreign: (data) => addTwinCredential(data),
    refused: true,
  },
  ...life("SshPublicKey", sshPublicKey(), undefined, [credential()]),
  {
    name: "change SshPublicKey",
    before: [credential(), sshPublicKey()],
    after: [credential(), sshPublicKey(keys[1])],
    removes: ["acme-key"],
  },
  ...life(
    "Webhook",
    webhook({ authorizationHeader: header }),
    webhook({ authorizationHeader: `${header}-2`, state: "paused" }),
  ),
  {
    name: "import Webhook",
    before: [],
    after: [webhook()],
    foreign: (data) => addTwinWebhook(data),
    importId: (data) => data.findWebhook("arrivals")?.Id as string,
  },
  {
    name: "create Webhook that is there",
    before: [],
    after: [webhook()],
    foreign: (data) => addTwinWebhook(data),
    refused: true,
  },
  ...life(
    "ShareLink",
    shareLink({ password: password(3) }),
    shareLink({ password: password(4), accessLimit: 5 }),
  ),
  {
    name: "create ShareLink that is there",
    before: [],
    after: [shareLink()],
    foreign: (data) =>
      void data.addShareLink({ Path: "/public/", Permission: "read-only", Notes: "for the partners" }),
    refused: true,
  },
  {
    name: "rotate for the first time",
    before: [credential()],
    after: [credential(), rotation({ triggers: 1 })],
    rotations: 1,
  },
  {
    name: "rotate by trigger",
    before: [credential(), rotation({ triggers: 1 })],
    after: [credential(), rotation({ triggers: 2 })],
    rotations: 1,
    removes: ["acme-password"],
  },
  {
    name: "set a password",
    before: [credential()],
    after: [credential(), rotation({ password: password(5) })],
  },
  {
    name: "set another password",
    before: [credential(), rotation({ password: password(5) })],
    after: [credential(), rotation({ password: password(6) })],
    removes: ["acme-password"],
  },
  { name: "refresh PasswordRotation", before: [credential(), rotation({ triggers: 1 })] },
  {
    name: "delete PasswordRotation",
    before: [credential(), rotation({ triggers: 1 })],
    after: [credential()],
    removes: ["acme-password"],
  },
  ...sets(),
  ...otherClocks(),
  { name: "create CredentialRotation", before: pair, after: [...pair, turns({ triggers: 1 })] },
  {
    name: "rotate between two logins",
    before: [...pair, turns({ triggers: 1 })],
    after: [...pair, turns({ triggers: 2 })],
    rotations: 1,
    // Nobody uses the login: where a rotation was interrupted, another one costs nothing.
    mayRepeat: 4,
  },
  { name: "refresh CredentialRotation", before: [...pair, turns({ triggers: 1 })] },
  {
    name: "replace CredentialRotation",
    before: [...pair, turns({ triggers: 1 })],
    after: [...pair, turns({ triggers: 1 })],
    replace: "acme-turns",
    removes: ["acme-turns"],
  },
  {
    name: "delete CredentialRotation",
    before: [...pair, turns({ triggers: 1 })],
    after: pair,
    removes: ["acme-turns"],
  },
  ...drifts(),
  ...latecomers(),
  ...hidden(),
  ...others(),
];

/** Sets of keys, of which each change adds before it removes, and never removes a key that is declared. */
function sets(): Scene[] {
  const before = [credential(), keySet([keys[0], keys[1]])];
  const after = [credential(), keySet([keys[1], keys[2]])];
  const old = [credential(), keySet([keys[0]], { overlapDays: 7 })];
  const rolled = [credential(), keySet([keys[1]], { overlapDays: 7 })];
  const late = { dialects: ["late-lists"] as const };
  return [
    { name: "create SshPublicKeySet", before: [credential()], after: before },
    { name: "update SshPublicKeySet", before, after, removesKeys: [keys[0]] },
    { name: "refresh SshPublicKeySet", before },
    { name: "delete SshPublicKeySet", before, after: [credential()], removes: ["acme-keys"] },
    { name: "replace SshPublicKeySet", before, after: before, replace: "acme-keys" },
    { name: "begin the overlap of SshPublicKeySet", before: old, after: rolled },
    {
      name: "end the overlap of SshPublicKeySet",
      before: old,
      async between(world) {
        await world.up(rolled);
        await world.clock.sleep(8 * 86_400_000);
      },
      after: rolled,
      removesKeys: [keys[0]],
    },
    {
      name: "import SshPublicKeySet",
      before: [credential()],
      between: (world) => world.addKey(keys[0]),
      after: [credential(), keySet([keys[0]])],
      importId: (data) => data.findCredential("acme-incoming")?.Id as string,
    },
    {
      name: "refresh SshPublicKeySet that somebody changed",
      before,
      between(world) {
        world.addKey(keys[2]);
        for (const id of world.keysOfBody(keys[0])) world.emulator.data.sshPublicKeys.delete(id);
      },
      removesKeys: [keys[2]],
      needsRefresh: true,
    },
    { name: "create SshPublicKeySet, lists late", before: [credential()], after: before, ...late },
    { name: "update SshPublicKeySet, lists late", before, after, removesKeys: [keys[0]], ...late },
  ];
}

/** Somebody has changed or deleted what the stack manages, and a refresh has to find out. */
function drifts(): Scene[] {
  const whole = {
    Credential: [credential({ inboundRules: rules })],
    SshPublicKey: [credential(), sshPublicKey()],
    Webhook: [webhook({ authorizationHeader: header, state: "enabled" })],
    ShareLink: [shareLink({ accessLimit: 3 })],
    PasswordRotation: [credential(), rotation({ triggers: 1 })],
  } as const;
  const changes: Partial<Record<keyof typeof whole, (data: EmulatorData) => void>> = {
    Credential(data) {
      const [own] = named(data.credentials, ({ UserName }) => UserName === "acme-incoming");
      if (own === undefined) return;
      own.Permission = "full";
      own.Settings.Network.InboundRules = [{ ...data.defaultInboundRule }];
    },
    Webhook(data) {
      for (const hook of named(data.webhooks, ({ Alias }) => Alias === "arrivals")) {
        hook.State = "paused";
        hook.Topics = ["file.deleted"];
      }
    },
    ShareLink(data) {
      for (const link of named(data.shareLinks, ({ Notes }) => Notes === "for the partners")) {
        link.Permission = "read-write";
        link.AccessLimit = 0;
      }
    },
  };
  const changed = Object.entries(changes).map(([kind, change]) => ({
    name: `refresh ${kind} that somebody changed`,
    before: whole[kind as keyof typeof whole],
    between(world: World) {
      world.mayBeOpen("acme-incoming");
      change(world.emulator.data);
    },
    needsRefresh: true as const,
  }));
  // One with a limit counts as used up when it is gone, and stays away.
  const removable = { ...whole, ShareLink: [shareLink()] };
  const deleted = Object.entries(removable).map(([kind, before]) => ({
    name: `refresh ${kind} that somebody deleted`,
    before,
    between: removeOwn,
    needsRefresh: true as const,
    // It is made again, and so is the rotation that it needs.
    ...(kind === "PasswordRotation" && { rotations: 1 }),
  }));
  return [...changed, ...deleted];
}

/** The lists show late what was made, so that only a read by id can tell that it is there. */
function latecomers(): Scene[] {
  const dialects = ["new-objects-late-in-lists"] as const;
  const late = ["late-lists"] as const;
  return [
    { name: "refresh Credential that no list has yet", before: [credential()], dialects },
    { name: "refresh ShareLink that no list has yet", before: [shareLink()], dialects },
    { name: "create Credential, lists late", before: [], after: [credential()], dialects: late },
    {
      name: "create SshPublicKey, lists late",
      before: [credential()],
      after: [credential(), sshPublicKey()],
      dialects: late,
    },
    { name: "create Webhook, lists late", before: [], after: [webhook()], dialects: late },
    { name: "create ShareLink, lists late", before: [], after: [shareLink()], dialects: late },
    {
      name: "rotate for the first time, lists late",
      before: [credential()],
      after: [credential(), rotation({ triggers: 1 })],
      rotations: 1,
      dialects: late,
    },
  ];
}

/** The service's clock is not this machine's, or is in no answer. */
function otherClocks(): Scene[] {
  const clocks = ["service-days-ahead", "service-days-behind", "answers-without-date"] as const;
  const [key, next] = [keySet([keys[0]], { overlapDays: 7 }), keySet([keys[1]], { overlapDays: 7 })];
  return clocks.flatMap((dialect): Scene[] => [
    {
      name: `rotate by trigger, ${dialect}`,
      before: [credential(), rotation({ triggers: 1 })],
      after: [credential(), rotation({ triggers: 2 })],
      rotations: 1,
      removes: ["acme-password"],
      dialects: [dialect],
    },
    {
      name: `rotate between two logins, ${dialect}`,
      before: [...pair, turns({ triggers: 1 })],
      after: [...pair, turns({ triggers: 2 })],
      rotations: 1,
      mayRepeat: 4,
      dialects: [dialect],
    },
    {
      name: `begin the overlap of SshPublicKeySet, ${dialect}`,
      before: [credential(), key],
      after: [credential(), next],
      dialects: [dialect],
    },
  ]);
}

/** The lists leave passwords out: they are read by id. */
function hidden(): Scene[] {
  const dialects = ["passwords-left-out-of-lists"] as const;
  return [
    {
      name: "update the password of Credential, read by id",
      before: [credential({ password: password(1) })],
      after: [credential({ password: password(2) })],
      dialects,
    },
    {
      name: "rotate by trigger, read by id",
      before: [credential(), rotation({ triggers: 1 })],
      after: [credential(), rotation({ triggers: 2 })],
      rotations: 1,
      removes: ["acme-password"],
      dialects,
    },
    {
      name: "refresh Credential, read by id",
      before: [credential({ password: password(1) })],
      dialects,
    },
  ];
}

/** Two at once: another stack with a process of its own, and a person at the dashboard. */
function others(): Scene[] {
  const renamed = credential({ alias: "Acme Ltd.", permission: "read-only" });
  return [
    {
      name: "create Credential while somebody makes another of that name",
      before: [],
      after: [credential({ password: password(1) })],
      amid: {
        operation: "createCredential",
        act(world) {
          const { data } = world.emulator;
          if (data.findCredential("acme-incoming") !== undefined) return;
          data.addCredential({ UserName: "acme-incoming", Permission: "read-only", HomeDirectory: "/b" });
          world.claimForeign();
        },
      },
    },
    {
      name: "create Webhook while somebody makes another of that alias",
      before: [],
      after: [webhook({ authorizationHeader: header })],
      amid: {
        operation: "createWebhook",
        act(world) {
          world.emulator.data.addWebhook({ Url: hookUrl, Topics: ["file.deleted"], Alias: "arrivals" });
          world.claimForeign();
        },
      },
    },
    {
      name: "create ShareLink while somebody makes another of that path",
      before: [],
      after: [shareLink({ accessLimit: 3 })],
      amid: {
        operation: "createShareLink",
        act(world) {
          world.emulator.data.addShareLink({ Path: "/public/", Permission: "full", Notes: "for us" });
          world.claimForeign();
        },
      },
    },
    {
      name: "create Credential beside another stack with the same program",
      before: [],
      after: [credential()],
      afterwards: (world) => world.runOtherStack([credential()]),
    },
    {
      name: "create Webhook beside another stack with the same program",
      before: [],
      after: [webhook()],
      afterwards: (world) => world.runOtherStack([webhook()]),
    },
    {
      name: "update Credential that somebody deletes amid it",
      before: [credential()],
      after: [renamed],
      amid: { operation: "updateCredential", act: removeOwn },
      needsRefresh: true,
    },
    {
      name: "update Webhook that somebody deletes amid it",
      before: [webhook()],
      after: [webhook({ state: "paused" })],
      amid: { operation: "updateWebhook", act: removeOwn },
      needsRefresh: true,
    },
    {
      name: "update Credential that somebody changes afterwards",
      before: [credential()],
      after: [renamed],
      afterwards({ emulator }) {
        const own = emulator.data.findCredential("acme-incoming");
        if (own !== undefined) own.Permission = "full";
      },
      needsRefresh: true,
    },
    {
      name: "delete Credential that somebody deletes amid it",
      before: [credential()],
      after: [],
      removes: ["acme"],
      amid: { operation: "deleteCredential", act: removeOwn },
    },
    {
      name: "rotate while somebody sets a password",
      before: [credential(), rotation({ triggers: 1 })],
      after: [credential(), rotation({ triggers: 2 })],
      rotations: 1,
      removes: ["acme-password"],
      afterwards({ emulator }) {
        const own = emulator.data.findCredential("acme-incoming");
        if (own === undefined) return;
        own.Password = canaryOf("set-by-hand");
        own.PasswordCreatedAt = new Date(Date.parse(own.PasswordCreatedAt) + 60_000).toISOString();
      },
      needsRefresh: true,
    },
  ];
}

function named<T>(objects: ReadonlyMap<string, T>, is: (object: T) => boolean): T[] {
  return [...objects.values()].filter(is);
}

/** Somebody deletes what the stack manages: of a credential with a key the key. */
function removeOwn(world: World): void {
  const { data } = world.emulator;
  const recorded = [...world.engine.state.values()];
  const last = recorded.filter(({ kind }) => kind !== "PasswordRotation").at(-1);
  const id = last?.id.split("/").at(-1) ?? "";
  if (data.credentials.has(id)) data.deleteCredential(id);
  data.sshPublicKeys.delete(id);
  data.webhooks.delete(id);
  data.shareLinks.delete(id);
}

function addTwinCredential(data: EmulatorData): void {
  data.addCredential({ UserName: "acme-incoming", Alias: "acme", Permission: "read-write" });
}

function addTwinWebhook(data: EmulatorData): void {
  const fields = { Url: hookUrl, Topics: ["file.created"], Alias: "arrivals" };
  data.addWebhook(fields);
}

/** Objects of other people, in every world: nothing may ever happen to them. */
export function addBystanders(data: EmulatorData): void {
  const other = data.addCredential({ UserName: "somebody-else", Alias: "acme" });
  data.addSshPublicKey({
    UserId: other.Id,
    SshPublicKeyBody: keys[2],
    Comment: "",
    Fingerprint: "SHA256:none",
    Type: "ed25519",
  });
  data.addWebhook({ Url: "https://hooks.example.com/other", Topics: ["file.deleted"], Alias: "other" });
  data.addShareLink({ Path: "/public/", Permission: "read-only", Notes: "somebody else's" });
  data.addCredential({ UserName: "somebody-new-1" });
}
