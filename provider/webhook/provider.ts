/** A webhook's check, diff, create, read, update and delete, on plain values. */
import type { Webhook } from "../api/wire";
import { messageOf, SavedFailure } from "../engine/failures";
import type { KindProvider } from "../engine/handlers";
import { kept } from "../engine/hidden";
import { check } from "../lifecycle/check";
import { deleteUnlessGone, find } from "../lifecycle/gone";
import { type Creation, createOnce } from "../lifecycle/ownership";
import { declaredKeys, defaultKeys, differingKeys, outputsOf, readResult } from "../lifecycle/properties";
import type { Session } from "../lifecycle/session";
import {
  adopt,
  goneAtUpdate,
  importIdOf,
  isJustAdopted,
  readOfGone,
  unlessGone,
  withNames,
} from "../lifecycle/turns";
import type { Plain } from "../values/plain";
import { webhookProperties as properties, toBody, toServerOutputs, type WebhookInputs } from "./mapping";

const noun = "webhook";

export function webhookProvider(session: Session): KindProvider {
  return {
    async check(olds, news) {
      return check(
        session,
        {
          noun,
          properties,
          // The type is sent, not left to the API, whose default is not documented.
          defaults: { alias: (name) => name, type: () => "webhook" },
          async existing(id) {
            const webhook = await lookUp(id, {});
            return webhook && toServerOutputs(webhook, {});
          },
          creation,
        },
        olds,
        news,
      );
    },

    async diff(id, olds, news) {
      session.memory.managed.add(id);
      return {
        changes: olds[kept.unfinished] !== undefined || differingKeys(properties, news, olds).length > 0,
      };
    },

    async create(given) {
      const importId = importIdOf(session, given);
      if (importId !== undefined) {
        return { id: importId, outs: fullOutputs(await adopt(session, noun, importId, lookUp), given, {}) };
      }
      const inputs = withNames(session, given);
      const { item, found } = await createOnce(session, creation(inputs));
      const outputs = fullOutputs(item, inputs, {});
      if (!found && item.Secret) return { id: item.Id, outs: outputs };
      // Found in a list, which does not show the secret: the answer to an update does.
      const unfinished: Plain = { ...outputs, [kept.unfinished]: true };
      try {
        return { id: item.Id, outs: await bringTo(item.Id, unfinished, inputs) };
      } catch (error) {
        throw new SavedFailure(
          item.Id,
          inputs,
          unfinished,
          `Webhook ${item.Id} was created, but its secret could not be read: ${messageOf(error)} ` +
            "Run `pulumi up` again to finish it.",
        );
      }
    },

    async read(id, olds) {
      session.assertOrganization(olds, `read ${noun} ${id}`);
      const webhook = await lookUp(id, olds);
      if (webhook === undefined) return readOfGone(noun, id, olds);
      const server = toServerOutputs(webhook, olds);
      const { outputs, inputs } = readResult(properties, { olds, server, defaults: ["alias", "type"] });
      const props = { ...outputs, ...session.origin(), [kept.unfinished]: olds[kept.unfinished] };
      return { id, props, ...(inputs && { inputs }) };
    },

    async update(id, olds, news) {
      session.assertOrganization(olds, `update ${noun} ${id}`);
      return { outs: await bringTo(id, olds, news) };
    },

    async delete(id, olds) {
      session.assertOrganization(olds, `delete ${noun} ${id}`);
      if (isJustAdopted(session, noun, id)) return;
      await deleteUnlessGone(
        session,
        id,
        () => session.client.deleteWebhook(id),
        () => lookUp(id, olds),
      );
    },
  };

  /** The webhook in the list: the API has no read by id. */
  function lookUp(id: string, outputs: Plain): Promise<Webhook | undefined> {
    return find(session, {
      what: `webhook ${id}`,
      id,
      list: () => session.client.listWebhooks(),
      outputs,
    });
  }

  function creation(inputs: Plain): Creation<Webhook> {
    const keys = [...declaredKeys(properties, inputs), ...defaultKeys(inputs)];
    const body = toBody(inputs as unknown as WebhookInputs, keys);
    const identity = Object.fromEntries(keys.map((key) => [key, inputs[key]]));
    return {
      noun,
      collection: "webhooks",
      identity: `webhook ${JSON.stringify(identity)}`,
      identityInWords: "all these fields",
      list: () => session.unsharedClient.listWebhooks(),
      idOf: (webhook) => webhook.Id,
      isOurs: (webhook) => differingKeys(properties, identity, toServerOutputs(webhook, {})).length === 0,
      post: () => session.client.createWebhook(body),
      unique: false,
    };
  }

  /** Sends what differs between the state's outputs and the inputs, and reads back what came of it. */
  async function bringTo(id: string, olds: Plain, inputs: Plain): Promise<Plain> {
    const keys =
      olds[kept.unfinished] === undefined
        ? differingKeys(properties, inputs, olds)
        : [...declaredKeys(properties, inputs), ...defaultKeys(inputs)];
    const body = toBody(inputs as unknown as WebhookInputs, keys);
    const answer =
      Object.keys(body).length > 0
        ? await unlessGone(noun, id, session.client.updateWebhook(id, body))
        : undefined;
    const webhook = await lookUp(id, olds);
    if (webhook === undefined) throw goneAtUpdate(noun, id);
    return fullOutputs({ ...webhook, Secret: webhook.Secret || answer?.Secret }, inputs, olds);
  }

  function fullOutputs(webhook: Webhook, inputs: Plain, olds: Plain): Plain {
    return { ...outputsOf(properties, inputs, toServerOutputs(webhook, olds)), ...session.origin() };
  }
}
