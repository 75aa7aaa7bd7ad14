/** The SFTP To Go API, one method an endpoint. */
import * as v from "valibot";
import { InputError } from "./errors";
import { type Call, type Clock, createTransport, type GivenSettings } from "./transport";
import {
  type Credential,
  type CredentialBody,
  type CredentialPatched,
  credentialPatchedSchema,
  credentialSchema,
  deletedSchema,
  type InboundRule,
  passwordSetSchema,
  type ShareLink,
  type ShareLinkBody,
  type ShareLinkPatched,
  type SshPublicKey,
  shareLinkPatchedSchema,
  shareLinkSchema,
  sshPublicKeySchema,
  type Webhook,
  type WebhookBody,
  type WebhookPatched,
  webhookPatchedSchema,
  webhookSchema,
} from "./wire";

/**
 * Paths follow `<baseUrl>/organizations/<organizationId>`.
 *
 * Every method throws errors of `errors.ts` only. Each may throw `AccessError` (the key), `PlanError`,
 * `UnavailableError` (408, 429, 5xx), `ConnectionError` (no answer), `UnexpectedAnswerError` (no answer of
 * the API), and `InputError` before it sends anything if an id is not a plain one. What else is said below.
 *
 * "Repeated" means: sent again when an answer is lost, late, cut or unreadable, or is 408, 429, 500, 502,
 * 503 or 504. "Sent once" means: sent again only if it provably never left, e.g. a refused connection.
 */
export interface Client {
  /** GET `/users`: all credentials, with inbound rules and the password's age. Repeated. */
  listCredentials(): Promise<Credential[]>;
  /** POST `/users`. Throws `InputError` on what the API refuses, e.g. a taken user name. Sent once. */
  createCredential(body: CredentialBody): Promise<Credential>;
  /** GET `/users/<id>`: without inbound rules and the password's age. Throws `NotFoundError`. Repeated. */
  getCredential(id: string): Promise<Credential>;
  /**
   * PATCH `/users/<id>` with what changes only. The answer may show old values: read back.
   * Throws `NotFoundError`, `InputError`. Repeated.
   */
  updateCredential(id: string, body: CredentialBody): Promise<CredentialPatched>;
  /**
   * PATCH `/users/<id>` with all inbound rules: those that are left out are removed. Read back.
   * Throws `NotFoundError`, `InputError`. Repeated.
   */
  updateInboundRules(id: string, rules: InboundRule[]): Promise<CredentialPatched>;
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
  setPassword(id: string, password: string): Promise<void>;

  /** GET `/users/<id>/ssh-public-keys`. Throws `NotFoundError` without the credential. Repeated. */
  listSshPublicKeys(credentialId: string): Promise<SshPublicKey[]>;
  /** POST `/users/<id>/ssh-public-keys`. Throws `NotFoundError`, `InputError`. Sent once. */
  addSshPublicKey(credentialId: string, sshPublicKeyBody: string): Promise<SshPublicKey>;
  /** DELETE `/users/<id>/ssh-public-keys/<key id>`. Throws `NotFoundError`. Repeated. */
  removeSshPublicKey(credentialId: string, keyId: string): Promise<void>;

  /** GET `/webhooks`: all webhooks, their secrets blank. Repeated. */
  listWebhooks(): Promise<Webhook[]>;
  /** POST `/webhooks`: the answer holds the secret. Throws `InputError`. Sent once. */
  createWebhook(body: WebhookBody): Promise<Webhook>;
  /**
   * PATCH `/webhooks/<id>` with what changes only. The answer may hold the secret; for the rest read back.
   * Throws `NotFoundError`, `InputError`. Repeated.
   */
  updateWebhook(id: string, body: WebhookBody): Promise<WebhookPatched>;
  /** DELETE `/webhooks/<id>`. Throws `NotFoundError`. Repeated. */
  deleteWebhook(id: string): Promise<void>;

  /** GET `/portal-links`: all share links, without passwords. Repeated. */
  listShareLinks(): Promise<ShareLink[]>;
  /** POST `/portal-links`, with `Type: "share"`. Throws `InputError`. Sent once. */
  createShareLink(body: ShareLinkBody): Promise<ShareLink>;
  /** GET `/portal-links/<id>`: without the password. Throws `NotFoundError`. Repeated. */
  getShareLink(id: string): Promise<ShareLink>;
  /**
   * PATCH `/portal-links/<id>` with what changes only; read back. Throws `NotFoundError`, `InputError`.
   * Repeated.
   */
  updateShareLink(id: string, body: ShareLinkBody): Promise<ShareLinkPatched>;
  /** DELETE `/portal-links/<id>`. Throws `NotFoundError`. Repeated. */
  deleteShareLink(id: string): Promise<void>;
}

/** Throws `InputError` where the settings are unfit. */
export function createClient(settings: GivenSettings, clock?: Clock): Client {
  const { send } = createTransport(settings, clock);
  type Path = readonly string[];
  type Schema<T> = NonNullable<Call<T>["schema"]>;

  const get = <T>(doing: string, path: Path, schema: Schema<T>) =>
    send<T>({ doing, method: "GET", path, schema, retry: "repeatable" });
  const create = <T>(doing: string, path: Path, body: object, schema: Schema<T>) =>
    send<T>({ doing, method: "POST", path, body, schema, retry: "once" });
  const update = <T>(doing: string, path: Path, body: object, schema: Schema<T>) =>
    send<T>({ doing, method: "PATCH", path, body, schema, retry: "repeatable" });
  const remove = async (doing: string, path: Path) => {
    await send({ doing, method: "DELETE", path, schema: deletedSchema, retry: "repeatable" });
  };

  return {
    listCredentials: () => get("list credentials", ["users"], v.array(credentialSchema)),
    createCredential: (body) => create("create a credential", ["users"], body, credentialSchema),
    getCredential: (id) => get(`read credential ${id}`, ["users", id], credentialSchema),
    updateCredential: (id, body) =>
      update(`update credential ${id}`, ["users", id], body, credentialPatchedSchema),
    updateInboundRules: (id, rules) =>
      update(
        `update the inbound rules of credential ${id}`,
        ["users", id],
        { Settings: { Network: { InboundRules: rules } } },
        credentialPatchedSchema,
      ),
    deleteCredential: (id) => remove(`delete credential ${id}`, ["users", id]),
    rotatePassword: async (id) => {
      const path = ["users", id, "credential-rotations"];
      const doing = `rotate the password of credential ${id}`;
      await send({ doing, method: "POST", path, schema: passwordSetSchema, retry: "once" });
    },
    setPassword: async (id, password) => {
      const doing = `set the password of credential ${id}`;
      if (!password) {
        throw new InputError(
          { doing, aftermath: "never sent" },
          "The password is empty: to the API an empty password means rotate.",
        );
      }
      const path = ["users", id, "credential-rotations"];
      await send({ doing, method: "POST", path, body: { Password: password }, retry: "repeatable" });
    },

    listSshPublicKeys: (credentialId) =>
      get(
        `list the SSH public keys of credential ${credentialId}`,
        ["users", credentialId, "ssh-public-keys"],
        v.array(sshPublicKeySchema),
      ),
    addSshPublicKey: (credentialId, sshPublicKeyBody) =>
      create(
        `add an SSH public key to credential ${credentialId}`,
        ["users", credentialId, "ssh-public-keys"],
        { SshPublicKeyBody: sshPublicKeyBody },
        sshPublicKeySchema,
      ),
    removeSshPublicKey: (credentialId, keyId) =>
      remove(`remove SSH public key ${keyId} of credential ${credentialId}`, [
        "users",
        credentialId,
        "ssh-public-keys",
        keyId,
      ]),

    listWebhooks: () => get("list webhooks", ["webhooks"], v.array(webhookSchema)),
    createWebhook: (body) => create("create a webhook", ["webhooks"], body, webhookSchema),
    updateWebhook: (id, body) => update(`update webhook ${id}`, ["webhooks", id], body, webhookPatchedSchema),
    deleteWebhook: (id) => remove(`delete webhook ${id}`, ["webhooks", id]),

    listShareLinks: () => get("list share links", ["portal-links"], v.array(shareLinkSchema)),
    createShareLink: (body) =>
      create("create a share link", ["portal-links"], { ...body, Type: "share" }, shareLinkSchema),
    getShareLink: (id) => get(`read share link ${id}`, ["portal-links", id], shareLinkSchema),
    updateShareLink: (id, body) =>
      update(`update share link ${id}`, ["portal-links", id], body, shareLinkPatchedSchema),
    deleteShareLink: (id) => remove(`delete share link ${id}`, ["portal-links", id]),
  };
}
