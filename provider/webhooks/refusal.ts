/** A delivery that is refused, and why. */

/**
 * Why a delivery is refused:
 *
 * - `unsigned`: it has no `X-Hub-Signature`, or more than one.
 * - `wrong-signature`: it was signed with another secret, or its body is not the one that was signed.
 * - `malformed`: it is signed, but its body is not the JSON of an event.
 * - `unsafe-path`: it is signed, but its path has a `.` or `..` segment or a NUL character.
 */
export type WebhookErrorReason = "unsigned" | "wrong-signature" | "malformed" | "unsafe-path";

/** A delivery that `parseWebhook` refuses. Nothing that the delivery held is in its message. */
export class WebhookError extends Error {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "WebhookError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static isInstance(value: unknown): value is WebhookError {
    return value instanceof Error && value.name === "WebhookError";
  }

  /** Why the delivery is refused. */
  readonly reason: WebhookErrorReason;
  /**
   * The HTTP status to answer with: 401 for a delivery that is not signed, 400 for a signed one that cannot be
   * used. The service does not retry either, and pauses the webhook after five failed deliveries in a row.
   */
  readonly status: 400 | 401;
  /** The id of the event, where the delivery is signed and has one. */
  readonly eventId: string | undefined;

  /**
   * Made by `parseWebhook`; a receiver only catches it.
   *
   * @param reason Why the delivery is refused; `status` follows from it.
   * @param message The reason in words, with nothing of what the delivery held.
   * @param eventId The id of the event, where it is known.
   */
  constructor(reason: WebhookErrorReason, message: string, eventId?: string) {
    super(message);
    this.reason = reason;
    this.status = reason === "unsigned" || reason === "wrong-signature" ? 401 : 400;
    this.eventId = eventId;
  }
}
