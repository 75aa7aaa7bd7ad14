import type * as pulumi from "@pulumi/pulumi";
import type { SshPublicKey } from "../api/sshPublicKeys";
import { clientFor, type FunctionOptions, outputForm } from "../functions/invoke";

/** Whose keys. */
export interface GetSshPublicKeysArgs {
  /** The credential's id. */
  readonly credentialId: string;
}

/** An SSH public key as the API gives it. Times are Unix milliseconds. */
export interface SshPublicKeyResult {
  /** As the resource's: `credentialId/keyId`. */
  readonly id: string;
  readonly keyId: string;
  readonly credentialId: string;
  readonly sshPublicKeyBody: string;
  readonly comment: string | null;
  readonly fingerprint: string | null;
  readonly type: string | null;
  readonly createdAt: number;
  readonly updatedAt?: number;
}

/**
 * All SSH public keys of a credential. An error if there is no such credential.
 *
 * @example
 * ```ts
 * const keys = await sftptogo.getSshPublicKeys({ credentialId: "cfc211269c8c0f925c64b1a223d8eb" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List public SSH keys for specific credentials"
 */
export async function getSshPublicKeys(
  args: GetSshPublicKeysArgs,
  opts?: FunctionOptions,
): Promise<SshPublicKeyResult[]> {
  if (typeof args?.credentialId !== "string") throw new Error("getSshPublicKeys takes { credentialId }.");
  const client = await clientFor(opts);
  return (await client.listSshPublicKeys(args.credentialId)).map((key) => toResult(key, args.credentialId));
}

/** The Output form of {@link getSshPublicKeys}. Public keys are no secrets. */
export function getSshPublicKeysOutput(
  args: { credentialId: pulumi.Input<string> },
  opts?: FunctionOptions,
): pulumi.Output<SshPublicKeyResult[]> {
  return outputForm(getSshPublicKeys, args as pulumi.Input<GetSshPublicKeysArgs>, {
    includeSecrets: false,
    ...opts,
  });
}

function toResult(key: SshPublicKey, credentialId: string): SshPublicKeyResult {
  return {
    id: `${credentialId}/${key.Id}`,
    keyId: key.Id,
    credentialId,
    sshPublicKeyBody: key.SshPublicKeyBody,
    comment: key.Comment ?? null,
    fingerprint: key.Fingerprint ?? null,
    type: key.Type ?? null,
    createdAt: key.CreatedAt,
    ...(key.UpdatedAt !== undefined && { updatedAt: key.UpdatedAt }),
  };
}
