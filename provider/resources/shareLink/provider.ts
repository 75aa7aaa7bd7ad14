/**
 * What the engine calls for a share link. Check, diff, create, read, update and delete are the common ones of an
 * object; what is special about a link is that the service removes it once it is used up or has expired, and that
 * nothing shows its password.
 */
import type { ShareLink } from "../../api/shareLinks";
import { find } from "../../lifecycle/doubt/gone";
import { serverState } from "../../lifecycle/fields/translate";
import { identityOfAll, objectProvider } from "../../lifecycle/objectProvider";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { kept } from "../../protocol/hidden";
import { isPast } from "../../values/times";
import {
  shareLinkFields as fields,
  isConsumed,
  isDisabled,
  isUsable,
  mayBeConsumed,
  removedState,
  shareLinkMarks,
} from "./fields";

const noun = "share link";

export function shareLinkProvider(session: Session): KindProvider<typeof fields> {
  /** That a link has ended is certain by this, and possible by the other. */
  const sure = () => session.time().sure;
  const latest = () => session.time().latest;
  return objectProvider<typeof fields, ShareLink>(session, {
    noun,
    fields,
    marks: shareLinkMarks,
    identityOf(inputs) {
      const { identity, isSame } = identityOfAll(noun, fields, inputs);
      return {
        collection: "portal-links",
        identity,
        identityInWords: "all these fields (add or change `notes` to tell them apart)",
        list: (client) => client.listShareLinks(),
        idOf: ({ Id }) => Id,
        isSame: (link) => isUsable(serverState(fields, link, {}), sure()) && isSame(link),
        unique: false,
      };
    },
    find: (id, state, client = session.client) =>
      find(session, {
        what: `${noun} ${id}`,
        id,
        list: () => client.listShareLinks(),
        get: () => client.getShareLink(id),
        state,
      }),
    isReadById: true,
    create: (_inputs, body) => session.client.createShareLink(body),
    update: (id, body) => session.client.updateShareLink(id, body),
    remove: (id) => session.client.deleteShareLink(id),

    // A list does not show a password: where the answer was lost, it is set once more.
    finishing: {
      isDue: ({ found }, { password }) => found && password !== undefined,
      missing: () => "its password is not certain",
      knownOf: (state) => ({ ...state, password: null }),
    },
    // A declared time that has passed is no difference, whatever the service made of it: it cannot be sent.
    settledKeys(declared) {
      const { expiresAt }: { expiresAt?: unknown } = declared;
      return isPast(expiresAt, latest()) ? ["expiresAt"] : [];
    },
    // Nothing shows a password. That another link was answered says that it was not set.
    isDenied: (id, body, answer) =>
      body.Password !== undefined && answer.Id !== undefined && answer.Id !== id,
    keptOf: (link, state) => ({ [kept.disabled]: isDisabled(link, state, latest()) || undefined }),
    usedUp: {
      // A link that the service removed when it was used up must not come to life again by an unrelated `up`.
      kept: (state) =>
        state.createdAt !== undefined && state.onConsumed !== "recreate" && mayBeConsumed(state, latest())
          ? { ...state, state: removedState }
          : undefined,
      isRemoved: ({ state }) => state === removedState,
      refusal: (id) =>
        new Error(
          `The ${noun} ${id} was used up or has expired, and the service removed it. To have a new one, ` +
            'set onConsumed: "recreate" (and an expiresAt in the future, if there is one).',
        ),
      // With a declared time that has passed a new one could not be made either.
      replaces(state, { onConsumed, expiresAt }) {
        const isWanted = onConsumed === "recreate" && isConsumed(state, sure());
        return isWanted && !isPast(expiresAt, latest()) ? ["onConsumed"] : [];
      },
    },
  });
}
