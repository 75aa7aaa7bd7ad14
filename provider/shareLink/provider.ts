/** A share link's check, diff, create, read, update and delete, on plain values. */
import type { ShareLink } from "../api/wire";
import { messageOf, SavedFailure } from "../engine/failures";
import type { KindProvider } from "../engine/handlers";
import { kept } from "../engine/hidden";
import { check } from "../lifecycle/check";
import { deleteUnlessGone, find } from "../lifecycle/gone";
import { type Creation, createOnce } from "../lifecycle/ownership";
import { declaredKeys, differingKeys, outputsOf, readResult } from "../lifecycle/properties";
import type { Session } from "../lifecycle/session";
import {
  adopt,
  goneAtUpdate,
  importIdOf,
  isJustAdopted,
  notApplied,
  readOfGone,
  unlessGone,
} from "../lifecycle/turns";
import { isEqual, type Plain } from "../values/plain";
import { instant } from "../values/times";
import {
  isConsumed,
  mayBeConsumed,
  removedState,
  type ShareLinkInputs,
  shareLinkProperties,
  toBody,
  toServerOutputs,
} from "./mapping";

const noun = "share link";

/** What the list and the read by id show of a link, and so what one can be told by. */
const visible = ["path", "permission", "expiresAt", "accessLimit", "notes"];

export function shareLinkProvider(session: Session): KindProvider {
  const properties = shareLinkProperties(session.clock.now);

  return {
    async check(olds, news) {
      return check(
        session,
        {
          noun,
          properties,
          // Of `onConsumed` the server has no word, so it is not compared.
          async existing(id) {
            const link = await lookUp(id, {});
            return link && toServerOutputs(link, {});
          },
          creation,
        },
        olds,
        news,
      );
    },

    async diff(id, olds, news) {
      session.memory.managed.add(id);
      if (isToRecreate(olds, news)) {
        return { changes: true, replaces: ["onConsumed"], deleteBeforeReplace: true };
      }
      return { changes: olds[kept.unfinished] !== undefined || changedKeys(olds, news).length > 0 };
    },

    async create(inputs) {
      const importId = importIdOf(session, inputs);
      if (importId !== undefined) {
        return { id: importId, outs: fullOutputs(await adopt(session, noun, importId, lookUp), inputs, {}) };
      }
      const { item, found } = await createOnce(session, creation(inputs));
      const outputs = fullOutputs(item, inputs, {});
      // A list does not show a password: where the answer was lost, it is set once more.
      if (!found || inputs.password === undefined) return { id: item.Id, outs: outputs };
      const unfinished: Plain = { ...outputs, password: null, [kept.unfinished]: true };
      try {
        return { id: item.Id, outs: await bringTo(item.Id, unfinished, inputs) };
      } catch (error) {
        throw new SavedFailure(
          item.Id,
          inputs,
          unfinished,
          `Share link ${item.Id} was created, but its password is not certain: ${messageOf(error)} ` +
            "Run `pulumi up` again to finish it.",
        );
      }
    },

    async read(id, olds) {
      session.assertOrganization(olds, `read ${noun} ${id}`);
      const link = await lookUp(id, olds);
      if (link === undefined) {
        // A link that the service removed when it was used up must not come to life again by an unrelated `up`.
        if (olds.createdAt !== undefined && isKept(olds) && mayBeConsumed(olds, session.clock.now())) {
          return { id, props: { ...olds, state: removedState } };
        }
        return readOfGone(noun, id, olds);
      }
      const { outputs, inputs } = readResult(properties, {
        olds,
        server: toServerOutputs(link, olds),
        notDrift: passedKeys(olds),
      });
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
        () => session.client.deleteShareLink(id),
        () => lookUp(id, olds),
      );
    },
  };

  function lookUp(id: string, outputs: Plain): Promise<ShareLink | undefined> {
    return find(session, {
      what: `${noun} ${id}`,
      id,
      list: () => session.client.listShareLinks(),
      get: () => session.client.getShareLink(id),
      outputs,
    });
  }

  /**
   * Used up, and the program asks for a new one. With a declared time that has passed a new one could not be
   * made either.
   */
  function isToRecreate(olds: Plain, news: Plain): boolean {
    const now = session.clock.now();
    if (news.onConsumed !== "recreate" || !isConsumed(olds, now)) return false;
    const declared = instant(news.expiresAt);
    return declared === undefined || declared > now;
  }

  function creation(inputs: Plain): Creation<ShareLink> {
    const keys = declaredKeys(properties, inputs);
    const body = toBody(inputs as unknown as ShareLinkInputs, keys);
    const identity = Object.fromEntries(
      keys.filter((key) => visible.includes(key)).map((key) => [key, inputs[key]]),
    );
    return {
      noun,
      collection: "portal-links",
      identity: `share-link ${JSON.stringify(identity)}`,
      identityInWords: "all these fields (add or change `notes` to tell them apart)",
      list: () => session.unsharedClient.listShareLinks(),
      idOf: (link) => link.Id,
      isOurs: (link) =>
        !isConsumed(toServerOutputs(link, {}), session.clock.now()) &&
        differingKeys(properties, identity, toServerOutputs(link, {})).length === 0,
      post: () => session.client.createShareLink(body),
      unique: false,
    };
  }

  /** Sends what differs between the state's outputs and the inputs, and reads back what came of it. */
  async function bringTo(id: string, olds: Plain, inputs: Plain): Promise<Plain> {
    const keys = changedKeys(olds, inputs);
    const body = toBody(inputs as unknown as ShareLinkInputs, keys);
    if (Object.keys(body).length > 0 && olds.state === removedState) throw usedUp(id);
    if (Object.keys(body).length > 0) {
      const answer = await unlessGone(noun, id, session.client.updateShareLink(id, body));
      // No look shows a password: that the link itself was answered is the only proof.
      if (body.Password !== undefined && answer.Id !== id) throw notApplied(noun, id, "password");
    }
    const link = await lookUp(id, olds);
    if (link === undefined) {
      // Nothing was to be sent: only what we keep of our own changes.
      if (Object.keys(body).length === 0 && isEqual(olds.state, removedState)) {
        return { ...outputsOf(properties, inputs, { ...olds, onConsumed: inputs.onConsumed }) };
      }
      throw goneAtUpdate(noun, id);
    }
    return fullOutputs(link, inputs, { ...olds, ...passwordOf(inputs) });
  }

  function changedKeys(olds: Plain, news: Plain): string[] {
    const passed = passedKeys(news);
    return differingKeys(properties, news, olds).filter((key) => !passed.includes(key));
  }

  /** A declared time that has passed is no difference, whatever the service made of it: it cannot be sent. */
  function passedKeys(values: Plain): string[] {
    const declared = instant(values.expiresAt);
    return declared !== undefined && declared <= session.clock.now() ? ["expiresAt"] : [];
  }

  function passwordOf(inputs: Plain): Plain {
    return inputs.password === undefined ? {} : { password: inputs.password };
  }

  function fullOutputs(link: ShareLink, inputs: Plain, olds: Plain): Plain {
    const known = { ...olds, ...passwordOf(inputs), onConsumed: inputs.onConsumed };
    return { ...outputsOf(properties, inputs, toServerOutputs(link, known)), ...session.origin() };
  }
}

function usedUp(id: string): Error {
  return new Error(
    `The ${noun} ${id} was used up or has expired, and the service removed it. To have a new one, ` +
      'set onConsumed: "recreate" (and an expiresAt to come, if there is one).',
  );
}

function isKept(olds: Plain): boolean {
  return olds.onConsumed !== "recreate";
}
