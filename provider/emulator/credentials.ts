/** `/users`: the credentials, their inbound rules and passwords. */
import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import * as v from "valibot";
import type { Credential } from "../api/credentials";
import { generatePassword, type StoredCredential } from "./data";
import { checkPassword } from "./passwords";
import {
  assign,
  badRequest,
  conflict,
  created,
  fields,
  notFound,
  ok,
  oneOf,
  parse,
  RefusalError,
  type Route,
  type Service,
  text,
  time,
} from "./route";

/** The vendor's documentation: at most one year ahead; a leap year is one. */
const longestExpirationMs = 366 * 24 * 60 * 60 * 1000;

/**
 * The reference allows letters, digits, `_`, `-` and `.`. The vendor's documentation recommends an e-mail
 * address as user name, so `@` and `+` are taken too. A create also takes a blank, and generates a name.
 */
const userName = userNameLike(/^[A-Za-z0-9_.@+-]{10,100}$/);
const userNameOrBlank = userNameLike(/^$|^[A-Za-z0-9_.@+-]{10,100}$/);

function userNameLike(pattern: RegExp) {
  const message = "must be 10 to 100 alphanumeric, underscore, hyphen or period characters";
  return v.pipe(text, v.regex(pattern, message));
}

const rule = fields({
  Id: v.nullish(text),
  Source: v.pipe(text, v.check(isAddressOrRange, "must be an IP address or a range in CIDR notation")),
  Protocol: v.optional(oneOf("*", "SFTP", "FTPS"), "*"),
  State: v.optional(oneOf("enabled", "disabled"), "enabled"),
  Action: v.optional(v.literal("allow", "must be allow"), "allow"),
  Description: v.nullish(text, null),
});

const commonFields = {
  Alias: v.nullish(text),
  // The blank of a directory is its default.
  HomeDirectory: v.nullish(text),
  ChrootDirectory: v.nullish(text),
  // `read-write-no-delete` is in the dashboard for credentials, and in the API for share links.
  Permission: v.optional(
    oneOf("none", "read-only", "read-write", "write-only", "full", "read-write-no-delete"),
  ),
  State: v.optional(oneOf("active", "inactive")),
  // "If left blank, they will never expire": null, 0 and an empty text are blanks.
  Expiration: v.nullish(v.union([time, v.literal("")], "must be a Unix time in milliseconds")),
};

// `Settings` is not among the reference's parameters of a create: as any unknown field, it is ignored there.
const createBody = fields({
  ...commonFields,
  UserName: v.nullish(userNameOrBlank),
  Password: v.nullish(text),
});

const updateBody = fields({
  ...commonFields,
  UserName: v.optional(userName),
  Password: v.optional(text),
  Settings: v.optional(fields({ Network: fields({ InboundRules: v.array(rule, "must be an array") }) })),
});

const rotationBody = fields({ Password: v.nullish(text) });

export function credentialRoutes(service: Service): Route[] {
  const { data, now } = service;

  function find(id: string): StoredCredential {
    const credential = data.credentials.get(id);
    if (credential === undefined) throw notFound("Credential");
    lapse(credential, service);
    return credential;
  }

  function checkUserName(name: string, own?: StoredCredential): void {
    const holder = data.findCredential(name);
    if (holder !== undefined && holder !== own) throw conflict("UserName is already taken");
  }

  function setPassword(credential: StoredCredential, password: string): void {
    credential.Password = password;
    credential.PasswordCreatedAt = new Date(now()).toISOString();
    credential.UpdatedAt = now();
  }

  /** The list: the only answer with both `Settings` and `PasswordCreatedAt`. */
  function list(): Credential[] {
    const keys = new Map<string, number>();
    for (const { UserId } of data.sshPublicKeys.values()) keys.set(UserId, (keys.get(UserId) ?? 0) + 1);
    return [...data.credentials.values()].map((credential) => {
      lapse(credential, service);
      const { Settings, PasswordCreatedAt } = credential;
      return { ...show(credential, keys.get(credential.Id) ?? 0), PasswordCreatedAt, Settings };
    });
  }

  /** One credential as the single read shows it: without `Settings` and `PasswordCreatedAt`. */
  function one(credential: StoredCredential): Credential {
    return show(credential, data.sshPublicKeysOf(credential.Id).length);
  }

  /** `Expiration` is accepted and in no answer. */
  function show(credential: StoredCredential, SshPublicKeysCount: number): Credential {
    const { Expiration, PasswordCreatedAt, Settings, ...shown } = credential;
    return {
      ...shown,
      OrganizationId: data.organizationId,
      SshPublicKeysCount,
      URI: loginUri(credential),
    };
  }

  return [
    { method: "GET", path: "/users", operation: "listCredentials", handle: () => ok(list()) },
    {
      method: "POST",
      path: "/users",
      operation: "createCredential",
      handle({ body }) {
        const { UserName, Password, HomeDirectory, ChrootDirectory, ...rest } = parse(createBody, body);
        const Expiration = readExpiration(rest.Expiration, now());
        if (UserName) checkUserName(UserName);
        // Of a create without a password the reference says nothing: one is generated, as for a user name.
        if (Password) checkPassword(Password);
        const credential = data.addCredential();
        assign(credential, {
          ...rest,
          Expiration,
          UserName: UserName || undefined,
          Password: Password || undefined,
          HomeDirectory: directory(HomeDirectory),
          ChrootDirectory: ChrootDirectory || undefined,
        });
        // A create's answer has the rules, but not the password's age.
        return created({ ...one(credential), Settings: credential.Settings });
      },
    },
    {
      method: "GET",
      path: "/users/:id",
      operation: "getCredential",
      handle: ({ id }) => ok(one(find(id))),
    },
    {
      method: "PATCH",
      path: "/users/:id",
      operation: (body) => (isOnlySettings(body) ? "updateInboundRules" : "updateCredential"),
      handle({ id, body }) {
        const credential = find(id);
        const { Settings, Password, HomeDirectory, ChrootDirectory, ...rest } = parse(updateBody, body);
        const Expiration = readExpiration(rest.Expiration, now());
        if (credential.IsDefault && (rest.Permission ?? credential.Permission) !== credential.Permission) {
          throw badRequest("The permission of root credentials cannot be changed");
        }
        if (rest.UserName !== undefined) checkUserName(rest.UserName, credential);
        // Nothing is said of an empty password in an update. It is refused rather than taken for a rotation.
        if (Password !== undefined) checkPassword(Password);
        const oldAlias = credential.Alias;
        assign(credential, {
          ...rest,
          Expiration,
          HomeDirectory: directory(HomeDirectory),
          ChrootDirectory: ChrootDirectory === undefined ? undefined : ChrootDirectory || "/",
          UpdatedAt: now(),
        });
        if (Password !== undefined) setPassword(credential, Password);
        if (Settings !== undefined) {
          // "This call will override any inbound rules that were previously set."
          const rules = Settings.Network.InboundRules;
          credential.Settings.Network.InboundRules = rules.map((r) => ({ ...r, Id: r.Id || randomUUID() }));
        }
        // In the reference's example the answer still holds the alias from before. And rules are in the
        // answer to an update of rules, and in no other.
        const answer = { ...one(credential), Alias: oldAlias };
        return ok(Settings === undefined ? answer : { ...answer, Settings: credential.Settings });
      },
    },
    {
      method: "DELETE",
      path: "/users/:id",
      operation: "deleteCredential",
      handle({ id }) {
        const credential = find(id);
        if (credential.IsDefault)
          throw new RefusalError(403, "Root credentials cannot be deleted", "forbidden");
        const answer = one(credential);
        data.deleteCredential(id);
        return ok(answer);
      },
    },
    {
      method: "POST",
      path: "/users/:id/credential-rotations",
      operation: (body) => (hasPassword(body) ? "setPassword" : "rotatePassword"),
      handle({ id, body }) {
        const credential = find(id);
        const { Password } = parse(rotationBody, body);
        if (Password) checkPassword(Password);
        // An empty password is no password: it rotates.
        setPassword(credential, Password || generatePassword());
        // The message is the same for both, and the new password is not in it: "make a get request".
        return ok({ message: "Password set." });
      },
    },
  ];
}

/** The reference shows a plain user name and password only. They are percent-encoded, as a URI asks for. */
export function loginUri({ UserName, Password, Host }: StoredCredential): string {
  return `sftp://${encodeURIComponent(UserName)}:${encodeURIComponent(Password)}@${Host}`;
}

/** When its expiration passes, a credential turns inactive and its expiration is cleared, some time late. */
function lapse(credential: StoredCredential, { now, lateMs }: Service): void {
  if (credential.Expiration === null || now() < credential.Expiration + lateMs) return;
  credential.State = "inactive";
  credential.Expiration = null;
  credential.UpdatedAt = now();
}

/** What to store: `undefined` for what was not sent, `null` for a blank. */
function readExpiration(value: number | "" | null | undefined, now: number): number | null | undefined {
  if (value === undefined) return undefined;
  if (!value) return null;
  if (value <= now) throw badRequest("Expiration must be in the future");
  if (value > now + longestExpirationMs) throw badRequest("Expiration must be at most one year ahead");
  return value;
}

/**
 * How a home directory is stored: in the reference's example of an update `/test` comes back as `test`. A
 * bare `/` stays, as in the example of a create. One rule for both calls.
 */
function directory(path: string | null | undefined): string | undefined {
  return path === undefined ? undefined : path?.replace(/^\/+/, "") || "/";
}

function isAddressOrRange(source: string): boolean {
  const [, address, prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(source) ?? [];
  const version = isIP(address ?? "");
  return version !== 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128);
}

function isOnlySettings(body: unknown): boolean {
  return typeof body === "object" && body !== null && Object.keys(body).join() === "Settings";
}

function hasPassword(body: unknown): boolean {
  return typeof body === "object" && body !== null && "Password" in body && Boolean(body.Password);
}
