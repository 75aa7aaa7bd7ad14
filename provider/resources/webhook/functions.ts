import type * as pulumi from "@pulumi/pulumi";
import type { Webhook as WireWebhook } from "../../api/webhooks";
import {
  type FunctionSpec,
  listFromMock,
  one,
  oneFromMock,
  outputForm,
  plainForm,
} from "../../functions/invoke";
import type { FunctionOptions, FunctionOutputOptions } from "../../functions/options";
import { type ResultOf, resultOf } from "../../functions/results";
import { webhookFields as fields } from "./fields";
import type { Webhook } from "./resource";

/** Which webhook. */
export interface GetWebhookArgs {
  /** The webhook's id. */
  readonly id: string;
}

/** Which webhook. */
export interface GetWebhookOutputArgs {
  /** The webhook's id. */
  readonly id: pulumi.Input<string>;
}

const secrets = ["url", "authorizationHeader"] as const;
type Secret = (typeof secrets)[number];

/**
 * A webhook as the API shows it, that is, without its secret. `url` and `authorizationHeader` are left out unless
 * secrets are included. `organizationId` is left out where the API leaves it out.
 */
export interface GetWebhookResult extends ResultOf<Webhook, "secret", Secret | "organizationId"> {
  /** The webhook's id. */
  readonly id: string;
  /** When the webhook was last changed, in Unix milliseconds. Left out where the API leaves it out. */
  readonly updatedAt?: number;
}

/** All webhooks of the organization. */
export type GetWebhooksResult = GetWebhookResult[];

const webhook: FunctionSpec<GetWebhookArgs, GetWebhookResult> = {
  name: "getWebhook",
  secrets,
  validate: (args) => (typeof args?.id === "string" ? undefined : "getWebhook takes { id }."),
  async ask(client, { id }) {
    const found = (await client.listWebhooks()).filter((each) => each.Id === id);
    return toResult(one("webhook", `the id ${JSON.stringify(id)}`, found, (each) => each.Id));
  },
  fromMock: oneFromMock,
};

const webhooks: FunctionSpec<object, GetWebhooksResult> = {
  name: "getWebhooks",
  secrets,
  ask: async (client) => (await client.listWebhooks()).map(toResult),
  fromMock: listFromMock,
};

/**
 * One webhook by id. It is an error if there is none.
 *
 * @example
 * ```ts
 * const hook = await sftptogo.getWebhook({ id: "6b1c6f0c-52c1-47a6-9344-57a4579ced68" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List webhooks"
 */
export function getWebhook(args: GetWebhookArgs, opts?: FunctionOptions): Promise<GetWebhookResult> {
  return plainForm(webhook, args, opts);
}

/** The Output form of {@link getWebhook}; with secrets, and secret as a whole, unless `includeSecrets` is false. */
export function getWebhookOutput(
  args: GetWebhookOutputArgs,
  opts?: FunctionOutputOptions,
): pulumi.Output<GetWebhookResult> {
  return outputForm(webhook, args, opts);
}

/**
 * All webhooks of the organization.
 *
 * @example
 * ```ts
 * const paused = (await sftptogo.getWebhooks()).filter((webhook) => webhook.state === "paused");
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List webhooks"
 */
export function getWebhooks(opts?: FunctionOptions): Promise<GetWebhooksResult> {
  return plainForm(webhooks, {}, opts);
}

/** The Output form of {@link getWebhooks}; with secrets, and secret as a whole, unless `includeSecrets` is false. */
export function getWebhooksOutput(opts?: FunctionOutputOptions): pulumi.Output<GetWebhooksResult> {
  return outputForm(webhooks, {}, opts);
}

function toResult(webhook: WireWebhook): GetWebhookResult {
  return resultOf(fields, webhook, ["secret"]) as GetWebhookResult;
}
