/** Webhooks: `/webhooks`. There is no read by id. */
import * as v from "valibot";
import { blankable, type Calls, id, optionalTime } from "./calls";

/** A webhook. The list gives `Secret: ""`; only create and update give the real one. */
const webhookSchema = v.looseObject({
  Id: id,
  Alias: blankable,
  Url: v.string(),
  Type: v.string(),
  AuthorizationHeader: blankable,
  Secret: blankable,
  Topics: v.nullish(v.array(v.string())),
  State: v.string(),
  OrganizationId: blankable,
  CreatedAt: optionalTime,
  UpdatedAt: optionalTime,
});
export type Webhook = v.InferOutput<typeof webhookSchema>;

/** What a PATCH answers: no field is certain. */
const patchedSchema = v.partial(webhookSchema);
export type WebhookPatched = v.InferOutput<typeof patchedSchema>;

/** The body of a create and an update. An update holds only what changes. */
export interface WebhookBody {
  readonly Alias?: string | undefined;
  readonly Url?: string | undefined;
  readonly Type?: string | undefined;
  readonly AuthorizationHeader?: string | null | undefined;
  readonly Topics?: readonly string[] | undefined;
  readonly State?: string | undefined;
}

export interface WebhookCalls {
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
}

export function webhookCalls({ list, create, update, remove }: Calls): WebhookCalls {
  return {
    listWebhooks: () => list("list webhooks", ["webhooks"], webhookSchema),
    createWebhook: (body) => create("create a webhook", ["webhooks"], body, webhookSchema),
    updateWebhook: (id, body) => update(`update webhook ${id}`, ["webhooks", id], body, patchedSchema),
    deleteWebhook: (id) => remove(`delete webhook ${id}`, ["webhooks", id]),
  };
}
