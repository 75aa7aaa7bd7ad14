/** Everything that can go wrong on the way, as named switches. */
import { type ServerResponse, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import type { OperationName } from "./route";

/** The names of all faults; each works with nothing but its name. */
export const faultNames = [
  /** An answer of `status` (default 500), with `Retry-After` if `retryAfter` is given. */
  "status",
  /** The connection is reset (RST) without an answer. */
  "reset",
  /** The connection is closed (FIN) without an answer. */
  "close",
  /** The right answer, `delayMs` (default 60,000) late. */
  "slow",
  /** Status and headers at once, then one blank each `delayMs` (default 100), for ever. */
  "drip",
  /** A `Content-Length` for the whole body, half of the body, and the connection is closed. */
  "truncated",
  /** 200 with an HTML page, as from a proxy or a login screen. */
  "html",
  /** 200 with JSON that does not parse. */
  "wrong-json",
  /** The right status with an empty body. */
  "empty",
  /** 200 with JSON in which every known field is missing; a list holds one such object. */
  "wrong-shape",
  /** Lists only: the last half is missing, and a `Link` header with `rel="next"` says so. */
  "cut-list",
  /** Lists only: every second entry is missing with no sign of it. Root is always there. */
  "silent-cut-list",
  /** 307 to `location`, by default on a host that does not exist. */
  "redirect",
  /** A body of more than 50 MB. */
  "huge",
  /** 200 with `OK` as plain text. */
  "wrong-type",
] as const;
/** The name of a fault. */
export type FaultName = (typeof faultNames)[number];

/** A fault and the requests it meets: all conditions that are given must hold. */
export interface Fault {
  /** What goes wrong. */
  readonly name: FaultName;
  /**
   * `before` (default): the request is spoilt before the server acts, and nothing is changed. `after`: the
   * server acts, and then its answer is spoilt. No difference for reads.
   */
  readonly when?: "before" | "after";
  /** Only these operations. */
  readonly operation?: OperationName | readonly OperationName[];
  /** Only this method. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Only paths that match this expression, or hold this text. */
  readonly match?: RegExp | string;
  /** How many requests it meets, default 1; `Infinity` for all. */
  readonly times?: number;
  /** How many requests that match are let through first, default 0. */
  readonly skip?: number;
  /** The answer's status, where the fault makes up an answer. */
  readonly status?: number;
  /** The `Retry-After` header: seconds, or a date as HTTP writes it. */
  readonly retryAfter?: number | string;
  /** Further headers of a made-up answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of a made-up answer: text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** For `slow` and `drip`, in milliseconds. */
  readonly delayMs?: number;
  /** For `redirect`: where to. */
  readonly location?: string;
}

/** What a fault is told of the request it meets. */
interface Meeting {
  readonly operation: OperationName | "unknown";
  readonly method: string;
  readonly path: string;
}

/** The faults that are set, in the order in which they were added; one request meets the first that fits. */
export class Faults {
  #set: { readonly fault: Fault; skip: number; times: number }[] = [];

  add(fault: Fault): void {
    if (!faultNames.includes(fault.name)) {
      throw new TypeError(`unknown fault ${JSON.stringify(fault.name)}; known are ${faultNames.join(", ")}`);
    }
    this.#set.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#set = [];
  }

  /** The fault that this request meets, which is thereby used once. */
  take(meeting: Meeting): Fault | undefined {
    for (const each of this.#set) {
      if (each.times <= 0 || !fits(each.fault, meeting)) continue;
      if (each.skip > 0) {
        each.skip -= 1;
        continue;
      }
      each.times -= 1;
      return each.fault;
    }
    return undefined;
  }
}

function fits({ name, operation, method, match }: Fault, meeting: Meeting): boolean {
  if (name.endsWith("cut-list") && !meeting.operation.startsWith("list")) return false;
  if (operation !== undefined && ![operation].flat().some((each) => each === meeting.operation)) return false;
  if (method !== undefined && method !== meeting.method) return false;
  // `search`, unlike `test`, does not remember where an expression with the flag `g` found its last match.
  if (match instanceof RegExp) return meeting.path.search(match) >= 0;
  return match === undefined || meeting.path.includes(match);
}

/** A request that meets a fault. */
interface Victim extends Meeting {
  readonly raw: ServerResponse;
  /** Does what was asked, and gives the right answer. */
  serve(): Response;
}

/**
 * Acts the fault out. The answer is either to be sent as usual, or was dealt with on the raw connection: then
 * `raw` has sent its headers or is destroyed.
 */
export async function actOut(fault: Fault, victim: Victim): Promise<Response> {
  const { raw } = victim;
  const mayServe = fault.when === "after" || victim.method === "GET";

  if (fault.name === "slow") {
    const answer = fault.when === "after" ? victim.serve() : undefined;
    await pause(fault.delayMs ?? 60_000, raw);
    // Who hung up before the server acted was never served.
    return raw.destroyed ? new Response(null) : (answer ?? victim.serve());
  }

  const right = mayServe
    ? victim.serve()
    : Response.json({ message: "Nothing was done for this request" }, { status: 200 });

  switch (fault.name) {
    case "status": {
      const status = fault.status ?? 500;
      return makeUp(fault, status, { message: STATUS_CODES[status] ?? "Unknown" });
    }
    case "reset":
      raw.socket?.resetAndDestroy();
      raw.destroy();
      return right;
    case "close":
      raw.destroy();
      return right;
    case "drip": {
      raw.writeHead(fault.status ?? right.status, { "content-type": "application/json", ...fault.headers });
      raw.flushHeaders();
      const timer = setInterval(() => raw.write(" "), fault.delayMs ?? 100);
      raw.once("close", () => clearInterval(timer));
      return right;
    }
    case "truncated": {
      const body = Buffer.from(await right.arrayBuffer());
      raw.writeHead(right.status, { "content-type": "application/json", "content-length": body.length });
      raw.write(body.subarray(0, body.length / 2), () => raw.destroy());
      return right;
    }
    case "html":
      return makeUp(fault, 200, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>", "text/html");
    case "wrong-json":
      return makeUp(fault, 200, '{"Id": "4ddb2ea2", "UserName": ');
    case "empty":
      return makeUp(fault, right.status, "");
    case "wrong-shape": {
      const nothing = { Unexpected: "shape" };
      return makeUp(fault, 200, victim.operation.startsWith("list") ? [nothing] : nothing);
    }
    case "cut-list":
      return changeList(right, (list) => list.slice(0, Math.floor(list.length / 2)), {
        link: `<${victim.path.split("?")[0]}?page=2>; rel="next"`,
      });
    case "silent-cut-list":
      return changeList(right, (list) => {
        const root = list.filter((entry) => entry.IsDefault === true);
        const others = list.filter((entry) => entry.IsDefault !== true);
        return [...root, ...others.filter((_, index) => index % 2 === 1)];
      });
    case "redirect":
      return makeUp(
        { ...fault, headers: { location: fault.location ?? "https://elsewhere.invalid/", ...fault.headers } },
        307,
        "",
      );
    case "huge":
      raw.writeHead(fault.status ?? 200, { "content-type": "application/json" });
      Readable.from(hugeBody()).pipe(raw);
      return right;
    case "wrong-type":
      return makeUp(fault, 200, "OK", "text/plain");
  }
}

/** Waits, but no longer than the connection lives. */
export function pause(milliseconds: number, raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      raw.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    raw.once("close", done);
  });
}

/** An answer that the service never gave; the fault's own status, headers and body come first. */
function makeUp(fault: Fault, status: number, body: unknown, type = "application/json"): Response {
  const content = fault.body ?? body;
  const headers = new Headers({ "content-type": type, ...fault.headers });
  if (fault.retryAfter !== undefined) headers.set("retry-after", String(fault.retryAfter));
  return new Response(typeof content === "string" ? content : JSON.stringify(content), {
    status: fault.status ?? status,
    headers,
  });
}

type Entry = { readonly IsDefault?: unknown };

/** A refusal instead of a list stays what it is. */
async function changeList(
  answer: Response,
  change: (list: Entry[]) => Entry[],
  headers?: Record<string, string>,
): Promise<Response> {
  const body: unknown = await answer.clone().json();
  return Array.isArray(body) ? Response.json(change(body), { ...(headers && { headers }) }) : answer;
}

/** One JSON text of 51 MB, a megabyte at a time. */
function* hugeBody(): Generator<string> {
  yield '[{"Filler":"';
  for (let megabytes = 0; megabytes < 51; megabytes += 1) yield "x".repeat(1_000_000);
  yield '"}]';
}
