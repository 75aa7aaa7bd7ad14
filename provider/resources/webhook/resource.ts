import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../lifecycle/fields/shape";
import { typeToken } from "../../protocol/kinds";
import {
  deleteFirst,
  isKind,
  registered,
  registeredInputs,
  registeredOptions,
} from "../../protocol/registration";
import { pausePromiseTraces } from "../../protocol/traces";
import { webhookFields, webhookMarks } from "./fields";

/** The kind of receiver. Any other string is sent to the service with a warning. */
export type WebhookType = "webhook" | "slack" | "ms-teams" | "email" | (string & {});

/**
 * An event that a webhook reports. Any other string is sent to the service with a warning. `webhook.ping` is in the
 * vendor's documentation, but not in its API reference.
 */
export type WebhookTopic =
  | "file.created"
  | "file.deleted"
  | "file.downloaded"
  | "webhook.ping"
  | (string & {});

/** Whether a webhook delivers events. Any other string is sent to the service with a warning. */
export type WebhookState = "enabled" | "paused" | (string & {});

/**
 * The arguments of a {@link Webhook}. An argument that is left out is not sent and never shows as a difference. One
 * that is taken out again stays on the server as it is. Each change updates in place.
 */
export interface WebhookArgs {
  /** The name that people see. Default at create: the resource's name. Updates. */
  alias?: pulumi.Input<string | undefined>;
  /**
   * Secret, since whoever has the address of a Slack or Teams webhook can post there. An https address: for Slack and
   * Teams, that of their incoming webhook. For type `email`, an e-mail address or `Name <address>`. Updates.
   */
  url: pulumi.Input<string>;
  /** `webhook`, `slack`, `ms-teams` or `email`. Default at create: `webhook`. Updates. */
  type?: pulumi.Input<WebhookType | undefined>;
  /** At least one of `file.created`, `file.deleted`, `file.downloaded`, `webhook.ping`, in any order. Updates. */
  topics: pulumi.Input<pulumi.Input<WebhookTopic>[]>;
  /** Secret. One line, sent as the header `Authorization` of each delivery. `null` clears it. Updates. */
  authorizationHeader?: pulumi.Input<string | null | undefined>;
  /**
   * `enabled` or `paused`. Updates. The service pauses a webhook by itself after five failed deliveries in a row. If
   * the state is declared, that shows as drift, and the next `up` enables the webhook again.
   */
  state?: pulumi.Input<WebhookState | undefined>;
}

const shape = shapeOf<typeof webhookFields, WebhookArgs, Webhook>("Webhook", webhookFields, webhookMarks);

/**
 * A webhook: it notifies an address, a chat or a mailbox of each file that is created, deleted or downloaded.
 * Deliveries are signed with `secret`; `pulumi-sftptogo/webhooks` checks the signature.
 *
 * @example
 * ```ts
 * new sftptogo.Webhook("arrivals", { url: "https://hooks.example.com/sftp", topics: ["file.created"] });
 * ```
 *
 * @example With an authorization header, and the secret as an output for the receiver
 * ```ts
 * const arrivals = new sftptogo.Webhook("arrivals", {
 *   url: "https://hooks.example.com/sftp",
 *   topics: ["file.created", "file.deleted"],
 *   authorizationHeader: config.requireSecret("hookToken").apply((token) => `Bearer ${token}`),
 * });
 * export const hookSecret = arrivals.secret;
 * ```
 *
 * @example Take over what exists; the output secret is null then, until the first update
 * ```ts
 * new sftptogo.Webhook("arrivals", { url, topics }, { import: "6b1c6f0c-52c1-47a6-9344-57a4579ced68" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Webhooks"
 */
export class Webhook extends pulumi.CustomResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = typeToken("Webhook");

  /**
   * Reads a webhook that this stack does not manage.
   *
   * @param id The webhook's id, e.g. `6b1c6f0c-52c1-47a6-9344-57a4579ced68`. It is an error if it does not exist.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Webhook {
    return new Webhook(name, {} as WebhookArgs, { ...opts, id });
  }

  /** Whether a value is a webhook. It goes by the type, so resources of another copy of the package count too. */
  static override isInstance(value: unknown): value is Webhook {
    return isKind(shape.kind, value);
  }

  /** The name that people see. `null` at run time if the webhook has none. */
  declare readonly alias: pulumi.Output<string>;
  /** Secret. The address that it delivers to. */
  declare readonly url: pulumi.Output<string>;
  /** The kind of receiver. */
  declare readonly type: pulumi.Output<WebhookType>;
  /** The events that it reports. */
  declare readonly topics: pulumi.Output<WebhookTopic[]>;
  /** Secret. Sent as the header `Authorization` of each delivery. */
  declare readonly authorizationHeader: pulumi.Output<string | null>;
  /** Whether it delivers events. */
  declare readonly state: pulumi.Output<WebhookState>;
  /**
   * Secret. The key that deliveries are signed with. The API shows it at create and update only, so it is `null` at
   * run time after an import until the first update, and always with `Webhook.get`.
   */
  declare readonly secret: pulumi.Output<string>;
  /** The organization that the webhook belongs to. */
  declare readonly organizationId: pulumi.Output<string>;
  /** When the webhook was made, in Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  /**
   * Declares a webhook.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args Where deliveries go, and of which events. One that Pulumi cannot carry, such as a `Map`, is refused here.
   * @param opts Pulumi's options, among them `import`, with the id of what exists, and `provider`. `customTimeouts` has
   *   no effect.
   */
  constructor(name: string, args: WebhookArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts, deleteFirst),
      );
      registered(shape, name, opts, this);
    } finally {
      resumeTraces();
    }
  }
}
