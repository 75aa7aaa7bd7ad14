/** The fields of a webhook: the one declaration of them, read by the program and by the provider. */

import { blanks, serviceDefaults, words } from "../../api/assumptions";
import { validateWord } from "../../lifecycle/fields/formats";
import {
  createdAt,
  type FieldContext,
  type Finding,
  type Inputs,
  listOf,
  text,
} from "../../lifecycle/fields/vocabulary";
import type { Marks } from "../../protocol/announcing";
import { isUnknown, type Unresolved } from "../../protocol/unknowns";
import { canonicalUrl } from "../../values/addresses";
import { quotedList } from "../../values/nearest";

export const webhookFields = {
  alias: text({ api: "Alias", byDefault: ({ name }) => name }),
  url: text({ api: "Url", required: true, secret: true, validate: validateUrl }),
  // The type is sent, not left to the API, whose default is not documented.
  type: text({ api: "Type", byDefault: () => "webhook", words: words.webhookType }),
  topics: listOf<string>()({ api: "Topics", required: true, same: isSameTopics, validate: validateTopics }),
  authorizationHeader: text({
    api: "AuthorizationHeader",
    secret: true,
    clears: blanks.webhook.AuthorizationHeader,
    same: (declared, server) => (declared || null) === (server || null),
    validate: validateAuthorizationHeader,
  }),
  state: text({ api: "State", words: words.webhookState, usual: serviceDefaults.webhook.State }),
  secret: text({ output: true, secret: true, api: "Secret", shownByWrites: true }),
  organizationId: text({ output: true }),
  createdAt,
};

/** What a webhook is told by in a program. */
export const webhookMarks: Marks = {
  keys: ["url", "topics"],
  of: ({ url, topics }) =>
    typeof url === "string" && Array.isArray(topics)
      ? [`webhook ${canonicalUrl(url)} ${[...topics].sort()}`]
      : [],
};

export type WebhookInputs = Inputs<typeof webhookFields>;

function validateUrl(url: string, { inputs }: FieldContext): readonly Finding[] {
  const type = inputs.type ?? "webhook";
  if (isUnknown(type)) return [];
  if (type === "email") {
    return /^(?:[^<>]*<)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?$/.test(url) &&
      url.includes("<") === url.endsWith(">")
      ? []
      : [{ reason: 'must be an e-mail address for a webhook of type email, e.g. "Ops <ops@example.com>"' }];
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === "https:" && parsed.hostname !== ""
    ? []
    : [{ reason: 'must be an https address, e.g. "https://hooks.example.com/sftp"' }];
}

function validateTopics(topics: readonly Unresolved<string>[]): readonly Finding[] {
  if (topics.length === 0) return [{ reason: `must have at least one of ${quotedList(words.webhookTopic)}` }];
  return topics.flatMap((topic, index) => {
    const path = `[${index}]`;
    if (!isUnknown(topic) && topics.indexOf(topic) < index) {
      return [{ path, reason: `is the same as [${topics.indexOf(topic)}]: leave one of them out` }];
    }
    return validateWord(topic, words.webhookTopic).map((finding) => ({ ...finding, path }));
  });
}

function validateAuthorizationHeader(header: string): readonly Finding[] {
  if (header === "") return [{ reason: "must not be empty: give null to clear it" }];
  return /[\r\n]/.test(header) ? [{ reason: "must be one line" }] : [];
}

function isSameTopics(declared: readonly string[] | null, server: readonly string[] | null | undefined) {
  if (!Array.isArray(declared) || !Array.isArray(server)) return false;
  const first = new Set(declared);
  const second = new Set(server);
  return first.size === second.size && [...first].every((topic) => second.has(topic));
}
