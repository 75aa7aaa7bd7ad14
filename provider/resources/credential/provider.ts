/**
 * What the engine calls for a credential. Check, diff, create, read, update and delete are the common ones of an
 * object. Special are the inbound rules, without which a new credential is not made active; the expiration, after
 * which the service makes it inactive by itself; and the organization's root credential.
 */

import type { Credential } from "../../api/credentials";
import { isShown } from "../../lifecycle/doubt/likeness";
import { managedKeys } from "../../lifecycle/fields/declared";
import { objectProvider } from "../../lifecycle/objectProvider";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { hiddenOf, kept } from "../../protocol/hidden";
import { isPast, isSameInstant } from "../../values/times";
import { findCredential } from "../shared/findCredential";
import { storesSecrets } from "../shared/storedSecrets";
import { credentialMarks, credentialFields as fields } from "./fields";
import { isUnfinished, markUnfinished, unmarked } from "./unfinished";

const noun = "credential";

export function credentialProvider(session: Session): KindProvider<typeof fields> {
  return objectProvider<typeof fields, Credential>(session, {
    noun,
    fields,
    marks: credentialMarks,
    identityOf: ({ userName = "", ...inputs }) => ({
      collection: "users",
      identity: `credential ${userName}`,
      identityInWords: `the user name ${JSON.stringify(userName)}`,
      list: (client) => client.listCredentials(),
      idOf: ({ Id }) => Id,
      isSame: ({ UserName }) => UserName.toLowerCase() === userName.toLowerCase(),
      isNeverMade: ({ IsDefault }) => IsDefault === true,
      unique: true,
      // The second login of a `RotatingCredential`, whose option has both.
      ...(isReserve(inputs) && {
        importOptionOf: (id) => `{ import: [undefined, ${JSON.stringify(id)}] }`,
      }),
    }),
    find: (id, state, client) =>
      findCredential(session, id, state, {
        ...(client && { client }),
        withPassword: storesSecrets(state),
        withRules: true,
        waitsForRules: managedKeys(fields, state).includes("inboundRules"),
      }),
    isReadById: true,
    create: (_inputs, body) => session.client.createCredential(body),
    update: (id, body) => session.client.updateCredential(id, body),
    remove: (id) => session.client.deleteCredential(id),

    // With rules to come it is not open for a moment before they are there.
    finishing: {
      createBody(inputs, { Settings: _, ...body }) {
        if (inputs.inboundRules === undefined)
          return isReserve(inputs) ? { ...body, State: "inactive" } : body;
        return { ...body, State: "inactive", Alias: markUnfinished(body.Alias) };
      },
      isDue: ({ item, found }, { inboundRules, password, ...others }) =>
        found ||
        inboundRules !== undefined ||
        (storesSecrets(others) && !password && !isShown(item.Password)),
      missing: ({ State }) => `is ${State} and not finished`,
      lost: (_credential, { password, ...others }) =>
        !storesSecrets(others) || isShown(password)
          ? undefined
          : "the API shows its password in no answer. Declare one, or set storeSecrets: false",
      again(inputs, state) {
        const usual = isReserve(inputs) ? "inactive" : "active";
        const { alias = unmarked(state.alias), state: wanted = usual } = inputs;
        return { inputs: { ...inputs, alias, state: wanted }, keys: ["alias", "inboundRules", "state"] };
      },
      isUnfinished,
      // The mark, and what makes room for it, are ours; rules and state are still to come.
      compared: (state) => ({
        ...state,
        alias: undefined,
        state: undefined,
        inboundRules: undefined,
      }),
    },
    remember(id, { state, ...inputs }) {
      if (state !== undefined && hiddenOf(inputs).isReserve === undefined)
        session.memory.rememberStateDeclared(id);
    },
    settledKeys: (declared, server) => expiredKeys(declared, server, session.time().latest),
    advice(inputs, { expiration: before, state }) {
      const { expiration, state: declared } = inputs;
      // Of two logins that are used in turn one is closed, and what opens it is their rotation's to say.
      if (hiddenOf(inputs).isReserve !== undefined) return [];
      const isNew = expiration !== undefined && expiration !== null && !isSameInstant(expiration, before);
      // The state may be older than the service's own change.
      const isClosed = state === "inactive" || isPast(before, session.time().sure);
      return isNew && declared === undefined && isClosed
        ? [
            'it is inactive, and a new expiration does not change that: declare state: "active" to open it again',
          ]
        : [];
    },
    // An `up` cannot make it again with a time of the past, and nothing else has to wait for it.
    usedUp: {
      kept(state) {
        if (state.createdAt === undefined || !isPast(state.expiration, session.time().sure)) return undefined;
        session.warn(
          `${noun} ${state.userName} has expired and was deleted elsewhere. It stays closed: give it a later expiration ` +
            "to have it made again, or remove it from the program",
        );
        return { ...state, state: "inactive", [kept.gone]: true };
      },
      isRemoved: (state) => state[kept.gone] === true,
      refusal: (id) =>
        new Error(
          `The ${noun} ${id} has expired and was deleted elsewhere. Give it a later expiration to have it made again, or ` +
            "remove it from the program.",
        ),
      replaces: (state, { expiration }) =>
        state[kept.gone] === true && expiration !== undefined && !isPast(expiration, session.time().latest)
          ? ["expiration"]
          : [],
    },
    root: { is: ({ isDefault }) => isDefault ?? undefined, fixed: ["permission"] },
  });
}

/** Whether it is for a rotation to open it. */
function isReserve(inputs: object): boolean {
  return hiddenOf(inputs).isReserve === true;
}

/**
 * A declared expiration has passed, and the service has turned the credential inactive and cleared the date,
 * as it does by itself. That is no drift: it is never made active again, nor patched with a date of the past,
 * by an unrelated `up`.
 */
export function expiredKeys(
  declared: { readonly expiration?: unknown },
  server: { readonly state?: unknown },
  now: number,
): ("expiration" | "state")[] {
  if (!isPast(declared.expiration, now)) return [];
  return server.state === "inactive" ? ["expiration", "state"] : ["expiration"];
}
