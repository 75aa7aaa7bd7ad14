/** In a file of its own: fields and resource use it, and a program's types reach nothing of the API's through it. */

/** A key that is no longer declared and stays for the overlap. */
export interface OutgoingSshPublicKey {
  /** The fingerprint, e.g. `SHA256:RcoHnamHrApC…`. */
  readonly fingerprint: string;
  /** The key's id, unique within its credential. */
  readonly keyId: string;
  /** Since when its successors have been there, ISO 8601. */
  readonly since: string;
  /** The first `pulumi up` after this time removes it, ISO 8601. */
  readonly until: string;
}
