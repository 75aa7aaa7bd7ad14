/**
 * What the emulated organization holds: plain objects in maps, which a test may change directly.
 *
 * A change made here is a change "behind Pulumi's back": no request, no ledger entry, no validation. Objects
 * are stored as the API shows them, less what is derived when they are shown: a credential's `URI`,
 * `SshPublicKeysCount` and `OrganizationId`.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** One network rule of a credential, with all fields. (A type, so that it passes for an open wire type.) */
export type StoredInboundRule = {
  /** The rule's id. */
  Id: string;
  /** An IP address, or a range in CIDR notation. */
  Source: string;
  /** `*`, `SFTP` or `FTPS`. */
  Protocol: string;
  /** `enabled` or `disabled`. */
  State: string;
  /** Always `allow`. */
  Action: string;
  /** A note for people, or `null`. */
  Description: string | null;
};

/** A login. */
export interface StoredCredential {
  /** The credential's id. */
  readonly Id: string;
  /** The login, unique in the organization. */
  UserName: string;
  /** The password in plain text, to compare with. */
  Password: string;
  /** ISO 8601 text, unlike every other time. */
  PasswordCreatedAt: string;
  /** The name that people see, or `null`. */
  Alias: string | null;
  /** The folder a session starts in. */
  HomeDirectory: string;
  /** What the home directory is mapped to; `/` by default. */
  ChrootDirectory: string;
  /** What it may do, e.g. `read-write`. */
  Permission: string;
  /** `active` or `inactive`. */
  State: string;
  /** Unix milliseconds; applied to `State` by the next request that looks at the credential. */
  Expiration: number | null;
  /** Its own inbound rules. */
  Settings: {
    /** Who may connect. */
    Network: {
      /** All rules of its own, in the order of their creation. */
      InboundRules: StoredInboundRule[];
    };
  };
  /** Whether it is the root credential. */
  readonly IsDefault: boolean;
  /** The host to connect to. */
  readonly Host: string;
  /** When it was made, in Unix milliseconds. */
  readonly CreatedAt: number;
  /** When it was last changed, in Unix milliseconds. */
  UpdatedAt: number;
}

/** An SSH public key of a credential. */
export interface StoredSshPublicKey {
  /** The key's id. */
  readonly Id: string;
  /** The id of the credential it belongs to. */
  readonly UserId: string;
  /** One line in OpenSSH's format, with its comment. */
  SshPublicKeyBody: string;
  /** What follows the key in its line; may be empty. */
  Comment: string;
  /** `SHA256:` and the unpadded base64 hash of the key, as `ssh-keygen -l` prints it. */
  Fingerprint: string;
  /** `rsa`, `ecdsa` or `ed25519`. */
  Type: string;
  /** When it was made, in Unix milliseconds. */
  readonly CreatedAt: number;
  /** When it was last changed, in Unix milliseconds. */
  UpdatedAt: number;
}

/** A webhook. */
export interface StoredWebhook {
  /** The webhook's id. */
  readonly Id: string;
  /** The name that people see, or `null`. */
  Alias: string | null;
  /** Where deliveries go: an https address, or for the type `email` a mailbox. */
  Url: string;
  /** `webhook`, `slack`, `ms-teams` or `email`. */
  Type: string;
  /** Sent with each delivery, or `null`. */
  AuthorizationHeader: string | null;
  /** The real one; the list shows `""`. */
  Secret: string;
  /** The events that it gets. */
  Topics: string[];
  /** `enabled` or `paused`. */
  State: string;
  /** When it was made, in Unix milliseconds. */
  readonly CreatedAt: number;
  /** When it was last changed, in Unix milliseconds. */
  UpdatedAt: number;
}

/** A share link. */
export interface StoredShareLink {
  /** The link's id. */
  readonly Id: string;
  /** What it opens; a folder ends with a slash. */
  Path: string;
  /** What its visitors may do, e.g. `read-only`. */
  Permission: string;
  /** `active`, or why it is not. */
  State: string;
  /** The address that opens it. */
  readonly Url: string;
  /** Unix milliseconds. */
  ExpiresAt: number | null;
  /** 0: without limit. */
  AccessLimit: number;
  /** How often it was opened. */
  AccessCount: number;
  /** What visitors have to enter, or `null`. */
  Password: string | null;
  /** A note for people, or `null`. */
  Notes: string | null;
  /** When it was made, in Unix milliseconds. */
  readonly CreatedAt: number;
  /** When it was last changed, in Unix milliseconds. */
  UpdatedAt: number;
}

/** What an organization held at one time. */
export interface Snapshot {
  /** A copy of each collection, by id. */
  readonly maps: readonly ReadonlyMap<string, unknown>[];
}

/** What `add…` fills in when it is left out: identity and times. */
type Given = "Id" | "CreatedAt" | "UpdatedAt";

const hostWords = ["warm", "soda", "calm", "river", "green", "stone", "quiet", "maple", "bright", "harbor"];

/** The objects of one emulated organization, by id, in the order of their creation. */
export class EmulatorData {
  /** The organization's id. */
  readonly organizationId: string;
  /** The host name of every credential. */
  readonly host: string;
  /** The rule every credential starts with. In the reference's examples all share one id, so here too. */
  readonly defaultInboundRule: Readonly<StoredInboundRule>;
  /** All logins, by id. */
  readonly credentials = new Map<string, StoredCredential>();
  /** The SSH public keys of all logins, by id. */
  readonly sshPublicKeys = new Map<string, StoredSshPublicKey>();
  /** All webhooks, by id. */
  readonly webhooks = new Map<string, StoredWebhook>();
  /** All share links, by id. */
  readonly shareLinks = new Map<string, StoredShareLink>();
  readonly #now: () => number;
  readonly #mint: (id: string) => string;

  /**
   * An organization as it is on its first day: the root credential and nothing else. `mint` makes the id of a new
   * object from a random one.
   */
  constructor(organizationId: string, now: () => number, mint: (id: string) => string = (id) => id) {
    this.organizationId = organizationId;
    this.#now = now;
    this.#mint = mint;
    const word = () => hostWords[randomInt(hostWords.length)];
    this.host = `${word()}-${word()}-${randomInt(10_000, 100_000)}.sftptogo.com`;
    this.defaultInboundRule = {
      Action: "allow",
      Description: "Allow all inbound traffic from anywhere",
      Id: randomUUID(),
      Protocol: "SFTP",
      Source: "0.0.0.0/0",
      State: "enabled",
    };
    this.addCredential({
      Alias: "Root",
      HomeDirectory: `/sftptg-prod-us-east-1-${organizationId}`,
      IsDefault: true,
    });
  }

  /** The one credential that cannot be deleted. */
  get root(): StoredCredential {
    const root = [...this.credentials.values()].find((credential) => credential.IsDefault);
    if (root === undefined) throw new Error("the root credential was taken out of the emulator's data");
    return root;
  }

  /** The credential of this user name; upper and lower case differ. */
  findCredential(userName: string): StoredCredential | undefined {
    // A scan, not an index: the objects are changed directly, and 2,000 names take some microseconds.
    for (const credential of this.credentials.values()) {
      if (credential.UserName === userName) return credential;
    }
    return undefined;
  }

  /** The first webhook of this alias: unlike user names, aliases need not be unique. */
  findWebhook(alias: string): StoredWebhook | undefined {
    return [...this.webhooks.values()].find((webhook) => webhook.Alias === alias);
  }

  /** The first share link of this path: a path may have several. */
  findShareLink(path: string): StoredShareLink | undefined {
    return [...this.shareLinks.values()].find((link) => link.Path === path);
  }

  /** The SSH public keys of this credential. */
  sshPublicKeysOf(credentialId: string): StoredSshPublicKey[] {
    return [...this.sshPublicKeys.values()].filter((key) => key.UserId === credentialId);
  }

  /** Adds a credential behind Pulumi's back; what is left out is as in a create with an empty body. */
  addCredential(fields: Partial<StoredCredential> = {}): StoredCredential {
    return this.#add(this.credentials, {
      ...this.#newborn(randomBytes(15).toString("hex")),
      UserName: randomBytes(10).toString("hex"),
      Password: generatePassword(),
      PasswordCreatedAt: new Date(this.#now()).toISOString(),
      Alias: null,
      HomeDirectory: "/",
      ChrootDirectory: "/",
      // Of a left-out permission the reference says nothing. The widest is the default that a program which
      // leaves it out has to reckon with.
      Permission: "full",
      State: "active",
      Expiration: null,
      Settings: { Network: { InboundRules: [{ ...this.defaultInboundRule }] } },
      IsDefault: false,
      Host: this.host,
      ...fields,
    });
  }

  /** Adds an SSH public key behind Pulumi's back; the credential named by `UserId` is not looked up. */
  addSshPublicKey(fields: Omit<StoredSshPublicKey, Given> & Partial<StoredSshPublicKey>): StoredSshPublicKey {
    return this.#add(this.sshPublicKeys, { ...this.#newborn(randomUUID()), ...fields });
  }

  /** Adds a webhook behind Pulumi's back, enabled and with a fresh secret unless said otherwise. */
  addWebhook(fields: Pick<StoredWebhook, "Url" | "Topics"> & Partial<StoredWebhook>): StoredWebhook {
    return this.#add(this.webhooks, {
      ...this.#newborn(randomUUID()),
      Alias: null,
      Type: "webhook",
      AuthorizationHeader: null,
      Secret: randomBytes(24).toString("base64url"),
      State: "enabled",
      ...fields,
    });
  }

  /** Adds a share link behind Pulumi's back, without limits unless said otherwise. */
  addShareLink(
    fields: Pick<StoredShareLink, "Path" | "Permission"> & Partial<StoredShareLink>,
  ): StoredShareLink {
    const id = shortId();
    return this.#add(this.shareLinks, {
      ...this.#newborn(id),
      State: "active",
      Url: `https://portal.sftptogo.com/p/shares/${id}`,
      ExpiresAt: null,
      AccessLimit: 0,
      AccessCount: 0,
      Password: null,
      Notes: null,
      ...fields,
    });
  }

  /** Deletes a credential and, as the service does, its SSH public keys. */
  deleteCredential(id: string): void {
    this.credentials.delete(id);
    for (const key of this.sshPublicKeysOf(id)) this.sshPublicKeys.delete(key.Id);
  }

  /** A copy of all that is there now, for `asOf`. */
  snapshot(): Snapshot {
    return { maps: this.#maps.map((map) => structuredClone(map)) };
  }

  /** Runs something, at once, that sees only what was there at the time of the snapshot. */
  asOf<T>({ maps }: Snapshot, run: () => T): T {
    const present = this.#maps.map((map) => new Map(map));
    this.#become(maps);
    try {
      return run();
    } finally {
      this.#become(present);
    }
  }

  #become(contents: Snapshot["maps"]): void {
    for (const [index, map] of this.#maps.entries()) {
      map.clear();
      for (const [id, object] of contents[index] ?? []) map.set(id, object);
    }
  }

  #newborn(Id: string) {
    const CreatedAt = this.#now();
    return { Id: this.#mint(Id), CreatedAt, UpdatedAt: CreatedAt };
  }

  get #maps(): readonly Map<string, unknown>[] {
    return [this.credentials, this.sshPublicKeys, this.webhooks, this.shareLinks];
  }

  #add<T extends { readonly Id: string }>(map: Map<string, T>, object: T): T {
    map.set(object.Id, object);
    return object;
  }
}

const lower = "abcdefghijkmnopqrstuvwxyz";
const upper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const digits = "23456789";
/** Some of these must be percent-encoded in a `sftp://` address: generated passwords show who forgets it. */
const symbols = "!#$%&*+-/=?@^_";

/** A password for a strict policy: 20 characters with a lower and an upper letter, a digit and a symbol. */
export function generatePassword(): string {
  const characters = [lower, upper, digits, symbols].map(pick);
  while (characters.length < 20) characters.push(pick(lower + upper + digits + symbols));
  return characters
    .map((character) => ({ character, place: randomInt(2 ** 32) }))
    .sort((a, b) => a.place - b.place)
    .map(({ character }) => character)
    .join("");
}

function pick(from: string): string {
  return from.charAt(randomInt(from.length));
}

/** A share link's id, in the look of the reference's `BSsdas5CBscVy`. */
function shortId(): string {
  return Array.from({ length: 13 }, () => pick(lower + upper + digits)).join("");
}
