/** Credentials: `/users`. */
import * as v from "valibot";
import { blankable, type Calls, id, optionalNumber, optionalTime } from "./calls";
import { InputError } from "./errors";

/** One network rule of a credential: who may connect, over what. */
const inboundRuleSchema = v.looseObject({
  Id: v.optional(v.string()),
  /** A single IP address or a range in CIDR notation. */
  Source: v.string(),
  /** `*`, `SFTP` or `FTPS`. */
  Protocol: v.optional(v.string()),
  /** `enabled` or `disabled`. */
  State: v.optional(v.string()),
  /** Always `allow`. */
  Action: v.optional(v.string()),
  Description: blankable,
});
export type InboundRule = v.InferOutput<typeof inboundRuleSchema>;

/**
 * A login. `Settings` and `PasswordCreatedAt` are in the list and missing from the single read;
 * `Expiration` is in no example answer at all.
 */
const credentialSchema = v.looseObject({
  Id: id,
  UserName: v.string(),
  Alias: blankable,
  Host: blankable,
  HomeDirectory: blankable,
  ChrootDirectory: blankable,
  Permission: v.string(),
  State: v.string(),
  IsDefault: v.nullish(v.boolean()),
  OrganizationId: blankable,
  Password: blankable,
  URI: blankable,
  Expiration: optionalTime,
  PasswordCreatedAt: optionalTime,
  Settings: v.nullish(
    v.looseObject({
      Network: v.nullish(v.looseObject({ InboundRules: v.nullish(v.array(inboundRuleSchema)) })),
    }),
  ),
  SshPublicKeysCount: optionalNumber,
  CreatedAt: optionalTime,
  UpdatedAt: optionalTime,
});
export type Credential = v.InferOutput<typeof credentialSchema>;

/**
 * What a PATCH answers. It has done its work whatever it shows, and it may show old values: no field is
 * required here, and callers read back.
 */
const patchedSchema = v.partial(credentialSchema);
export type CredentialPatched = v.InferOutput<typeof patchedSchema>;

/** What a rotation answers. Where it says anything else, a read has to tell whether it happened. */
const passwordSetSchema = v.looseObject({ message: v.string() });

/** The settings that hold a credential's inbound rules. */
export interface CredentialSettings {
  readonly Network: { readonly InboundRules: readonly InboundRule[] };
}

/** The body of a create and an update. An update holds only what changes. */
export interface CredentialBody {
  readonly Alias?: string | undefined;
  readonly UserName?: string | undefined;
  readonly Password?: string | undefined;
  readonly HomeDirectory?: string | undefined;
  readonly ChrootDirectory?: string | undefined;
  readonly Permission?: string | undefined;
  /** Unix milliseconds; `null` clears it. */
  readonly Expiration?: number | null | undefined;
  readonly State?: string | undefined;
  readonly Settings?: CredentialSettings | undefined;
}

/** A password that somebody chose. */
export interface PasswordBody {
  readonly Password: string;
}

export interface CredentialCalls {
  /** GET `/users`: all credentials, with inbound rules and the password's age. Repeated. */
  listCredentials(): Promise<Credential[]>;
  /** POST `/users`. Throws `InputError` on what the API refuses, e.g. a taken user name. Sent once. */
  createCredential(body: CredentialBody): Promise<Credential>;
  /** GET `/users/<id>`: without inbound rules and the password's age. Throws `NotFoundError`. Repeated. */
  getCredential(id: string): Promise<Credential>;
  /**
   * PATCH `/users/<id>` with what changes only; of inbound rules all, since those that are left out are removed. The
   * answer may show old values: read back.
   * Throws `NotFoundError`, `InputError`. Repeated.
   */
  updateCredential(id: string, body: CredentialBody): Promise<CredentialPatched>;
  /** DELETE `/users/<id>`. Throws `NotFoundError`, and `InputError` for the root credential. Repeated. */
  deleteCredential(id: string): Promise<void>;
  /**
   * POST `/users/<id>/credential-rotations` without a body: the API makes a new password, which a read then
   * shows. Throws `NotFoundError`, `InputError`. Sent once, since each one is a new password.
   */
  rotatePassword(id: string): Promise<void>;
  /**
   * POST `/users/<id>/credential-rotations` with a password. An empty one is refused: to the API it would
   * mean rotate.
   * Throws `NotFoundError`, and `InputError` if it breaks the password policy. Repeated.
   */
  setPassword(id: string, body: PasswordBody): Promise<void>;
}

export function credentialCalls({ list, get, create, update, remove, send }: Calls): CredentialCalls {
  return {
    listCredentials: () => list("list credentials", ["users"], credentialSchema),
    createCredential: (body) => create("create a credential", ["users"], body, credentialSchema),
    getCredential: (id) => get(`read credential ${id}`, ["users", id], credentialSchema),
    updateCredential: (id, body) => update(`update credential ${id}`, ["users", id], body, patchedSchema),
    deleteCredential: (id) => remove(`delete credential ${id}`, ["users", id]),
    async rotatePassword(id) {
      const path = ["users", id, "credential-rotations"];
      const doing = `rotate the password of credential ${id}`;
      await send({ doing, method: "POST", path, expected: { object: passwordSetSchema }, retry: "once" });
    },
    async setPassword(id, body) {
      const doing = `set the password of credential ${id}`;
      if (!body.Password) {
        throw new InputError(
          { doing, aftermath: "never sent" },
          "The password is empty: to the API an empty password means rotate.",
        );
      }
      const path = ["users", id, "credential-rotations"];
      await send({ doing, method: "POST", path, body, retry: "repeatable" });
    },
  };
}
