import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../engine/kinds";
import { deleteFirst, isKind, registeredInputs, registeredOptions, type Shape } from "../engine/registration";
import { pausePromiseTraces } from "../engine/traces";

/**
 * The arguments of a {@link Webhook}. What is left out is not sent and never shows as a difference; what is
 * taken out again stays on the server as it is. Each change updates in place.
 */
export interface WebhookArgs {
  /** The name people see. Default at create: the resource's name. Updates. */
  alias?: pulumi.Input<string> | undefined;
  /**
   * Where to: an https address, for Slack and Teams their incoming webhook's, for e-mail an address or
   * `Name <address>`. Updates.
   */
  url: pulumi.Input<string>;
  /** `webhook`, `slack`, `ms-teams` or `email`. Default at create: `webhook`. Updates. */
  type?: pulumi.Input<string> | undefined;
  /** At least one of `file.created`, `file.deleted`, `file.downloaded`, `webhook.ping`; in any order. Updates. */
  topics: pulumi.Input<pulumi.Input<string>[]>;
  /** Secret. Sent as `Authorization` with each delivery, one line. `null` clears it. Updates. */
  authorizationHeader?: pulumi.Input<string | null> | undefined;
  /**
   * `enabled` or `paused`. Updates. The service pauses a webhook by itself after five failed deliveries in a
   * row; declared, that shows as drift and the next `up` enables it again.
   */
  state?: pulumi.Input<string> | undefined;
}

const shape: Shape = {
  kind: "Webhook",
  arguments: ["alias", "url", "type", "topics", "authorizationHeader", "state"],
  outputs: ["secret", "organizationId", "createdAt"],
  secrets: ["authorizationHeader", "secret"],
};

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
  /**
   * Reads a webhook that this stack does not manage.
   *
   * @param id The webhook's id, e.g. `6b1c6f0c-52c1-47a6-9344-57a4579ced68`. It is an error if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Webhook {
    return new Webhook(name, undefined as unknown as WebhookArgs, { ...opts, id });
  }

  /** Whether a value is a webhook, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is Webhook {
    return isKind(shape.kind, value);
  }

  declare readonly alias: pulumi.Output<string | null>;
  declare readonly url: pulumi.Output<string>;
  declare readonly type: pulumi.Output<string>;
  declare readonly topics: pulumi.Output<string[]>;
  /** Secret. */
  declare readonly authorizationHeader: pulumi.Output<string | null>;
  declare readonly state: pulumi.Output<string>;
  /** Secret. What deliveries are signed with; shown by the API at create and update only. */
  declare readonly secret: pulumi.Output<string | null>;
  declare readonly organizationId: pulumi.Output<string>;
  /** Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  constructor(name: string, args: WebhookArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, args, opts, deleteFirst),
      );
    } finally {
      resumeTraces();
    }
  }
}
