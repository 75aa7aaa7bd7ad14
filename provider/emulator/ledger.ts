/** What was asked of the emulator, request by request. */
import { secretNames } from "../resources/fields";
import type { FaultName } from "./faults";
import type { OperationName } from "./route";

/** One request, from its arrival on; `status`, `acted` and `objectId` are filled in as it is answered. */
export interface LedgerEntry {
  /** Counts from 1 and goes on after `clearLedger()`. */
  readonly sequence: number;
  /** When the request had arrived, in Unix milliseconds of the emulator's clock. */
  readonly at: number;
  /** What was asked, or `unknown` for a route that the API does not have. */
  readonly operation: OperationName | "unknown";
  /** `GET`, `POST`, `PATCH` or `DELETE`. */
  readonly method: string;
  /** The path with its query, as sent. */
  readonly path: string;
  /** The status of the answer; 0 while there is none, and for good if the connection broke. */
  readonly status: number;
  /** Whether the server performed a change, whatever became of the answer. */
  readonly acted: boolean;
  /** The id in the path, or the one that a create gave; the key's where an SSH public key is meant. */
  readonly objectId?: string;
  /** The fault that was acted out on this request. */
  readonly fault?: FaultName;
  /** The parsed body, with every secret as `[secret]`. */
  readonly body?: unknown;
}

/** An entry while its request is served. */
export type OpenEntry = { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] };

const secretFields: ReadonlySet<string> = new Set(secretNames);

/** A blank is no secret, and worth seeing: an empty password in a request would mean "rotate". */
export function withoutSecrets(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    secretFields.has(key) && value !== null && value !== "" ? "[secret]" : value,
  );
}
