/** `/webhooks`. There is no read of a single webhook: `GET /webhooks/:id` is an unknown route. */
import * as v from "valibot";
import type { Webhook } from "../api/webhooks";
import type { StoredWebhook } from "./data";
import {
  assign,
  badRequest,
  created,
  fields,
  notFound,
  ok,
  oneOf,
  parse,
  type Route,
  type Service,
  text,
} from "./route";

// `webhook.ping` is in the vendor's documentation, not in the reference.
const topic = oneOf("file.created", "file.deleted", "file.downloaded", "webhook.ping");

const optionalFields = {
  Alias: v.nullish(text),
  Type: v.optional(oneOf("webhook", "slack", "ms-teams", "email")),
  AuthorizationHeader: v.nullish(text),
  State: v.optional(oneOf("enabled", "paused")),
};
const url = text;
const topics = v.pipe(v.array(topic, "must be an array"), v.minLength(1, "must hold at least one topic"));

const createBody = fields({ ...optionalFields, Url: url, Topics: topics });
const updateBody = fields({ ...optionalFields, Url: v.optional(url), Topics: v.optional(topics) });

export function webhookRoutes({ data, now }: Service): Route[] {
  function find(id: string): StoredWebhook {
    const webhook = data.webhooks.get(id);
    if (webhook === undefined) throw notFound("Webhook");
    return webhook;
  }

  function show(webhook: StoredWebhook): Webhook {
    return { ...webhook, OrganizationId: data.organizationId };
  }

  return [
    {
      method: "GET",
      path: "/webhooks",
      operation: "listWebhooks",
      // The list hides the secret; create and update give it.
      handle: () => ok([...data.webhooks.values()].map((webhook) => ({ ...show(webhook), Secret: "" }))),
    },
    {
      method: "POST",
      path: "/webhooks",
      operation: "createWebhook",
      handle({ body }) {
        const { Url, Topics, ...rest } = parse(createBody, body);
        checkUrl(Url, rest.Type ?? "webhook");
        const webhook = data.addWebhook({ Url, Topics });
        assign(webhook, rest);
        return created(show(webhook));
      },
    },
    {
      method: "PATCH",
      path: "/webhooks/:id",
      operation: "updateWebhook",
      handle({ id, body }) {
        const webhook = find(id);
        const changes = parse(updateBody, body);
        checkUrl(changes.Url ?? webhook.Url, changes.Type ?? webhook.Type);
        assign(webhook, { ...changes, UpdatedAt: now() });
        return ok(show(webhook));
      },
    },
    {
      method: "DELETE",
      path: "/webhooks/:id",
      operation: "deleteWebhook",
      handle({ id }) {
        data.webhooks.delete(find(id).Id);
        return ok({});
      },
    },
  ];
}

/** Email takes an address, or `Name <address>`; everything else an HTTPS URL. */
function checkUrl(value: string, type: string): void {
  if (type === "email") {
    const address = /^[^<>]*<([^<>]+)>$/.exec(value)?.[1] ?? value;
    if (!/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(address))
      throw badRequest("Url must be a valid email address");
  } else if (!URL.canParse(value) || new URL(value).protocol !== "https:") {
    throw badRequest("Url must be a valid HTTPS URL");
  }
}
