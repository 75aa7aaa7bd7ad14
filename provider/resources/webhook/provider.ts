/**
 * What the engine calls for a webhook. Check, diff, create, read, update and delete are the common ones of an
 * object; what is special about a webhook is its secret, which lists leave blank.
 */
import type { Webhook } from "../../api/webhooks";
import { find } from "../../lifecycle/doubt/gone";
import { isShown } from "../../lifecycle/doubt/likeness";
import { givenKeys } from "../../lifecycle/fields/declared";
import { identityOfAll, objectProvider } from "../../lifecycle/objectProvider";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { webhookFields as fields, webhookMarks } from "./fields";

const noun = "webhook";

export function webhookProvider(session: Session): KindProvider<typeof fields> {
  return objectProvider<typeof fields, Webhook>(session, {
    noun,
    fields,
    marks: webhookMarks,
    identityOf: (inputs) => ({
      ...identityOfAll(noun, fields, inputs),
      collection: "webhooks",
      identityInWords: "all these fields",
      list: (client) => client.listWebhooks(),
      idOf: ({ Id }) => Id,
      unique: false,
    }),
    // The API has no read by id.
    find: (id, state, client = session.client) =>
      find(session, { what: `webhook ${id}`, id, list: () => client.listWebhooks(), state }),
    create: (_inputs, body) => session.client.createWebhook(body),
    update: (id, body) => session.client.updateWebhook(id, body),
    remove: (id) => session.client.deleteWebhook(id),

    advice({ url, authorizationHeader, state }, olds) {
      const isMended =
        (url !== undefined && url !== olds.url) ||
        (authorizationHeader !== undefined && authorizationHeader !== olds.authorizationHeader);
      return olds.state === "paused" && state === undefined && isMended
        ? [
            'it is paused, and a new address or header does not change that: declare state: "enabled" to end the pause',
          ]
        : [];
    },
    onReplacement: "gets a new secret, and loses the filters that were set in the dashboard",
    // Found in a list, a webhook shows no secret: the answer to an update of all its fields does.
    finishing: {
      isDue: ({ item, found }) => found || !isShown(item.Secret),
      missing: () => "its secret could not be read",
      lost: ({ Secret }, { secret }) =>
        isShown(Secret) || isShown(secret)
          ? undefined
          : "its secret was lost with the answer to its create, and the API does not show it again. Rotate it in " +
            "the dashboard, or replace the webhook (`pulumi up --replace <urn>`), which loses its filters",
      again: (inputs) => ({ inputs, keys: givenKeys(fields, inputs) }),
    },
    merged: (webhook, answer) => (isShown(webhook.Secret) ? webhook : { ...webhook, Secret: answer.Secret }),
  });
}
