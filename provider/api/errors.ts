/**
 * What can go wrong between this package and the API, sorted by what the reader can do about it.
 *
 * Each error is one line: what we were doing, to which object, the status, the API's own words, the next
 * step. Only those safe facts are copied out of an HTTP failure. There is no request, response, config or
 * `cause` on any of them, so that printing one in full can never show a key or a password.
 */

/** What is known of the server's side after a failed call. */
export type Aftermath =
  /** The request provably never reached the server: connection refused, host name unknown. */
  | "never sent"
  /** The server answered that it did not do it (a 4xx other than 408). */
  | "refused"
  /** The server may have done it: the answer was lost, late, cut, unreadable, or a 5xx, 408 or 429. */
  | "unknown";

/** A failed call, as an error is made of it. */
export interface FailedCall {
  /** What we were doing, in words, e.g. `create a credential` or `read credential 4ddb2ea2`. */
  readonly doing: string;
  /** What is known of the server's side. */
  readonly aftermath: Aftermath;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** The API's own words, at most 300 characters; not shown where they repeat a secret. */
  readonly apiMessage?: string;
  /** What the server asked us to wait, in seconds. */
  readonly retryAfterSeconds?: number;
  /** A short code of the failed connection, e.g. `ECONNRESET`; or `timeout`, `html`, `truncated`. */
  readonly reason?: string;
}

/** The base of all errors of the API client. */
export class SftpToGoError extends Error {
  /**
   * Whether a value is an error of the API client, also one that another copy of the package threw, which
   * `instanceof` does not recognise.
   */
  static isInstance(value: unknown): value is SftpToGoError {
    return value instanceof Error && "aftermath" in value && typeof value.aftermath === "string";
  }

  /** The class's name, the same in every copy of the package. */
  override readonly name: string = "SftpToGoError";
  /** What is known of the server's side after the failed call. */
  readonly aftermath: Aftermath;
  /**
   * The HTTP status, where there was one. Not called `code` or `statusCode`: a number in `code` would become the
   * gRPC status.
   */
  readonly status: number | undefined;
  /** A short code of the failed connection or answer, e.g. `ECONNRESET`, `timeout` or `html`. */
  readonly reason: string | undefined;
  /** The API's own words, at most 300 characters; not shown where they repeat a secret. */
  readonly apiMessage: string | undefined;
  /** What the server asked us to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  /**
   * Made by the package; a program only catches it.
   *
   * @param call What is known of the failed call, free of secrets.
   * @param nextStep What to do about it, as a sentence: the end of the message.
   */
  constructor(call: FailedCall, nextStep: string) {
    super(describe(call, nextStep));
    this.aftermath = call.aftermath;
    this.status = call.status;
    this.reason = call.reason;
    this.apiMessage = call.apiMessage;
    this.retryAfterSeconds = call.retryAfterSeconds;
  }
}

/** 401 and 403: fix the key, or what it may do. */
export class AccessError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "AccessError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is AccessError {
    return isNamed("AccessError", value);
  }
}

/** 402, or a 403 in the plan's words: the plan does not include it. */
export class PlanError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "PlanError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is PlanError {
    return isNamed("PlanError", value);
  }
}

/** 404: the object is not there. */
export class NotFoundError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "NotFoundError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is NotFoundError {
    return isNamed("NotFoundError", value);
  }
}

/** Any other 4xx: fix the input. */
export class InputError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "InputError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is InputError {
    return isNamed("InputError", value);
  }
}

/** 408, 429, 5xx: wait, or try again. */
export class UnavailableError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "UnavailableError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is UnavailableError {
    return isNamed("UnavailableError", value);
  }
}

/** No usable answer: connection, name look-up, TLS, time-out. */
export class ConnectionError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "ConnectionError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is ConnectionError {
    return isNamed("ConnectionError", value);
  }
}

/** An answer that is not what the reference says: HTML, cut JSON, a missing field, a redirect. */
export class UnexpectedAnswerError extends SftpToGoError {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "UnexpectedAnswerError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static override isInstance(value: unknown): value is UnexpectedAnswerError {
    return isNamed("UnexpectedAnswerError", value);
  }
}

/** Each class is known by its name, which is the same in every copy. */
function isNamed(name: string, value: unknown): boolean {
  return SftpToGoError.isInstance(value) && value.name === name;
}

function describe(call: FailedCall, nextStep: string): string {
  const status = call.status === undefined ? "" : ` (HTTP ${call.status})`;
  const words = call.apiMessage ? ` The API says: ${JSON.stringify(call.apiMessage)}.` : "";
  return `Could not ${call.doing}${status}.${words} ${nextStep}`;
}
