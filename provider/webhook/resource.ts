import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../engine/kinds";
import { deleteFirst, isKind, registeredInputs, registeredOptions } from "../engine/registration";
import { pausePromiseTraces } from "../engine/traces";
import { shapeOf } from "../lifecycle/shape";
import { webhookFields } from "./fields";

/** What a webhook delivers to. Any other string is sent to the service with a warning. */
export type WebhookType = "webhook" | "slack" | "ms-teams" | "email" | (string & {});

/**
 * What a webhook tells of. Any other string is sent to the service with a warning. `webhook.ping` is in the
 * vendor's documentation, but not in its API reference.
 */
export type WebhookTopic =
  | "file.created"
  | "file.deleted"
  | "file.downloaded"
  | "webhook.ping"
  | (string & {});

/** Whether a webhook delivers. Any other string is sent to the service with a warning. */
export type WebhookState = "enabled" | "paused" | (string & {});

/**
 * The arguments of a {@link Webhook}. What is left out is not sent and never shows as a difference; what is
 * taken out again stays on the server as it is. Each change updates in place.
 */
export interface WebhookArgs {
  /** The name people see. Default at create: the resource's name. Updates. */
  alias?: pulumi.Input<string | undefined>;
  /**
   * Secret: whoever has the address of a Slack or Teams webhook can post there. An https address, for Slack and
   * Teams that of their incoming webhook, for e-mail an address or `Name <address>`. Updates.
   */
  url: pulumi.Input<string>;
  /** `webhook`, `slack`, `ms-teams` or `email`. Default at create: `webhook`. Updates. */
  type?: pulumi.Input<WebhookType | undefined>;
  /** At least one of `file.created`, `file.deleted`, `file.downloaded`, `webhook.ping`; in any order. Updates. */
  topics: pulumi.Input<pulumi.Input<WebhookTopic>[]>;
  /** Secret. Sent as `Authorization` with each delivery, one line. `null` clears it. Updates. */
  authorizationHeader?: pulumi.Input<string | null | undefined>;
  /**
   * `enabled` or `paused`. Updates. The service pauses a webhook by itself after five failed deliveries in a
   * row; declared, that shows as drift and the next `up` enables it again.
   */
  state?: pulumi.Input<WebhookState | undefined>;
}

const shape = shapeOf<typeof webhookFields, WebhookArgs, Webhook>("Webhook", webhookFields);

/**
 * A webhook: a notice to an address, a chat or a mailbox for each file that is created, deleted or downloaded.
 * Deliveries are signed with `secret`; `pulumi-sftptogo/webhooks` checks the signature.
 *
 * @example
 * ```ts
 * new sftptogo.Webhook("arrivals", { url: "https://hooks.example.com/sftp", topics: ["file.created"] });
 * ```
 *
 * @example With an authorization header, and the secret handed to the receiver
 * ```ts
 * const arrivals = new sftptogo.Webhook("arrivals", {
 *   url: "https://hooks.example.com/sftp",
 *   topics: ["file.created", "file.deleted"],
 *   authorizationHeader: config.requireSecret("hookToken").apply((token) => `Bearer ${token}`),
 * });
 * export const hookSecret = arrivals.secret;
 * ```
 *
 * @example Take over what exists; its secret cannot be read again, so that output is null then
 * ```ts
 * new sftptogo.Webhook("arrivals", { url, topics }, { import: "6b1c6f0c-52c1-47a6-9344-57a4579ced68" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Webhooks"
 */
export class Webhook extends pulumi.CustomResource {
  /** The type in state files, by which policies and transforms recognise the class. */
  static readonly __pulumiType = typeToken("Webhook");

  /**
   * Reads a webhook that this stack does not manage.
   *
   * @param id The webhook's id, e.g. `6b1c6f0c-52c1-47a6-9344-57a4579ced68`. It is an error if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Webhook {
    return new Webhook(name, {} as WebhookArgs, { ...opts, id });
  }

  /** Whether a value is a webhook: by its type, so also one that another copy of the package made. */
  static override isInstance(value: unknown): value is Webhook {
    return isKind(shape.kind, value);
  }

  /** The name people see. `null` at run time if the service has none. */
  declare readonly alias: pulumi.Output<string>;
  /** Secret. The address it delivers to. */
  declare readonly url: pulumi.Output<string>;
  /** What it delivers to. */
  declare readonly type: pulumi.Output<WebhookType>;
  /** What it tells of. */
  declare readonly topics: pulumi.Output<WebhookTopic[]>;
  /** Secret. Sent as `Authorization` with each delivery. */
  declare readonly authorizationHeader: pulumi.Output<string | null>;
  /** Whether it delivers. */
  declare readonly state: pulumi.Output<WebhookState>;
  /**
   * Secret. What deliveries are signed with. The API shows it at create and update only: `null` at run time after
   * an import or `Webhook.get`, until the first update.
   */
  declare readonly secret: pulumi.Output<string>;
  /** The organization that the webhook belongs to. */
  declare readonly organizationId: pulumi.Output<string>;
  /** When the webhook was made, in Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  constructor(name: string, args: WebhookArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts, deleteFirst),
      );
    } finally {
      resumeTraces();
    }
  }
}
