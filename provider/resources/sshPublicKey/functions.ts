import type * as pulumi from "@pulumi/pulumi";
import type { SshPublicKey as WireSshPublicKey } from "../../api/sshPublicKeys";
import { type FunctionSpec, listFromMock, outputForm, plainForm } from "../../functions/invoke";
import type { FunctionOptions, FunctionOutputOptions } from "../../functions/options";
import { type ResultOf, resultOf } from "../../functions/results";
import { joinId } from "../shared/sshKeys";
import { sshPublicKeyFields as fields } from "./fields";
import type { SshPublicKey } from "./resource";

/** Which credential's keys. */
export interface GetSshPublicKeysArgs {
  /** The credential's id. */
  readonly credentialId: string;
}

/** Which credential's keys. */
export interface GetSshPublicKeysOutputArgs {
  /** The credential's id. */
  readonly credentialId: pulumi.Input<string>;
}

/** An SSH public key as the API shows it. */
export interface SshPublicKeyResult extends ResultOf<SshPublicKey, "organizationId", never> {
  /** The same as the resource's: `credentialId/keyId`. */
  readonly id: string;
  /** When the key was last changed, in Unix milliseconds. Left out where the API leaves it out. */
  readonly updatedAt?: number;
}

/** All SSH public keys of a credential. */
export type GetSshPublicKeysResult = SshPublicKeyResult[];

const sshPublicKeys: FunctionSpec<GetSshPublicKeysArgs, GetSshPublicKeysResult> = {
  name: "getSshPublicKeys",
  secrets: [],
  validate: (args) =>
    typeof args?.credentialId === "string" ? undefined : "getSshPublicKeys takes { credentialId }.",
  ask: async (client, { credentialId }) =>
    (await client.listSshPublicKeys(credentialId)).map((key) => toResult(key, credentialId)),
  fromMock: listFromMock,
};

/**
 * All SSH public keys of a credential. It is an error if the credential does not exist.
 *
 * @example
 * ```ts
 * const keys = await sftptogo.getSshPublicKeys({ credentialId: "cfc211269c8c0f925c64b1a223d8eb" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List public SSH keys for specific credentials"
 */
export function getSshPublicKeys(
  args: GetSshPublicKeysArgs,
  opts?: FunctionOptions,
): Promise<GetSshPublicKeysResult> {
  return plainForm(sshPublicKeys, args, opts);
}

/** The Output form of {@link getSshPublicKeys}. Public keys are not secret, so neither is the result. */
export function getSshPublicKeysOutput(
  args: GetSshPublicKeysOutputArgs,
  opts?: FunctionOutputOptions,
): pulumi.Output<GetSshPublicKeysResult> {
  return outputForm(sshPublicKeys, args, opts);
}

function toResult(key: WireSshPublicKey, credentialId: string): SshPublicKeyResult {
  const result = resultOf<typeof fields, WireSshPublicKey>(fields, { ...key, UserId: credentialId }, []);
  return {
    ...result,
    id: joinId(credentialId, key.Id),
    sshPublicKeyBody: key.SshPublicKeyBody,
  } as SshPublicKeyResult;
}
