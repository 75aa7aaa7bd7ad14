import type * as pulumi from "@pulumi/pulumi";
import type { Webhook } from "../api/webhooks";
import { clientFor, type FunctionOptions, one, outputForm } from "../functions/invoke";

/** Which webhook. */
export interface GetWebhookArgs {
  readonly id: string;
}

/** A webhook as the API gives it. Its secret is not among what can be read. Times are Unix milliseconds. */
export interface WebhookResult {
  readonly id: string;
  readonly alias: string | null;
  readonly url: string;
  readonly type: string;
  readonly topics: readonly string[];
  /** Secret. Left out unless secrets are included. */
  readonly authorizationHeader?: string | null;
  readonly state: string;
  readonly organizationId?: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
}

/**
 * One webhook by id. Finding none is an error.
 *
 * @example
 * ```ts
 * const hook = await sftptogo.getWebhook({ id: "6b1c6f0c-52c1-47a6-9344-57a4579ced68" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List webhooks"
 */
export async function getWebhook(args: GetWebhookArgs, opts?: FunctionOptions): Promise<WebhookResult> {
  if (typeof args?.id !== "string") throw new Error("getWebhook takes { id }.");
  const client = await clientFor(opts);
  const found = (await client.listWebhooks()).filter((webhook) => webhook.Id === args.id);
  return toResult(
    one("webhook", `the id ${JSON.stringify(args.id)}`, found, (each) => each.Id),
    opts,
  );
}

/** The Output form of {@link getWebhook}; with secrets unless `includeSecrets` is false, and secret then. */
export function getWebhookOutput(
  args: { id: pulumi.Input<string> },
  opts?: FunctionOptions,
): pulumi.Output<WebhookResult> {
  return outputForm(getWebhook, args as pulumi.Input<GetWebhookArgs>, opts);
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
export async function getWebhooks(opts?: FunctionOptions): Promise<WebhookResult[]> {
  const client = await clientFor(opts);
  return (await client.listWebhooks()).map((webhook) => toResult(webhook, opts));
}

/** The Output form of {@link getWebhooks}; with secrets unless `includeSecrets` is false, and secret then. */
export function getWebhooksOutput(opts?: FunctionOptions): pulumi.Output<WebhookResult[]> {
  return outputForm((_: unknown, given) => getWebhooks(given), {}, opts);
}

function toResult(webhook: Webhook, opts: FunctionOptions | undefined): WebhookResult {
  return {
    id: webhook.Id,
    alias: webhook.Alias ?? null,
    url: webhook.Url,
    type: webhook.Type,
    topics: webhook.Topics,
    ...(opts?.includeSecrets && { authorizationHeader: webhook.AuthorizationHeader || null }),
    state: webhook.State,
    ...(webhook.OrganizationId && { organizationId: webhook.OrganizationId }),
    createdAt: webhook.CreatedAt,
    ...(webhook.UpdatedAt !== undefined && { updatedAt: webhook.UpdatedAt }),
  };
}
