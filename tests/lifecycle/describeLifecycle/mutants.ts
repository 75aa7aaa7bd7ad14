/** Providers that do one thing wrong: each has to be caught by the turn that is about it. */
import type { Wrap } from "../../harness/stage/small.js";
import { livedKinds as kinds, type LivedKind } from "./subjects.ts";
import type { TurnName } from "./turns.js";

export interface Mutant {
  readonly turn: TurnName;
  readonly what: string;
  /** Of which it is wrong; the others have nothing to do in that place. */
  readonly kinds: readonly LivedKind[];
  readonly wrap: Wrap;
}

/** What a create that finds its object there refuses: a set takes keys that it declares for its own. */
const objects = kinds.filter((kind) => kind !== "PasswordRotation" && kind !== "SshPublicKeySet");
const updatable = ["Credential", "Webhook", "ShareLink"] as const;

export const mutants: readonly Mutant[] = [
  {
    turn: "life",
    what: "an update that sends nothing",
    kinds: [...updatable, "SshPublicKeySet"],
    wrap: (handlers) => ({
      ...handlers,
      update: async (_id, olds, news) => ({ outs: { ...olds, ...news } }),
    }),
  },
  {
    turn: "life",
    what: "a diff that always sees a change",
    kinds,
    wrap: (handlers) => ({
      ...handlers,
      diff: async (...args) => ({ ...(await handlers.diff(...args)), changes: true }),
    }),
  },
  {
    turn: "life",
    what: "a secret output that is not the server's",
    kinds: ["Credential", "Webhook", "ShareLink", "PasswordRotation"],
    wrap: (handlers) => ({
      ...handlers,
      async create(inputs) {
        const { id, outs } = await handlers.create(inputs);
        return {
          id,
          outs: { ...outs, password: "wrong", secret: "wrong", url: "https://wrong.example.com" },
        };
      },
    }),
  },
  {
    turn: "life",
    what: "a delete that does nothing",
    kinds: ["Credential", "Webhook", "ShareLink"],
    wrap: (handlers) => ({ ...handlers, async delete() {} }),
  },
  {
    turn: "adopted",
    what: "a check that refuses nothing",
    kinds,
    wrap: (handlers) => ({
      ...handlers,
      async check(...args) {
        const { inputs } = await handlers.check(...args);
        return { inputs: inputs ?? {}, failures: [] };
      },
    }),
  },
  {
    turn: "adopted",
    what: "a refusal that shows the values of secrets",
    kinds: ["Credential", "Webhook", "PasswordRotation"],
    wrap: (handlers) => ({
      ...handlers,
      async check(olds, news) {
        const { inputs, failures = [] } = await handlers.check(olds, news);
        const { password, authorizationHeader } = news;
        const shown = failures.map(({ property, reason }) => ({
          property,
          reason: `${reason} (${password ?? authorizationHeader})`,
        }));
        return { inputs: inputs ?? {}, failures: shown };
      },
    }),
  },
  {
    turn: "adopted",
    what: "a create that knows of no import option",
    kinds: [...objects, "PasswordRotation"],
    wrap: (handlers) => ({
      ...handlers,
      create: ({ __importId, ...inputs }) => handlers.create(inputs),
    }),
  },
  {
    turn: "adopted",
    what: "an adoption that writes",
    kinds: updatable,
    wrap: (handlers) => ({
      ...handlers,
      async create(inputs) {
        const created = await handlers.create(inputs);
        const olds = {
          ...created.outs,
          alias: "another",
          permission: "another",
          url: "https://another.example",
        };
        await handlers.update(created.id, olds, inputs);
        return created;
      },
    }),
  },
  {
    turn: "adopted",
    what: "a delete that does not remember what this process has adopted",
    kinds: [...objects, "SshPublicKeySet"],
    wrap: (handlers, _kind, anew) => ({ ...handlers, delete: (id, olds) => anew().delete(id, olds) }),
  },
  {
    turn: "gone",
    what: "a refresh that never asks",
    kinds,
    wrap: (handlers) => ({ ...handlers, read: async (id, olds) => ({ id, props: olds ?? {} }) }),
  },
  {
    turn: "gone",
    what: "an update that is content with nothing there",
    kinds: [...updatable, "PasswordRotation", "SshPublicKeySet"],
    wrap: (handlers) => ({
      ...handlers,
      update: (id, olds, news) =>
        handlers.update(id, olds, news).catch(() => ({ outs: { ...olds, ...news } })),
    }),
  },
  {
    turn: "get",
    what: "a read that shows nothing",
    kinds,
    wrap: (handlers) => ({ ...handlers, read: async (id) => ({ id, props: {} }) }),
  },
  {
    turn: "get",
    what: "a read that says nothing of what is not there",
    kinds,
    wrap: (handlers) => ({
      ...handlers,
      read: (id, olds) => handlers.read(id, olds).catch(() => ({ id, props: {} })),
    }),
  },
  {
    turn: "otherOrganization",
    what: "a read that forgets to look at the organization",
    kinds,
    wrap: (handlers) => ({
      ...handlers,
      read: (id, { organizationId, ...olds } = {}) => handlers.read(id, olds),
    }),
  },
  {
    turn: "otherOrganization",
    what: "a diff that forgets to look at the organization",
    // The others stand behind a credential, which is refused before them.
    kinds: updatable,
    wrap: (handlers) => ({
      ...handlers,
      diff: (id, { organizationId, ...olds }, news) => handlers.diff(id, olds, news),
    }),
  },
  {
    turn: "otherOrganization",
    what: "a diff and an update that forget to look at the organization",
    kinds: updatable,
    wrap: (handlers) => ({
      ...handlers,
      diff: (id, { organizationId, ...olds }, news) => handlers.diff(id, olds, news),
      update: (id, { organizationId, ...olds }, news) => handlers.update(id, olds, news),
    }),
  },
  {
    turn: "otherOrganization",
    what: "a delete that forgets to look at the organization",
    kinds,
    wrap: (handlers) => ({
      ...handlers,
      delete: (id, { organizationId, ...olds } = {}) => handlers.delete(id, olds),
    }),
  },
  {
    turn: "unfinished",
    what: "a create that loses the id when it fails",
    kinds: [...updatable, "PasswordRotation", "SshPublicKeySet"],
    wrap: (handlers) => ({
      ...handlers,
      async create(inputs) {
        try {
          return await handlers.create(inputs);
        } catch (error) {
          throw new Error(error instanceof Error ? error.message : "");
        }
      },
    }),
  },
  {
    turn: "unfinished",
    what: "an update that finishes nothing",
    kinds: ["Credential", "Webhook", "ShareLink", "PasswordRotation"],
    wrap: (handlers) => ({
      ...handlers,
      update: async (_id, { __unfinished, ...olds }) => ({ outs: olds }),
    }),
  },
  {
    turn: "lostAnswers",
    what: "a create that makes a second one",
    kinds,
    wrap: (handlers, kind, anew) => ({
      ...handlers,
      async create(inputs) {
        const created = await handlers.create(inputs);
        const body = String(inputs.sshPublicKeyBody).replace("Df", "Ff");
        const sshPublicKeyBodies = [inputs.sshPublicKeyBodies ?? []]
          .flat()
          .flatMap((each) => [each, String(each).replace("Gf", "Hf")]);
        const others = {
          userName: "second",
          sshPublicKeyBody: body,
          alias: "second",
          notes: "second",
          sshPublicKeyBodies,
        };
        const differing = kind === "PasswordRotation" ? {} : others;
        await anew().create({ ...inputs, ...differing });
        return created;
      },
    }),
  },
  {
    turn: "lostAnswers",
    what: "a create that takes its own object for somebody else's",
    kinds: objects,
    wrap: (handlers, _kind, anew) => ({
      ...handlers,
      async create(inputs) {
        const created = await handlers.create(inputs);
        return inputs.userName === "owner-incoming" ? created : anew().create(inputs);
      },
    }),
  },
  {
    turn: "replaced",
    what: "a delete that does nothing",
    kinds: objects,
    wrap: (handlers) => ({ ...handlers, async delete() {} }),
  },
  {
    turn: "replaced",
    what: "a replacement that does nothing",
    kinds: ["SshPublicKey", "PasswordRotation"],
    wrap: (handlers) => ({
      ...handlers,
      async create(inputs) {
        if (!isReplacing(inputs)) return handlers.create(inputs);
        return { id: "4ddb2ea265b8eaf7680d20f0b26cf1/1", outs: { ...inputs, organizationId: "none" } };
      },
    }),
  },
];

function isReplacing(inputs: { readonly [key: string]: unknown }): boolean {
  return inputs.triggers === 2 || String(inputs.sshPublicKeyBody).includes("Ef");
}
