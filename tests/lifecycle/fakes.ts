/** Shared by the tests of sessions and providers: a session on nock's API, with a clock that takes no time. */
import nock from "nock";
import { validate } from "../../provider/lifecycle/fields/validate";
import type { Fields } from "../../provider/lifecycle/fields/vocabulary";
import { guarded, type KindProvider } from "../../provider/lifecycle/process/guarded";
import { createSession, type Session } from "../../provider/lifecycle/process/session";
import type { CheckFailure } from "../../provider/protocol/failures";
import type { Handlers } from "../../provider/protocol/handlers";
import type { UpdateLog } from "../../provider/protocol/update";
import { secretNames } from "../../provider/resources/fields";
import { apiKey, organizationId as defaultOrganizationId, fakeClock } from "../api/setup";

export interface FakeOptions {
  /** The reference's examples are of several organizations. */
  readonly organizationId?: string;
  /** More of the stack's configuration, with its full keys. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where the clock starts, in Unix milliseconds: the reference's examples are of several years. */
  readonly now?: number;
  /** What the other processes of the update have noted. */
  readonly updateLog?: UpdateLog;
}

export interface FakeSession {
  readonly session: Session;
  /** What the user was warned of. */
  readonly warnings: string[];
  /** What the user was told besides. */
  readonly notes: string[];
  /** `slept` lists the waits in milliseconds. */
  readonly clock: ReturnType<typeof fakeClock>;
}

/** A process of its own, as the engine starts one for each operation. */
export function fakeSession(options: FakeOptions = {}): FakeSession {
  const started = fakeClock();
  const offset = (options.now ?? started.now()) - started.now();
  const clock = { ...started, now: () => started.now() + offset };
  const warnings: string[] = [];
  const notes: string[] = [];
  const session = createSession({
    config: {
      "sftptogo:apiKey": apiKey,
      "sftptogo:organizationId": options.organizationId ?? defaultOrganizationId,
      ...options.config,
    },
    environment: {},
    clock,
    warn: (text) => warnings.push(text),
    note: (text) => notes.push(text),
    secretNames,
    ...(options.updateLog && { updateLog: options.updateLog }),
  });
  return { session, warnings, notes, clock };
}

/** A session whose check looks at nothing but its inputs. */
export function offlineSession(options: FakeOptions = {}): FakeSession {
  return fakeSession({ ...options, config: { ...options.config, "sftptogo:preflight": "false" } });
}

/** How check refuses to import what is not there. */
export function noSuch(noun: string, id: string): CheckFailure {
  const reason =
    `import: there is no ${noun} with the id "${id}": check it, and sftptogo:organizationId. ` +
    "If it has been deleted, take the import option out: then a new one is made";
  return { property: "", reason };
}

/** Interceptors below an organization. */
export function apiOf(organizationId: string): nock.Scope {
  return nock(`https://api.sftptogo.com/organizations/${organizationId}`);
}

/** A failed connection: the request may have arrived. */
export const connectionReset = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

/** A kind's provider as the engine calls it: under the guards, with plain values. */
export function handlersOf<F extends Fields>(session: Session, kind: KindProvider<F>): Handlers {
  return guarded(session, kind);
}

/** What the validation of inputs may depend on. */
interface Circumstances {
  readonly olds?: object;
  readonly isImport?: boolean;
  /** Unix milliseconds. */
  readonly now?: number;
}

/** What validation finds wrong with inputs: the reasons. Each failure has to be under no property. */
export function failuresOf(fields: Fields, news: object, circumstances: Circumstances = {}): string[] {
  return validated(fields, news, circumstances).failures.map(({ property, reason }) =>
    property === "" ? reason : `under the property ${property}: ${reason}`,
  );
}

export function warningsOf(fields: Fields, news: object, circumstances: Circumstances = {}): string[] {
  return [...validated(fields, news, circumstances).warnings];
}

function validated(fields: Fields, news: object, circumstances: Circumstances) {
  return validate(fields, { olds: {}, isImport: false, now: fakeClock().now(), news, ...circumstances });
}

export function urn(kind: string, name: string): string {
  return `urn:pulumi:dev::acme::pulumi-nodejs:dynamic/sftptogo:${kind}::${name}`;
}
