/**
 * The JSON of the SFTP To Go API: one schema an object, and the bodies that requests send.
 *
 * The schemas name what this package relies on. Fields and enum words they do not know are let through, so
 * that an addition to the API breaks nobody. The emulator and the client share these types and nothing else.
 *
 * Source: the vendor's REST reference (https://sftptogo.com/docs/rest-api/).
 */
import * as v from "valibot";

const id = v.pipe(v.string(), v.nonEmpty());
const blankable = v.nullish(v.string());
const unixMilliseconds = v.number();

/** One network rule of a credential: who may connect, over what. */
export const inboundRuleSchema = v.looseObject({
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
export const credentialSchema = v.looseObject({
  Id: id,
  UserName: v.string(),
  Alias: blankable,
  Host: v.string(),
  HomeDirectory: v.string(),
  ChrootDirectory: blankable,
  Permission: v.string(),
  State: v.string(),
  IsDefault: v.boolean(),
  OrganizationId: v.optional(v.string()),
  Password: blankable,
  URI: blankable,
  Expiration: v.nullish(v.union([unixMilliseconds, v.string()])),
  PasswordCreatedAt: v.nullish(v.union([v.string(), unixMilliseconds])),
  Settings: v.nullish(
    v.looseObject({
      Network: v.nullish(v.looseObject({ InboundRules: v.nullish(v.array(inboundRuleSchema)) })),
    }),
  ),
  SshPublicKeysCount: v.optional(v.number()),
  CreatedAt: unixMilliseconds,
  UpdatedAt: v.optional(unixMilliseconds),
});
export type Credential = v.InferOutput<typeof credentialSchema>;

/**
 * What a PATCH answers. It has done its work whatever it shows, and it may show old values: no field is
 * required here, and callers read back.
 */
export const credentialPatchedSchema = v.partial(credentialSchema);
export type CredentialPatched = v.InferOutput<typeof credentialPatchedSchema>;

/** An SSH public key of a credential. `UserId` is the credential's id. */
export const sshPublicKeySchema = v.looseObject({
  Id: id,
  SshPublicKeyBody: v.string(),
  Comment: blankable,
  Fingerprint: blankable,
  Type: blankable,
  UserId: v.optional(v.string()),
  CreatedAt: unixMilliseconds,
  UpdatedAt: v.optional(unixMilliseconds),
});
export type SshPublicKey = v.InferOutput<typeof sshPublicKeySchema>;

/** A webhook. The list gives `Secret: ""`; only create and update give the real one. */
export const webhookSchema = v.looseObject({
  Id: id,
  Alias: blankable,
  Url: v.string(),
  Type: v.string(),
  AuthorizationHeader: blankable,
  Secret: blankable,
  Topics: v.array(v.string()),
  State: v.string(),
  OrganizationId: v.optional(v.string()),
  CreatedAt: unixMilliseconds,
  UpdatedAt: v.optional(unixMilliseconds),
});
export type Webhook = v.InferOutput<typeof webhookSchema>;
export const webhookPatchedSchema = v.partial(webhookSchema);
export type WebhookPatched = v.InferOutput<typeof webhookPatchedSchema>;

/** A share link. `Password` is only in the answer to the create that set it; `CreatedBy` has two shapes. */
export const shareLinkSchema = v.looseObject({
  Id: id,
  Path: v.string(),
  Permission: v.string(),
  State: v.string(),
  Type: v.optional(v.string()),
  Url: v.string(),
  ExpiresAt: v.nullish(unixMilliseconds),
  AccessLimit: v.nullish(v.number()),
  AccessCount: v.optional(v.number()),
  Password: blankable,
  Notes: blankable,
  CreatedBy: v.nullish(v.record(v.string(), v.unknown())),
  OrganizationId: v.optional(v.string()),
  CreatedAt: unixMilliseconds,
  UpdatedAt: v.optional(unixMilliseconds),
});
export type ShareLink = v.InferOutput<typeof shareLinkSchema>;
export const shareLinkPatchedSchema = v.partial(shareLinkSchema);
export type ShareLinkPatched = v.InferOutput<typeof shareLinkPatchedSchema>;

/**
 * What a DELETE answers: the object as it was, or `{}`. Anything else may come from somebody on the way who
 * never passed the request on.
 */
export const deletedSchema = v.union([v.looseObject({ Id: id }), v.strictObject({})]);

/** What a rotation answers. Where it says anything else, a look has to tell whether it happened. */
export const passwordSetSchema = v.looseObject({ message: v.string() });

/** The body of create and update for credentials. An update holds only what changes. */
export interface CredentialBody {
  Alias?: string;
  UserName?: string;
  Password?: string;
  HomeDirectory?: string;
  /** An empty text is the API's default, `/`. */
  ChrootDirectory?: string;
  Permission?: string;
  /** Unix milliseconds; `null` clears it. */
  Expiration?: number | null;
  State?: string;
  Settings?: { Network: { InboundRules: InboundRule[] } };
}

/** The body of create and update for webhooks. */
export interface WebhookBody {
  Alias?: string;
  Url?: string;
  Type?: string;
  AuthorizationHeader?: string | null;
  Topics?: string[];
  State?: string;
}

/** The body of create and update for share links; the client adds `Type: "share"` to a create. */
export interface ShareLinkBody {
  Path?: string;
  Permission?: string;
  ExpiresAt?: number | null;
  AccessLimit?: number;
  Password?: string;
  Notes?: string | null;
}
