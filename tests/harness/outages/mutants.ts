/** Rotations between two logins that do one thing wrong, wrapped around the handlers. */
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { Mutant } from "../mutants/mutants.ts";
import type { Wrap } from "../stage/small.ts";

function ofRotations(change: (handlers: Handlers) => Partial<Handlers>): Wrap {
  return (handlers, kind) =>
    kind === "CredentialRotation" ? { ...handlers, ...change(handlers) } : handlers;
}

/** What diff and update are given, changed. */
function given(olds: (olds: Plain) => Plain, news: (news: Plain, olds: Plain) => Plain): Wrap {
  return ofRotations(({ diff, update }) => ({
    diff: (id, before, after) => diff(id, olds(before), news(after, before)),
    update: (id, before, after) => update(id, olds(before), news(after, before)),
  }));
}

const same = (values: Plain) => values;

function otherOf({ credentialIds, activeCredentialId }: Plain): unknown {
  return (credentialIds as readonly unknown[]).find((id) => id !== activeCredentialId);
}

/** What an update records that has rotated. */
function recording(change: (outs: Plain, olds: Plain) => Plain): Wrap {
  return ofRotations(({ update }) => ({
    async update(id, olds, news) {
      const { outs = {} } = await update(id, olds, news);
      const isRotated = olds.activeCredentialId !== outs.activeCredentialId;
      return { outs: isRotated ? { ...outs, ...change(outs, olds) } : outs };
    },
  }));
}

export const mutants: readonly Mutant[] = [
  {
    what: "a rotation of the login that is in use",
    wrap: given((olds) => ({ ...olds, activeCredentialId: otherOf(olds) }), same),
  },
  {
    what: "a rotation between logins that ends the grace at once",
    wrap: given(same, (news) => ({ ...news, graceDays: 0 })),
  },
  {
    what: "a previous login that is never closed",
    wrap: given(same, (news) => ({ ...news, graceDays: 10_000 })),
  },
  {
    what: "a rotation within the grace that is not refused",
    wrap: given((olds) => ({ ...olds, previousCredentialId: null }), same),
  },
  {
    what: "a rotation between logins that gives out the password of before",
    wrap: recording((_, { password }) => ({ password })),
  },
  {
    what: "a rotation between logins that promises more time than there is",
    wrap: recording(({ previousValidUntil }) => ({
      previousValidUntil: new Date(Date.parse(String(previousValidUntil)) + 86_400_000).toISOString(),
    })),
  },
  {
    what: "a first create that takes the login in reserve",
    wrap: ofRotations(({ create }) => ({
      async create(inputs) {
        const { id, outs = {} } = await create(inputs);
        const reserve = { activeCredentialId: otherOf(outs), userName: "acme-incoming-b" };
        return { id, outs: { ...outs, ...reserve } };
      },
    })),
  },
  {
    what: "a first create that rotates",
    wrap: ofRotations(({ create, update }) => ({
      async create(inputs) {
        const { id, outs = {} } = await create(inputs);
        const rotated = await update(id, { ...outs, triggers: null, __managed: "" }, inputs);
        return { id, outs: rotated.outs ?? outs };
      },
    })),
  },
  {
    what: "a login that is closed in words only",
    client: (client) => ({
      ...client,
      updateCredential: (id, body) =>
        body.State === "inactive" ? client.getCredential(id) : client.updateCredential(id, body),
    }),
  },
];
