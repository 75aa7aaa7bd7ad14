/**
 * What a program declares against what the server holds, field by field. A table of its own: one that was derived
 * from the product's fields would believe whatever a mutant of them says.
 */
import type {
  EmulatorData,
  StoredCredential,
  StoredInboundRule,
  StoredShareLink,
  StoredSshPublicKey,
  StoredWebhook,
} from "../../../provider/emulator/index.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { Recorded } from "../stage/stage.ts";

/** Whether the server's object has what is declared for one argument, among all that is said of it. */
type Holds<T> = (declared: unknown, object: T, all: Plain) => boolean;

interface Truth<T> {
  find(data: EmulatorData, id: string): T | undefined;
  readonly fields: Readonly<Record<string, Holds<T>>>;
  /** What an object that the program made has where the program says nothing. */
  readonly born: Plain;
  /** The secret outputs as the server has them. */
  secrets(object: T, args: Plain): Plain;
}

/** Arguments that no object of the service has. */
const ours: ReadonlySet<string> = new Set([
  "storeSecrets",
  "triggers",
  "rotateAfterDays",
  "onConsumed",
  "__reserve",
  "overlapDays",
]);

/** Secret outputs that a state may lack. */
const optional: ReadonlySet<string> = new Set(["uri", "secret"]);

const credential: Truth<StoredCredential> = {
  find: (data, id) => data.credentials.get(id),
  fields: {
    alias: (declared, { Alias }) => declared === Alias,
    userName: (declared, { UserName }) => declared === UserName,
    password: (declared, { Password }) => declared === Password,
    homeDirectory: (declared, { HomeDirectory }) => bare(declared) === bare(HomeDirectory),
    chrootDirectory: (declared, { ChrootDirectory }) => bare(declared) === bare(ChrootDirectory),
    permission: (declared, { Permission }) => declared === Permission,
    expiration: (declared, { Expiration }) => isSameTime(declared, Expiration),
    state: (declared, { State }) => declared === State,
    inboundRules: (declared, { Settings }) => isSameRules(declared, Settings.Network.InboundRules),
  },
  // Somebody has to be able to log in.
  born: { state: "active" },
  secrets: ({ Password, UserName, Host }, { storeSecrets }) =>
    storeSecrets === false
      ? { password: null, uri: null }
      : {
          password: Password,
          uri: `sftp://${encodeURIComponent(UserName)}:${encodeURIComponent(Password)}@${Host}`,
        },
};

const sshPublicKey: Truth<StoredSshPublicKey> = {
  find: (data, id) => data.sshPublicKeys.get(id),
  fields: {
    credentialId: (declared, { UserId }) => declared === UserId,
    sshPublicKeyBody: (declared, { SshPublicKeyBody }) => blobOf(declared) === blobOf(SshPublicKeyBody),
  },
  born: {},
  secrets: () => ({}),
};

const webhook: Truth<StoredWebhook> = {
  find: (data, id) => data.webhooks.get(id),
  fields: {
    alias: (declared, { Alias }) => declared === Alias,
    url: (declared, { Url }) => declared === Url,
    type: (declared, { Type }) => declared === Type,
    topics: (declared, { Topics }) => isSameSet(declared, Topics),
    authorizationHeader: (declared, { AuthorizationHeader }) => declared === AuthorizationHeader,
    state: (declared, { State }) => declared === State,
  },
  born: { state: "enabled" },
  secrets: ({ Secret, Url }) => ({ secret: Secret, url: Url }),
};

const shareLink: Truth<StoredShareLink> = {
  find: (data, id) => data.shareLinks.get(id),
  fields: {
    path: (declared, { Path }) => bare(declared) === bare(Path),
    permission: (declared, { Permission }) => declared === Permission,
    expiresAt: (declared, { ExpiresAt }) => isSameTime(declared, ExpiresAt),
    accessLimit: (declared, { AccessLimit }) => (declared ?? 0) === AccessLimit,
    password: (declared, { Password }) => declared === Password,
    notes: (declared, { Notes }) => declared === Notes,
  },
  born: {},
  secrets: ({ Url }) => ({ url: Url }),
};

/** Of a rotation the server has nothing but the credential's password. */
const passwordRotation: Truth<StoredCredential> = {
  find: (data, id) => data.credentials.get(id),
  fields: {
    credentialId: (declared, { Id }) => declared === Id,
    password: (declared, { Password }) => declared === Password,
  },
  born: {},
  secrets: (object, args) => ({ ...credential.secrets(object, args), userName: object.UserName }),
};

/** A set of keys is all the keys of a credential, but those that the state says to be on their way out. */
const sshPublicKeySet: Truth<{ readonly id: string; readonly keys: readonly StoredSshPublicKey[] }> = {
  find: (data, id) => (data.credentials.has(id) ? { id, keys: data.sshPublicKeysOf(id) } : undefined),
  fields: {
    credentialId: (declared, { id }) => declared === id,
    sshPublicKeyBodies(declared, { keys }, { outgoing }) {
      const leaving = Array.isArray(outgoing) ? outgoing.map((each) => each.keyId) : [];
      const held = keys.filter(({ Id }) => !leaving.includes(Id)).map(blobOfKey);
      return isSameSet(Array.isArray(declared) ? declared.map((body) => blobOf(body) ?? "") : [], held);
    },
  },
  born: {},
  secrets: () => ({}),
};

function blobOfKey({ SshPublicKeyBody }: StoredSshPublicKey): string {
  return blobOf(SshPublicKeyBody) ?? "";
}

/** A row with its object's type closed over, so that a table can hold all kinds. */
function row<T>({ find, fields, born, secrets }: Truth<T>) {
  return {
    isThere: (data: EmulatorData, id: string) => find(data, id) !== undefined,
    differing(data: EmulatorData, id: string, declared: Plain, all: Plain = declared): string[] {
      const object = find(data, id);
      if (object === undefined) return ["(it is not there)"];
      return Object.entries(declared).flatMap(([key, value]) => {
        if (ours.has(key)) return [];
        const holds = fields[key];
        if (holds === undefined) throw new Error(`the judge does not know the argument ${key}`);
        return holds(value, object, all) ? [] : [key];
      });
    },
    wrong(data: EmulatorData, { id, outputs, inputs }: Recorded, made: boolean): string[] {
      const object = find(data, objectIdOf(id));
      if (object === undefined) return [];
      const secret = Object.entries(secrets(object, inputs));
      // The class composes `uri` in the program; an imported webhook's secret is in no answer.
      const isUnknown = (key: string) => outputs[key] === undefined || (!made && outputs[key] === null);
      return secret.flatMap(([key, value]) =>
        outputs[key] === value || (optional.has(key) && isUnknown(key)) ? [] : [key],
      );
    },
    fields: Object.keys(fields),
    born,
  };
}

/** Of two logins that take turns the server has which are open, and with which passwords. */
const credentialRotation: ReturnType<typeof row> = {
  isThere: (data, id) => id.split("/").some((each) => data.credentials.has(each)),
  differing: () => [],
  wrong(data, { outputs, inputs }) {
    const wrongOf = (idKey: string, keys: Readonly<Record<string, "UserName" | "Password">>) => {
      const object = data.credentials.get(String(outputs[idKey]));
      return Object.entries(keys).flatMap(([key, name]) => {
        const isHeld = inputs.storeSecrets !== false || name !== "Password";
        const held = object !== undefined && isHeld ? object[name] : null;
        return object === undefined && outputs[idKey] != null ? [] : outputs[key] === held ? [] : [key];
      });
    };
    return [
      ...wrongOf("activeCredentialId", { userName: "UserName", password: "Password" }),
      ...wrongOf("previousCredentialId", { previousUserName: "UserName", previousPassword: "Password" }),
    ];
  },
  fields: [],
  born: {},
};

const truths: Readonly<Record<Kind, ReturnType<typeof row>>> = {
  Credential: row(credential),
  SshPublicKey: row(sshPublicKey),
  Webhook: row(webhook),
  ShareLink: row(shareLink),
  PasswordRotation: row(passwordRotation),
  CredentialRotation: credentialRotation,
  SshPublicKeySet: row(sshPublicKeySet),
};

/** The API's id in a state's: a key's is `credentialId/keyId`, a rotation's `credentialId/time`, or two ids. */
export function objectIdOf(id: string, kind?: Kind): string {
  const parts = id.split("/");
  if (kind === "CredentialRotation") return id;
  return (kind === "PasswordRotation" ? parts[0] : parts.at(-1)) ?? id;
}

/**
 * The names of the arguments whose declared values the server does not hold. `made`: by this program. `outgoing`: the
 * keys of a set whose overlap has not ended.
 */
export function differing(
  data: EmulatorData,
  kind: Kind,
  id: string,
  args: Plain,
  made: boolean,
  outgoing: readonly unknown[] = [],
): readonly string[] {
  const truth = truths[kind];
  const declared = { ...(made && !args.__reserve && truth.born), ...args };
  return truth.differing(data, objectIdOf(id, kind), declared, { ...declared, outgoing });
}

/** The names of the secret outputs in the state that are not the server's, and of arguments that it does not hold. */
export function wrongOutputs(data: EmulatorData, recorded: Recorded, made: boolean): readonly string[] {
  const { kind, outputs } = recorded;
  const id = objectIdOf(recorded.id, kind);
  const truth = truths[kind];
  if (!truth.isThere(data, id)) return [];
  const shown = Object.entries(outputs).filter(
    // A secret is compared below, if it is an output at all; an expiration is in no answer.
    ([key, value]) =>
      truth.fields.includes(key) && value != null && !["password", "url", "expiration"].includes(key),
  );
  return [
    ...truth.wrong(data, { ...recorded, id }, made),
    ...truth.differing(data, id, Object.fromEntries(shown), outputs),
  ];
}

function bare(path: unknown): string {
  return String(path ?? "").replace(/^\/+|\/+$/g, "");
}

function blobOf(body: unknown): string | undefined {
  return String(body).trim().split(/ +/)[1];
}

/** The service may keep whole seconds. */
function isSameTime(declared: unknown, held: number | null): boolean {
  if (declared === null || held === null) return declared === held;
  const declaredMs = typeof declared === "number" ? declared : Date.parse(String(declared));
  return Math.floor(declaredMs / 1000) === Math.floor(held / 1000);
}

function isSameSet(declared: unknown, held: readonly string[]): boolean {
  const sorted = (values: readonly unknown[]) => JSON.stringify([...new Set(values)].sort());
  return Array.isArray(declared) && sorted(declared) === sorted(held);
}

/** What a rule lets in, in any order. */
function isSameRules(declared: unknown, held: readonly StoredInboundRule[]): boolean {
  if (!Array.isArray(declared)) return false;
  const wanted = declared.map(({ source, protocol = "*", state = "enabled", description = null }) =>
    [source, protocol, state, description].join(" "),
  );
  const there = held.map((rule) => [rule.Source, rule.Protocol, rule.State, rule.Description].join(" "));
  return wanted.sort().join() === there.sort().join();
}
