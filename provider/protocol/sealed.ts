/** Secrets in what check returns. */

const signature = "4dabf18193072939515e22adb298388d";
const signatureOfSecret = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A value as the engine knows a secret: it keeps it encrypted in the state and hands it back to the provider as it
 * was. What `pulumi.secret` makes is an Output, which no answer can hold.
 */
export function sealed(value: unknown): object {
  return { [signature]: signatureOfSecret, value };
}
