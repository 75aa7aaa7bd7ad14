/**
 * An emulator of the SFTP To Go REST API, for tests and demonstrations: the API over real HTTP on a loopback
 * port, with the reference's own validation and quirks, a ledger of all requests, latency and named faults.
 *
 * ```ts
 * import { startEmulator } from "pulumi-sftptogo/emulator";
 *
 * const emulator = await startEmulator();
 * // pulumi config set sftptogo:baseUrl        <emulator.url>
 * // pulumi config set sftptogo:organizationId <emulator.organizationId>
 * // pulumi config set --secret sftptogo:apiKey <emulator.apiKey>
 * // ... pulumi up ...
 * console.log(emulator.data.findCredential("partner-acme")?.State);
 * await emulator.close();
 * ```
 *
 * A connection that fails, here after the account was made and before the answer arrived:
 *
 * ```ts
 * emulator.addFault({ name: "reset", when: "after", operation: "createCredential" });
 * // ... pulumi up ...
 * const posts = emulator.ledger.filter((entry) => entry.operation === "createCredential");
 * ```
 *
 * Webhooks on loopback addresses get deliveries when files are said to arrive:
 *
 * ```ts
 * const [delivery] = await emulator.reportFile({ path: "/partners/acme/a b.csv", size: 12 }, { repeats: 1 });
 * ```
 *
 * It was written from the vendor's reference and documentation, and never compared with a live account. The only
 * thing that it shares with this package's client is the types of the API's JSON.
 *
 * @see https://sftptogo.com/docs/rest-api/
 *
 * @module pulumi-sftptogo/emulator
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createApp } from "./app";
import { EmulatorData } from "./data";
import { Deliveries, type DeliveryOptions, type ReportedFile, type WebhookDelivery } from "./deliveries";
import { addDemo } from "./demo";
import { type Fault, Faults } from "./faults";
import type { LedgerEntry, OpenEntry } from "./ledger";
import type { Service } from "./route";
import { listen } from "./server";
import { accessShareLink } from "./shareLinks";
import { type Variation, Variations } from "./variations";

export type {
  EmulatorData,
  Snapshot,
  StoredCredential,
  StoredInboundRule,
  StoredShareLink,
  StoredSshPublicKey,
  StoredWebhook,
} from "./data";
export type { DeliveryOptions, ReportedFile, WebhookDelivery } from "./deliveries";
export { type Fault, type FaultName, faultNames } from "./faults";
export type { LedgerEntry } from "./ledger";
export { type OperationName, operationNames } from "./route";

/** The options of an emulator. All of them are optional. */
export interface EmulatorOptions {
  /** The port on 127.0.0.1; 0 (default) takes any free one. */
  readonly port?: number;
  /** The organization's id. Default: a new random UUID, so that two emulators are never mistaken for each other. */
  readonly organizationId?: string;
  /** The API key that is accepted. Default: a new random one. */
  readonly apiKey?: string;
  /** How long a request takes, in milliseconds: half before the server acts, half after. Default 0. */
  readonly latencyMs?: number;
  /** The clock, in Unix milliseconds; default `Date.now`. Expirations follow it, latency and faults do not. */
  readonly now?: () => number;
  /**
   * How late an expiration takes effect, in milliseconds; default 0. The vendor's documentation says up to five
   * minutes.
   */
  readonly lateMs?: number;
  /**
   * What happens to a share link at its access limit: `remove` (default), as the reference says, or `deactivate`,
   * as the vendor's documentation says.
   */
  readonly atAccessLimit?: "remove" | "deactivate";
  /** @internal For judges of this package: ways in which the service differs. */
  readonly variations?: readonly Variation[];
  /**
   * Whether it begins with a small organization to try things out: a credential with an SSH key, a webhook and a share
   * link. Default false: with nothing but the root credential.
   */
  readonly demo?: boolean;
}

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`, the value for `sftptogo:baseUrl`. */
  readonly url: string;
  /** The value for `sftptogo:organizationId`. */
  readonly organizationId: string;
  /** The value for `sftptogo:apiKey`. */
  readonly apiKey: string;
  /** The objects of the organization, to read, and to change behind Pulumi's back. */
  readonly data: EmulatorData;
  /** All requests since the start, or since `clearLedger()`, in the order of arrival. */
  readonly ledger: readonly LedgerEntry[];
  /** Forgets the requests so far, e.g. between two steps of a test. */
  clearLedger(): void;
  /** Sets how long requests take from now on, in milliseconds. */
  setLatency(milliseconds: number): void;
  /** Adds a fault, which later requests meet. Throws a `TypeError` for an unknown name. */
  addFault(fault: Fault): void;
  /** Removes all faults that no request has met yet. One that is under way goes on. */
  clearFaults(): void;
  /**
   * Opens a share link as a visitor would: counts the access, and applies the limit. Returns whether the visitor was
   * let in; a missing, expired or inactive link lets nobody in.
   */
  accessShareLink(id: string): boolean;
  /** Pauses a webhook, as the service does after five failed deliveries in a row. Throws if it does not exist. */
  pauseWebhook(id: string): void;
  /**
   * Says that a file or folder was created, deleted or downloaded. Each enabled webhook of type `webhook` with that
   * topic gets a signed delivery: attempted again after a 5xx, 408, 429 or no answer, and paused after five deliveries
   * in a row that failed. Nothing leaves this computer: only a loopback address is asked, and over plain HTTP, so
   * that a webhook with the url `https://127.0.0.1:8080/` reaches `http://127.0.0.1:8080/`. Resolves when all
   * deliveries have ended, and says how.
   */
  reportFile(file: ReportedFile, options?: DeliveryOptions): Promise<readonly WebhookDelivery[]>;
  /** Stops listening and closes every connection, answered or not. May be called again. */
  close(): Promise<void>;
}

/** Starts an emulator. It holds nothing but the root credential, unless `demo` is set. Rejects if the port is in use. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { now = Date.now, apiKey = randomBytes(20).toString("hex") } = options;
  const variations = new Variations(options.variations ?? []);
  const mint = (id: string) => variations.mint(id);
  const data = new EmulatorData(options.organizationId ?? randomUUID(), now, mint);
  const service: Service = {
    data,
    now,
    lateMs: options.lateMs ?? 0,
    atAccessLimit: options.atAccessLimit ?? "remove",
  };
  variations.prepareFor(service);
  const deliveries = new Deliveries(service);
  const faults = new Faults();
  const ledger: OpenEntry[] = [];
  let latencyMs = options.latencyMs ?? 0;
  let sequence = 0;

  function record(arrived: Omit<OpenEntry, "sequence" | "at">): OpenEntry {
    sequence += 1;
    const entry: OpenEntry = { sequence, at: now(), ...arrived };
    ledger.push(entry);
    return entry;
  }

  const app = createApp({ service, apiKey, faults, variations, latencyMs: () => latencyMs, record });
  const { url, close } = await listen(app, options.port ?? 0, now);
  if (options.demo) addDemo(data);

  return {
    url,
    organizationId: data.organizationId,
    apiKey,
    data,
    ledger,
    clearLedger() {
      ledger.length = 0;
    },
    setLatency(milliseconds) {
      latencyMs = milliseconds;
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    accessShareLink: (id) => accessShareLink(service, id),
    pauseWebhook(id) {
      const webhook = data.webhooks.get(id);
      if (webhook === undefined) throw new Error(`there is no webhook ${id}`);
      webhook.State = "paused";
      webhook.UpdatedAt = now();
    },
    reportFile: (file, options) => deliveries.report(file, options),
    close() {
      deliveries.close();
      return close();
    },
  };
}
