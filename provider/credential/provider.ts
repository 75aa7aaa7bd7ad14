/** A credential's check, diff, create, read, update and delete, on plain values. */
import type { dynamic } from "@pulumi/pulumi";
import type { Credential } from "../api/wire";
import { type CheckFailure, messageOf, SavedFailure } from "../engine/failures";
import type { KindProvider } from "../engine/handlers";
import { kept } from "../engine/hidden";
import { check } from "../lifecycle/check";
import { findCredential } from "../lifecycle/findCredential";
import { deleteUnlessGone } from "../lifecycle/gone";
import { type Creation, createOnce } from "../lifecycle/ownership";
import { declaredKeys, defaultKeys, differingKeys, outputsOf, readResult } from "../lifecycle/properties";
import type { Session } from "../lifecycle/session";
import {
  adopt,
  goneAtUpdate,
  importIdOf,
  isJustAdopted,
  notApplied,
  readOfGone,
  unlessGone,
  withNames,
} from "../lifecycle/turns";
import { hasUnknown, isUnknown, type Plain } from "../values/plain";
import {
  type CredentialInputs,
  credentialProperties,
  defaultUserName,
  expiredKeys,
  isPasswordChanged,
  isUnfinished,
  markUnfinished,
  passwordHash,
  toBody,
  toServerOutputs,
  unmarked,
} from "./mapping";

const noun = "credential";

export function credentialProvider(session: Session): KindProvider {
  const properties = credentialProperties(session.clock.now);

  return {
    async check(olds, news) {
      return check(
        session,
        {
          noun,
          properties,
          defaults: {
            alias: (name) => name,
            userName: (name, urn) => defaultUserName(session.settings.organizationId, name, urn),
          },
          async existing(id) {
            const credential = await lookUp(id, {});
            if (credential === undefined) return undefined;
            const server = toServerOutputs(credential, {});
            if (!isUnfinished(credential)) return server;
            // Half-made by a create that was killed: adopting it brings it to its end.
            return { ...server, alias: unmarked(server.alias), state: undefined, inboundRules: undefined };
          },
          creation,
          verify: verifyRoot,
        },
        olds,
        news,
      );
    },

    async diff(id, olds, news): Promise<dynamic.DiffResult> {
      session.memory.managed.add(id);
      return { changes: olds[kept.unfinished] !== undefined || changedKeys(olds, news).length > 0 };
    },

    async create(given) {
      const importId = importIdOf(session, given);
      if (importId !== undefined) {
        const credential = await adopt(session, noun, importId, lookUp);
        if (isUnfinished(credential)) return finish(credential, given);
        return { id: importId, outs: fullOutputs(credential, given, {}) };
      }
      const inputs = withNames(session, given);
      const rules = inputs.inboundRules !== undefined;
      const { item, found } = await createOnce(session, creation(inputs));
      if (rules || found) return finish(item, inputs);
      return { id: item.Id, outs: fullOutputs(item, inputs, {}) };
    },

    async read(id, olds) {
      session.assertOrganization(olds, `read ${noun} ${id}`);
      const credential = await lookUp(id, olds);
      if (credential === undefined) return readOfGone(noun, id, olds);
      const server = serverOutputs(credential, olds);
      const expired = expiredKeys(olds, server, session.clock.now());
      const { outputs, inputs } = readResult(properties, {
        olds,
        server: expired.includes("expiration") ? { ...server, expiration: olds.expiration } : server,
        // A rotated password is wanted.
        notDrift: ["password", ...expired],
        defaults: ["alias", "userName"],
      });
      if (inputs && credential.IsDefault) inputs[kept.root] = true;
      const props = {
        ...outputs,
        ...session.origin(),
        [kept.passwordHash]: olds[kept.passwordHash],
        [kept.unfinished]: olds[kept.unfinished],
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    async update(id, olds, news) {
      session.assertOrganization(olds, `update ${noun} ${id}`);
      return { outs: await bringTo(id, olds, news) };
    },

    async delete(id, olds) {
      session.assertOrganization(olds, `delete ${noun} ${id}`);
      if (isJustAdopted(session, noun, id)) return;
      const isRoot = olds.isDefault ?? (await lookUp(id, olds))?.IsDefault;
      if (isRoot === true) {
        session.warn(
          `credential ${id} is the organization's root credential, which cannot be deleted: ` +
            "it was left as it is and only dropped from the stack",
        );
        return;
      }
      await deleteUnlessGone(
        session,
        id,
        () => session.client.deleteCredential(id),
        () => lookUp(id, olds),
      );
    },
  };

  function lookUp(id: string, outputs: Plain): Promise<Credential | undefined> {
    return findCredential(session, id, outputs);
  }

  function creation(inputs: Plain): Creation<Credential> {
    const userName = inputs.userName as string;
    const keys = [...declaredKeys(properties, inputs), ...defaultKeys(inputs)];
    const body = toBody(
      inputs as CredentialInputs,
      keys.filter((key) => key !== "inboundRules"),
    );
    // With rules to come it is not open for a moment before they are there.
    if (keys.includes("inboundRules")) {
      body.State = "inactive";
      body.Alias = markUnfinished(body.Alias);
    }
    return {
      noun,
      collection: "users",
      identity: `credential ${userName}`,
      identityInWords: `the user name ${JSON.stringify(userName)}`,
      list: () => session.unsharedClient.listCredentials(),
      idOf: (credential) => credential.Id,
      isOurs: (credential) => credential.UserName === userName,
      isNeverMade: (credential) => credential.IsDefault,
      post: () => session.client.createCredential(body),
      unique: true,
    };
  }

  /** Brings a credential that was just made to what is declared: whatever fails, its id goes into the state. */
  async function finish(credential: Credential, inputs: Plain): Promise<dynamic.CreateResult<Plain>> {
    const id = credential.Id;
    const unfinished: Plain = { ...fullOutputs(credential, inputs, {}), [kept.unfinished]: true };
    try {
      return { id, outs: await bringTo(id, unfinished, inputs) };
    } catch (error) {
      throw new SavedFailure(
        id,
        inputs,
        unfinished,
        `Credential ${id} was created and is ${credential.State}, but is not finished: ${messageOf(error)} ` +
          "Run `pulumi up` again to finish it.",
      );
    }
  }

  /** Sends what differs between the state's outputs and the inputs, and reads back what came of it. */
  async function bringTo(id: string, olds: Plain, inputs: Plain): Promise<Plain> {
    const keys = changedKeys(olds, inputs);
    const body = toBody(inputs as CredentialInputs, keys);
    if (olds[kept.unfinished] !== undefined) {
      const { alias = unmarked(olds.alias), state = "active" } = inputs as CredentialInputs;
      Object.assign(
        body,
        toBody({ ...inputs, alias, state } as CredentialInputs, ["alias", "inboundRules", "state"]),
      );
    }
    if (Object.keys(body).length > 0) await unlessGone(noun, id, session.client.updateCredential(id, body));
    // The answer to a PATCH still holds old values (the reference's own example): only a read tells.
    const credential = await lookUp(id, olds);
    if (credential === undefined) throw goneAtUpdate(noun, id);
    if (body.Password !== undefined && credential.Password && credential.Password !== body.Password) {
      throw notApplied(noun, id, "password");
    }
    return fullOutputs(credential, inputs, olds);
  }

  function fullOutputs(credential: Credential, inputs: Plain, olds: Plain): Plain {
    const known = {
      ...olds,
      expiration: inputs.expiration === undefined ? olds.expiration : inputs.expiration,
      // Taken out, it stays as it was: no secret goes into the state because an argument is gone.
      storeSecrets: inputs.storeSecrets ?? olds.storeSecrets,
    };
    return {
      ...outputsOf(properties, inputs, serverOutputs(credential, known)),
      ...session.origin(),
      [kept.passwordHash]: passwordHash(inputs, olds),
    };
  }

  function serverOutputs(credential: Credential, known: Plain): Plain {
    const server = toServerOutputs(credential, known);
    return { ...server, expiration: server.expiration ?? null };
  }

  function changedKeys(olds: Plain, news: Plain): string[] {
    const ignored = ["password", ...expiredKeys(news, olds, session.clock.now())];
    const keys = differingKeys(properties, news, olds).filter((key) => !ignored.includes(key));
    return hasUnknown(news.password) || isPasswordChanged(news, olds) ? [...keys, "password"] : keys;
  }
}

/** What the API forbids for the root credential, as far as check knows what it was: from the inputs before. */
function verifyRoot(inputs: Plain, olds: Plain): readonly CheckFailure[] {
  const { permission } = inputs;
  const isChanged =
    permission !== undefined && olds.permission !== undefined && permission !== olds.permission;
  if (inputs[kept.root] !== true || !isChanged || isUnknown(permission)) return [];
  return [{ property: "permission", reason: "cannot be changed for the root credential" }];
}
