/**
 * Packages that do one thing wrong, wrapped around the handlers or the client by name, so that they outlive whatever
 * is changed inside. The ones that the suites of lives are tried on are among them.
 */
import type { Client } from "../../../provider/api/client.js";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import { mutants as ofLives } from "../../lifecycle/describeLifecycle/mutants.ts";
import { mutants as ofOutages } from "../outages/mutants.ts";
import type { Around } from "../stage/package.js";
import type { Wrap } from "../stage/small.js";

export interface Mutant {
  readonly what: string;
  /** Went through an earlier matrix unseen: the matrix itself has to catch it. */
  readonly byMatrix?: true;
  /** Of a module that was named on the command line. */
  readonly isFurther?: true;
  readonly wrap?: Wrap;
  readonly client?: (client: Client) => Client;
  readonly modules?: NonNullable<Around["modules"]>;
}

type Change = (handlers: Handlers, kind: Kind, anew: () => Handlers) => Partial<Handlers>;

/** Of one kind, or of some. */
function of(kinds: Kind | readonly Kind[], change: Change): Wrap {
  return (handlers, kind, anew) =>
    [kinds].flat().includes(kind) ? { ...handlers, ...change(handlers, kind, anew) } : handlers;
}

function ofAll(change: Change): Wrap {
  return (handlers, kind, anew) => ({ ...handlers, ...change(handlers, kind, anew) });
}

/** Changes what a create records. */
function recording(kinds: Kind | readonly Kind[], to: (outs: Plain, inputs: Plain) => Plain): Wrap {
  return of(kinds, ({ create }) => ({
    async create(inputs) {
      const { id, outs } = await create(inputs);
      return { id, outs: { ...outs, ...to(outs ?? {}, inputs) } };
    },
  }));
}

function clientWith(change: (client: Client) => Partial<Client>): (client: Client) => Client {
  return (client) => ({ ...client, ...change(client) });
}

const gone = async () => ({ id: "", props: {} });

const unseen: readonly Mutant[] = [
  {
    what: "a rotation that records the old password",
    wrap: of("PasswordRotation", ({ create, read }) => ({
      async create(inputs) {
        const before = await read(`${inputs.credentialId}/1`, {});
        const { id, outs } = await create(inputs);
        return { id, outs: { ...outs, password: before.props?.password } };
      },
    })),
  },
  {
    what: "a webhook's secret that is garbage",
    wrap: recording("Webhook", () => ({ secret: "garbage" })),
  },
  {
    what: "a create that records no password",
    wrap: recording("Credential", () => ({ password: null })),
  },
  {
    what: "a credential with rules that is left inactive",
    wrap: of("Credential", ({ create, update }) => ({
      async create(inputs) {
        const created = await create(inputs);
        if (inputs.inboundRules === undefined) return created;
        await update(created.id, { ...created.outs, state: "active" }, { ...inputs, state: "inactive" });
        return created;
      },
    })),
  },
  {
    what: "a refresh of webhooks that never asks",
    wrap: of("Webhook", () => ({ read: async (id, olds) => ({ id, props: olds ?? {} }) })),
  },
  {
    what: "any failed read taken for gone",
    wrap: ofAll(({ read }) => ({ read: (id, olds) => read(id, olds).catch(gone) })),
  },
  {
    what: "a create that was found and is forgotten",
    client(client) {
      const [createCredential, listCredentials] = forgetting(client.createCredential, client.listCredentials);
      const [createWebhook, listWebhooks] = forgetting(client.createWebhook, client.listWebhooks);
      const [createShareLink, listShareLinks] = forgetting(client.createShareLink, client.listShareLinks);
      return {
        ...client,
        ...{
          createCredential,
          listCredentials,
          createWebhook,
          listWebhooks,
          createShareLink,
          listShareLinks,
        },
      };
    },
  },
  {
    what: "a password that is printed to stdout",
    wrap: of(["Credential", "PasswordRotation"], ({ create }) => ({
      async create(inputs) {
        const created = await create(inputs);
        process.stdout.write(`the password is ${created.outs?.password}\n`);
        return created;
      },
    })),
  },
  {
    what: "an update of share links that sends nothing",
    wrap: of("ShareLink", () => ({ update: async (_id, olds, news) => ({ outs: { ...olds, ...news } }) })),
  },
];

/** Once a create has failed, what is new in the list is not seen. */
function forgetting<T extends { readonly Id: string }, B>(
  create: (body: B) => Promise<T>,
  list: () => Promise<T[]>,
): [typeof create, typeof list] {
  let seen = new Set<string>();
  let hasFailed = false;
  return [
    (body) =>
      create(body).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      }),
    async () => {
      const items = await list();
      if (hasFailed) return items.filter(({ Id }) => seen.has(Id));
      seen = new Set(items.map(({ Id }) => Id));
      return items;
    },
  ];
}

const more: readonly Mutant[] = [
  {
    what: "a create that loses its id",
    wrap: ofAll(({ create }) => ({ create: async (inputs) => ({ ...(await create(inputs)), id: "1" }) })),
  },
  {
    what: "an update that drops a field",
    wrap: ofAll(({ update }) => ({
      update(id, olds, { permission, topics, ...news }) {
        const kept = { ...(permission !== undefined && { permission: olds.permission }) };
        const topic = { ...(topics !== undefined && { topics: olds.topics }) };
        return update(id, olds, { ...news, ...kept, ...topic });
      },
    })),
  },
  {
    what: "an update that drops the alias",
    client: clientWith(({ updateCredential }) => ({
      updateCredential: (id, { Alias, ...body }) => updateCredential(id, body),
    })),
  },
  {
    what: "an update of webhooks that drops the state",
    client: clientWith(({ updateWebhook }) => ({
      updateWebhook: (id, { State, ...body }) => updateWebhook(id, body),
    })),
  },
  {
    what: "a diff that hides every change",
    wrap: ofAll(() => ({ diff: async () => ({ changes: false }) })),
  },
  {
    what: "a diff that hides a changed password",
    wrap: of(["Credential", "ShareLink"], ({ diff }) => ({
      diff: (id, olds, { password, ...news }) => diff(id, olds, news),
    })),
  },
  {
    what: "a diff that replaces for any change",
    wrap: ofAll(({ diff }) => ({
      async diff(id, olds, news) {
        const difference = await diff(id, olds, news);
        return { ...difference, replaces: difference.changes ? ["alias"] : [] };
      },
    })),
  },
  {
    what: "a secret in the message of a failure",
    wrap: ofAll(({ create, update }) => {
      const shown = (secrets: Plain) => (error: unknown) => {
        const { password, authorizationHeader, url } = secrets;
        if (error instanceof Error) error.message += ` (${password ?? authorizationHeader ?? url})`;
        throw error;
      };
      return {
        create: (inputs) => create(inputs).catch(shown(inputs)),
        update: (id, olds, news) => update(id, olds, news).catch(shown(news)),
      };
    }),
  },
  {
    what: "a secret in the message of a failure, in base64",
    wrap: ofAll(({ create }) => ({
      create: (inputs) =>
        create(inputs).catch((error: unknown) => {
          const secret = String(inputs.password ?? inputs.authorizationHeader ?? inputs.url);
          if (error instanceof Error) error.message += Buffer.from(`see ${secret}`).toString("base64");
          throw error;
        }),
    })),
  },
  {
    what: "a share link's url that is kept where nothing marks it as secret",
    wrap: recording("ShareLink", ({ url }) => ({ address: url })),
  },
  {
    what: "a password that is kept in plain text in the inputs",
    wrap: of("Credential", ({ check }) => ({
      async check(olds, news) {
        const { inputs, failures } = await check(olds, news);
        return { inputs: { ...inputs, __password: news.password }, failures: failures ?? [] };
      },
    })),
  },
  {
    what: "a key that is printed to stderr",
    wrap: ofAll(({ configure, create }) => {
      let key: unknown;
      return {
        configure(request) {
          key = request.config.get("sftptogo:apiKey");
          return configure(request);
        },
        create(inputs) {
          process.stderr.write(`with ${key}\n`);
          return create(inputs);
        },
      };
    }),
  },
  {
    what: "the password of another login",
    client: clientWith(({ listCredentials }) => ({
      async listCredentials() {
        const all = await listCredentials();
        const other = all.find(({ IsDefault }) => IsDefault)?.Password;
        return all.map((each) => (other === undefined ? each : { ...each, Password: other }));
      },
    })),
  },
  {
    what: "a rotation that is sent twice",
    client: clientWith(({ rotatePassword }) => ({
      async rotatePassword(id) {
        await rotatePassword(id);
        return rotatePassword(id);
      },
    })),
  },
  {
    what: "a rotation that is tried again after it failed",
    client: clientWith(({ rotatePassword }) => ({
      rotatePassword: (id) => rotatePassword(id).catch(() => rotatePassword(id)),
    })),
  },
  {
    what: "a create of webhooks that is sent again after it failed",
    client: clientWith(({ createWebhook }) => ({
      createWebhook: (body) => createWebhook(body).catch(() => createWebhook(body)),
    })),
  },
  {
    what: "a create of share links that is sent twice",
    client: clientWith(({ createShareLink }) => ({
      async createShareLink(body) {
        await createShareLink(body);
        return createShareLink(body);
      },
    })),
  },
  {
    what: "rules that are sent after the login is open",
    client: clientWith(({ createCredential }) => ({
      createCredential: ({ State, ...body }) => createCredential({ ...body, State: "active" }),
    })),
  },
  {
    what: "rules that are never sent",
    wrap: of("Credential", ({ create, update }) => ({
      async create({ inboundRules, ...inputs }) {
        const { id, outs } = await create(inputs);
        return { id, outs: { ...outs, inboundRules: inboundRules ?? outs?.inboundRules } };
      },
      async update(id, olds, { inboundRules, ...news }) {
        const { outs } = await update(id, olds, news);
        return { outs: { ...outs, inboundRules: inboundRules ?? outs?.inboundRules } };
      },
    })),
  },
  {
    what: "a read by id whose failure is taken for gone",
    client: clientWith(({ getCredential, getShareLink }) => ({
      // What the client throws for an id that nothing has, whatever its class is called.
      getCredential: (id) => getCredential(id).catch(() => getCredential("0".repeat(30))),
      getShareLink: (id) => getShareLink(id).catch(() => getShareLink("0".repeat(13))),
    })),
  },
  {
    what: "a refresh of credentials that never asks",
    wrap: of("Credential", () => ({ read: async (id, olds) => ({ id, props: olds ?? {} }) })),
  },
  {
    what: "gone though it is there",
    wrap: of(["Credential", "Webhook"], ({ read }) => ({
      read: async (id, olds) => (olds?.organizationId === undefined ? read(id, olds) : gone()),
    })),
  },
  {
    what: "a delete that fails in unwritable",
    wrap: ofAll((handlers) => ({ delete: (id, olds) => handlers.delete(id, olds).catch(() => {}) })),
  },
  {
    what: "a delete of somebody else's of that name, too",
    client: clientWith(({ deleteWebhook, listWebhooks }) => ({
      async deleteWebhook(id) {
        const other = (await listWebhooks()).find((each) => each.Id !== id);
        if (other !== undefined) await deleteWebhook(other.Id);
        return deleteWebhook(id);
      },
    })),
  },
  {
    what: "a create that takes over what it finds in its way",
    wrap: ofAll(({ create, read }) => ({
      create: (inputs) =>
        create(inputs).catch(async (error: unknown) => {
          const id = /\{ import: "([^"]+)" \}/.exec(error instanceof Error ? error.message : "")?.[1];
          if (id === undefined) throw error;
          const { props } = await read(id, {});
          return { id, outs: { ...props, ...inputs } };
        }),
    })),
  },
  {
    what: "a failure that is passed over",
    wrap: ofAll(({ update }) => ({
      update: (id, olds, news) => update(id, olds, news).catch(() => ({ outs: { ...olds, ...news } })),
    })),
  },
  {
    what: "a spelling of the service's that is taken for drift",
    wrap: of("SshPublicKey", ({ diff }) => ({
      async diff(id, olds, news) {
        const isSpelled = olds.comment !== undefined && olds.sshPublicKeyBody === news.sshPublicKeyBody;
        return isSpelled ? { changes: true, replaces: ["sshPublicKeyBody"] } : diff(id, olds, news);
      },
    })),
  },
  ...ofSets(),
  {
    what: "rules that are sent at every up",
    wrap: of("Credential", ({ diff }) => ({
      async diff(id, olds, news) {
        const difference = await diff(id, olds, news);
        return news.inboundRules === undefined ? difference : { ...difference, changes: true };
      },
    })),
  },
];

/** Sets of keys that lock somebody out, leave access open, or take what is not theirs. */
function ofSets(): readonly Mutant[] {
  return [
    {
      what: "a set of keys that removes the old ones first",
      wrap: of("SshPublicKeySet", ({ update }) => ({
        async update(id, olds, news) {
          const { outs } = await update(id, olds, { ...news, sshPublicKeyBodies: [] });
          return update(id, outs ?? {}, news);
        },
      })),
    },
    {
      what: "a set of keys that removes nothing",
      client: clientWith(() => ({ removeSshPublicKey: async () => {} })),
    },
    {
      what: "a set of keys that does not see what others added",
      wrap: of("SshPublicKeySet", ({ read }) => ({
        async read(id, olds) {
          const { inputs: _, ...found } = await read(id, olds);
          return { ...found, props: { ...found.props, sshPublicKeyBodies: olds?.sshPublicKeyBodies } };
        },
      })),
    },
    {
      what: "a set of keys whose overlap never ends",
      wrap: of("SshPublicKeySet", ({ diff }) => ({
        diff: (id, olds, news) => diff(id, { ...olds, outgoing: [] }, news),
      })),
    },
    {
      what: "a set of keys without an overlap",
      wrap: of("SshPublicKeySet", ({ update }) => ({
        update: (id, olds, news) => update(id, olds, { ...news, overlapDays: 0 }),
      })),
    },
    {
      what: "a set of keys that forgets what it began to add",
      wrap: of("SshPublicKeySet", ({ create, update }) => {
        const forget = (error: unknown) => {
          throw new Error(error instanceof Error ? error.message : "");
        };
        return {
          create: (inputs) => create(inputs).catch(forget),
          update: (id, olds, news) => update(id, olds, news).catch(forget),
        };
      }),
    },
    {
      what: "a set of keys that adds all of them again",
      client: clientWith(({ addSshPublicKey }) => ({
        async addSshPublicKey(id, { SshPublicKeyBody }) {
          const key = await addSshPublicKey(id, { SshPublicKeyBody });
          await addSshPublicKey(id, { SshPublicKeyBody }).catch(() => {});
          return key;
        },
      })),
    },
  ];
}

/** A guard that is not there. What handlers and client are given shows none of them, so these name their modules. */
const withoutGuards: readonly Mutant[] = [
  {
    what: "a clock of this machine's that is trusted",
    modules: (load) => {
      load("lifecycle/process/time.js").timeOf = (ours: number) => ({ sure: ours, latest: ours });
    },
  },
  {
    what: "a clock of the service's that is trusted",
    modules: (load) => {
      load("lifecycle/process/time.js").timeOf = (ours: number, service = ours) => ({
        sure: service,
        latest: service,
      });
    },
  },
  {
    what: "holders that are forgotten",
    modules: (load) => {
      Object.assign(Object(load("lifecycle/process/holders.js").Holders).prototype, { isKept: () => false });
    },
  },
  {
    what: "a key's replacement that removes first",
    modules: (load) => {
      load("lifecycle/object/successor.js").announceSuccessor = () => {};
    },
  },
  {
    what: "a key's replacement that does not look for what was interrupted",
    modules: (load) => {
      load("lifecycle/object/successor.js").successorThere = async () => undefined;
    },
  },
  {
    what: "a key's replacement that forgets what it could not remove",
    modules: (load) => {
      load("lifecycle/object/successor.js").removePredecessor = async () => {};
    },
  },
];

export const mutants: readonly Mutant[] = [
  ...unseen.map((mutant) => ({ ...mutant, byMatrix: true as const })),
  ...more,
  ...ofOutages,
  ...withoutGuards,
  // Most are wrong for one turn of some kinds; here they are wrong for all that they can be.
  ...ofLives.map(({ what, turn, kinds, wrap }): Mutant => {
    const own = ofLives.filter((other) => other.what === what);
    return {
      what: own.length > 1 ? `${what} (${turn})` : what,
      wrap: (handlers, kind, anew) =>
        kinds.some((each) => each === kind) ? wrap(handlers, kind, anew) : handlers,
    };
  }),
];
