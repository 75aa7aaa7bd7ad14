/** The turns in a resource's life that the matrix disturbs: what was there, and what is done. */

import { canary } from "#world";
import type { EmulatorData } from "../../provider/emulator/index.js";
import type { Kind } from "../../provider/engine/kinds.js";
import type { Plain } from "../../provider/values/plain.js";
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
  /** Generated rotations that the turn asks for. */
  readonly rotations?: number;
  /** Its create has to be refused, since there is such an object already. */
  readonly refused?: true;
}

const key = (blob: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${blob}T8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example`;
export const keys = [key("Df"), key("Ef"), key("Ff")] as const;

export function credential(extra: Plain = {}, name = "acme"): Declared {
  const args = { userName: `${name}-incoming`, alias: name, permission: "read-write", ...extra };
  return { name, kind: "Credential", args };
}

export function sshPublicKey(body: string = keys[0]): Declared {
  const args = { credentialId: idOf("acme"), sshPublicKeyBody: body };
  return { name: "acme-key", kind: "SshPublicKey", args };
}

export function webhook(extra: Plain = {}): Declared {
  const args = {
    url: "https://hooks.example.com/sftp",
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
const password = (n: number) => `${canary}password-${n}`;
const header = `Bearer ${canary}token`;

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
  { name: "refresh PasswordRotation", before: [credential(), rotation({ triggers: 1 })] },
  {
    name: "delete PasswordRotation",
    before: [credential(), rotation({ triggers: 1 })],
    after: [credential()],
    removes: ["acme-password"],
  },
];

function addTwinCredential(data: EmulatorData): void {
  data.addCredential({ UserName: "acme-incoming", Alias: "acme", Permission: "read-write" });
}

function addTwinWebhook(data: EmulatorData): void {
  const fields = { Url: "https://hooks.example.com/sftp", Topics: ["file.created"], Alias: "arrivals" };
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
