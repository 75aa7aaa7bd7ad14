/**
 * What the handlers of one provider process share: settings, client, warnings, and the memory of what this
 * process created, adopted, deleted and saw.
 */
import { type Client, createClient } from "../../api/client";
import { ConnectionError, UnavailableError } from "../../api/errors";
import { clientDefaults } from "../../api/settings";
import { type SharedClient, shareLists } from "../../api/sharedLists";
import { type Clock, systemClock } from "../../api/transport";
import { explicitMark, type RawConfig } from "../../config/settingNames";
import { type Environment, resolveSettings, type Settings, SettingsError } from "../../config/settings";
import { kept } from "../../protocol/hidden";
import { engineLog, type Warn } from "../../protocol/log";
import { type UpdateLog, updateLog } from "../../protocol/update";
import { isSameUrl } from "../../values/addresses";
import { type Limit, limitTo } from "../../values/limit";
import { isEqual } from "../../values/plain";
import { valueAt } from "../fields/declared";
import { Memory } from "./memory";
import { disagreement, type Time, timeOf } from "./time";

export interface SessionOptions {
  readonly config?: RawConfig;
  readonly environment?: Environment;
  readonly clock?: Clock;
  readonly warn?: Warn;
  readonly note?: Warn;
  /** Where the processes of the update tell each other what they have. */
  readonly updateLog?: UpdateLog;
  /** The names of fields in requests' bodies that are secret. */
  readonly secretNames?: readonly string[];
}

export interface Session {
  /** Stores the configuration; never throws and never waits, since the engine caches handlers before it. */
  configure(config: RawConfig): void;
  /** The settings; throws `SettingsError`. */
  readonly settings: Settings;
  /** The client whose lists are shared; throws `SettingsError`. */
  readonly client: Client;
  /** The client that always asks, for looks that must be later than something; throws `SettingsError`. */
  readonly unsharedClient: Client;
  readonly clock: Clock;
  readonly warn: Warn;
  /** Says something that is as it should be, and that the engine itself says otherwise. */
  readonly note: Warn;
  readonly memory: Memory;
  /** The list of a collection as it was before this process first created in it. */
  firstList<T>(collection: string, list: (client: Client) => Promise<T[]>): Promise<readonly T[]>;
  /**
   * The first list, for check. One that has failed is not asked for again by a later check, and neither is any other
   * once the service is out of reach: all of them fail as the first one did.
   */
  lookAhead<T>(collection: string, list: (client: Client) => Promise<T[]>): Promise<readonly T[]>;
  /** The first list, if it has been asked for; `undefined` where it has not, or failed. */
  knownList(collection: string): Promise<readonly unknown[] | undefined>;
  /** Settles once a list has been answered, whichever was asked for first; rejects as that did. Asks once. */
  access(): Promise<unknown>;
  /** The time by which ends and ages are judged. Asks nobody: the service's is that of its answers so far. */
  time(): Time;
  /** When the service was last heard from, by its own clock, in Unix milliseconds. */
  serviceTime(): number | undefined;
  /** Runs creates of equal identity one after another. */
  inTurn<T>(identity: string, create: () => Promise<T>): Promise<T>;
  /** Notes the secrets in inputs or a state, so that no failure repeats them. */
  noteSecrets(values: object): void;
  /** What every resource records: whose it is, and where. */
  origin(): { organizationId: string; [kept.baseUrl]?: string };
  /** Refuses to work on an object of another organization than the configured one. */
  assertOrganization(state: object, doing: string): void;
  /** The base URL that an object was recorded at, if another: not found at this one, it is not called gone. */
  otherBaseUrlOf(state: object): string | undefined;
}

/** The configured organization is not the one that a resource was recorded in. */
export class WrongOrganizationError extends Error {
  override readonly name = "WrongOrganizationError";
}

/** Whether two texts are the id of one organization: the same value, in whatever case. */
function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The organization that an object says it belongs to, where that is another one. */
export function otherOwnerOf(object: object, organizationId: string): string | undefined {
  const owner = valueAt(object, "OrganizationId");
  return typeof owner === "string" && !isSameId(owner, organizationId) ? owner : undefined;
}

export function createSession(options: SessionOptions = {}): Session {
  const environment = options.environment ?? process.env;
  const clock = options.clock ?? systemClock;
  const turns = new Map<string, Limit>();
  const firstLists = new Map<string, Promise<readonly unknown[]>>();
  /** By collection; `undefined`: the service is out of reach. */
  const failedLooks = new Map<string | undefined, unknown>();
  const secretNames = options.secretNames ?? [];
  const secretKeys = new Set(secretNames.map((name) => name.toLowerCase()));
  const knownSecrets = new Set<string>();
  let hasDisagreed = false;
  let config: RawConfig = options.config ?? {};
  let resolved: { settings: Settings; unshared: Client; shared: SharedClient } | undefined;

  function resolve() {
    if (resolved === undefined) {
      const settings = resolveSettings(config, environment);
      if (settings instanceof SettingsError) throw settings;
      const unshared = createClient(settings, { clock, secretNames, knownSecrets });
      resolved = { settings, unshared, shared: shareLists(unshared, clock) };
    }
    return resolved;
  }

  function firstList<T>(collection: string, list: () => Promise<T[]>): Promise<readonly T[]> {
    let first = firstLists.get(collection) as Promise<readonly T[]> | undefined;
    if (first === undefined) {
      first = list();
      firstLists.set(collection, first);
      // A list that failed says nothing: the next create asks again.
      first.catch(() => firstLists.delete(collection));
    }
    return first;
  }

  const session: Session = {
    configure(given) {
      // Once for each kind, with the same values: a client, its lists and its places are shared by all kinds.
      if (isEqual(given, config)) return;
      config = given;
      resolved = undefined;
    },
    get settings() {
      return resolve().settings;
    },
    get client() {
      return resolve().shared;
    },
    get unsharedClient() {
      return resolve().unshared;
    },
    clock,
    warn: options.warn ?? engineLog("warning"),
    note: options.note ?? engineLog("info"),
    memory: new Memory(options.updateLog ?? updateLog(process.argv[2], true)),
    firstList: (collection, list) => firstList(collection, () => list(resolve().unshared)),
    async lookAhead(collection, list) {
      const failed = failedLooks.get(undefined) ?? failedLooks.get(collection);
      if (failed !== undefined && !firstLists.has(collection)) throw failed;
      const { shared, unshared } = resolve();
      try {
        // One request serves an import's read as well, unless it would have to wait for writes.
        return await firstList(collection, () => list(shared.isWriting() ? unshared : shared));
      } catch (error) {
        const isOutOfReach = error instanceof ConnectionError || error instanceof UnavailableError;
        const place = isOutOfReach ? undefined : collection;
        if (!failedLooks.has(place)) failedLooks.set(place, error);
        throw failedLooks.get(place);
      }
    },
    knownList: async (collection) => firstLists.get(collection)?.catch(() => undefined),
    access() {
      const [first] = firstLists.values();
      return first ?? session.lookAhead("users", (client) => client.listCredentials());
    },
    time: () =>
      timeOf(clock.now(), resolved?.unshared.serviceNow(), (ours, service) => {
        if (!hasDisagreed) session.warn(disagreement(ours, service));
        hasDisagreed = true;
      }),
    serviceTime() {
      return resolve().unshared.lastHeard();
    },
    inTurn(identity, create) {
      let turn = turns.get(identity);
      if (turn === undefined) {
        turn = limitTo(1);
        turns.set(identity, turn);
      }
      return turn(create);
    },
    noteSecrets(values) {
      for (const [key, value] of Object.entries(values)) {
        if (typeof value === "string" && secretKeys.has(key.toLowerCase())) knownSecrets.add(value);
      }
    },
    origin() {
      const { organizationId, baseUrl } = resolve().settings;
      return baseUrl === clientDefaults.baseUrl
        ? { organizationId }
        : { organizationId, [kept.baseUrl]: baseUrl };
    },
    assertOrganization(state, doing) {
      const recorded = valueAt(state, "organizationId");
      const configured = resolve().settings.organizationId;
      if (typeof recorded === "string" && !isSameId(recorded, configured)) {
        const setting =
          config[explicitMark] === "true"
            ? "the Provider's organizationId"
            : "sftptogo:organizationId (or SFTPTOGO_ORGANIZATION_ID)";
        throw new WrongOrganizationError(
          `Refused to ${doing}: it belongs to organization ${recorded}, and the configured one is ` +
            `${configured}. Set ${setting} back to ${recorded}, or the resource's option \`provider\` to what it was.`,
        );
      }
    },
    otherBaseUrlOf(state) {
      // An import, a `.get` and the credential of a rotation have no record to contradict.
      if (valueAt(state, "organizationId") === undefined) return undefined;
      const recorded = String(valueAt(state, kept.baseUrl) ?? clientDefaults.baseUrl);
      return isSameUrl(recorded, resolve().settings.baseUrl) ? undefined : recorded;
    },
  };
  return session;
}
