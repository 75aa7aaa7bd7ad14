/** Inputs to the request's body, the API's answer to outputs, and what makes values of a webhook the same. */
import { blanks, words } from "../api/assumptions";
import type { Webhook, WebhookBody } from "../api/wire";
import { type Finding, type Properties, word } from "../lifecycle/properties";
import { isUnknown, type Plain } from "../values/plain";

/** A webhook's arguments, resolved. `null` clears where the API has a blank. */
export interface WebhookInputs {
  readonly alias?: string;
  readonly url: string;
  readonly type?: string;
  readonly topics: readonly string[];
  readonly authorizationHeader?: string | null;
  readonly state?: string;
}

export const webhookProperties: Properties = {
  alias: { type: "text" },
  url: { type: "text", required: true, validate: validateUrl },
  type: { type: "text", validate: (value: string) => word(value, words.webhookType) },
  topics: { type: "list", required: true, same: isSameTopics, validate: validateTopics },
  authorizationHeader: {
    type: "text",
    secret: true,
    clearable: true,
    same: (declared, server) => (declared || null) === (server || null),
    validate: validateAuthorizationHeader,
  },
  state: { type: "text", validate: (value: string) => word(value, words.webhookState) },
};

function validateUrl(url: string, inputs: Plain): readonly Finding[] {
  const type = inputs.type ?? "webhook";
  if (isUnknown(type)) return [];
  if (type === "email") {
    return /^(?:[^<>]*<)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?$/.test(url) &&
      url.includes("<") === url.endsWith(">")
      ? []
      : [{ reason: 'must be an e-mail address for a webhook of type email, e.g. "Ops <ops@example.com>"' }];
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Whoever knows a Slack or Teams address can post to it, and user info is a password.
  const holdsSecret =
    type !== "webhook" || parsed === undefined || parsed.username !== "" || parsed.search !== "";
  const guard = holdsSecret ? ({ holdsSecret: true } as const) : {};
  if (parsed?.protocol !== "https:" || parsed.hostname === "") {
    return [{ ...guard, reason: 'must be an https address, e.g. "https://hooks.example.com/sftp"' }];
  }
  return [];
}

function validateTopics(topics: readonly unknown[]): readonly Finding[] {
  if (topics.length === 0) {
    return [
      { reason: `must have at least one of ${words.webhookTopic.map((topic) => `"${topic}"`).join(", ")}` },
    ];
  }
  return topics.flatMap((topic, index) => {
    const path = `[${index}]`;
    if (!isUnknown(topic) && topics.indexOf(topic) < index) {
      return [{ path, reason: `is the same as [${topics.indexOf(topic)}]: leave one of them out` }];
    }
    return word(topic, words.webhookTopic).map((finding) => ({ ...finding, path }));
  });
}

function validateAuthorizationHeader(header: string): readonly Finding[] {
  if (header === "") return [{ reason: "must not be empty: give null to clear it" }];
  return /[\r\n]/.test(header) ? [{ reason: "must be one line" }] : [];
}

function isSameTopics(declared: unknown, server: unknown): boolean {
  if (!Array.isArray(declared) || !Array.isArray(server)) return false;
  const first = new Set(declared);
  const second = new Set(server);
  return first.size === second.size && [...first].every((topic) => second.has(topic));
}

/** The body that sets `keys` to what `inputs` declare. */
export function toBody(inputs: WebhookInputs, keys: readonly string[]): WebhookBody {
  const has = (key: keyof WebhookInputs) => keys.includes(key) && inputs[key] !== undefined;
  const body: WebhookBody = {};
  if (has("alias")) body.Alias = inputs.alias as string;
  if (has("url")) body.Url = inputs.url;
  if (has("type")) body.Type = inputs.type as string;
  if (has("topics")) body.Topics = [...inputs.topics];
  if (has("authorizationHeader")) {
    body.AuthorizationHeader = inputs.authorizationHeader ?? blanks.webhook.AuthorizationHeader;
  }
  if (has("state")) body.State = inputs.state as string;
  return body;
}

/**
 * The server's side of a webhook's outputs. The list gives an empty secret, and only create and update the
 * real one: an empty one never takes the place of one that is known.
 */
export function toServerOutputs(webhook: Webhook, known: Plain): Plain {
  return {
    alias: webhook.Alias ?? null,
    url: webhook.Url,
    type: webhook.Type,
    topics: webhook.Topics,
    authorizationHeader: webhook.AuthorizationHeader || null,
    state: webhook.State,
    secret: webhook.Secret || (known.secret ?? null),
    createdAt: webhook.CreatedAt,
  };
}
