import type * as pulumi from "@pulumi/pulumi";
import type { Credential } from "../api/credentials";
import { clientFor, type FunctionOptions, one, outputForm } from "../functions/invoke";
import { rulesOf } from "./inboundRules";
import type { InboundRule } from "./resource";

/** Which credential: by `id`, by `userName`, or by `alias`. Exactly one of them. */
export type GetCredentialArgs =
  | { readonly id: string }
  | { readonly userName: string }
  | { readonly alias: string };

/** A credential as the API gives it. Times are Unix milliseconds unless said otherwise. */
export interface CredentialResult {
  readonly id: string;
  readonly alias: string | null;
  readonly userName: string;
  /** Secret. Left out unless secrets are included. */
  readonly password?: string;
  /** Secret, as the API gives it. Left out unless secrets are included. */
  readonly uri?: string;
  readonly host: string;
  readonly homeDirectory: string;
  readonly chrootDirectory: string | null;
  readonly permission: string;
  /** Left out where the API does not tell. */
  readonly expiration?: number | string | null;
  readonly state: string;
  readonly inboundRules: readonly InboundRule[];
  readonly isDefault: boolean;
  readonly organizationId?: string;
  /** ISO 8601. */
  readonly passwordCreatedAt: string | null;
  readonly sshPublicKeysCount?: number;
  readonly createdAt: number;
  readonly updatedAt?: number;
}

/**
 * One credential. Finding none, or several by alias, is an error.
 *
 * @example
 * ```ts
 * const root = await sftptogo.getCredential({ alias: "Root" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Get credentials", "List credentials"
 */
export async function getCredential(
  args: GetCredentialArgs,
  opts?: FunctionOptions,
): Promise<CredentialResult> {
  const [[key, value] = ["", ""], ...more] = Object.entries(args ?? {}).filter(
    ([, each]) => each !== undefined,
  );
  if (more.length > 0 || !["id", "userName", "alias"].includes(key) || typeof value !== "string") {
    throw new Error("getCredential takes exactly one of { id }, { userName } and { alias }.");
  }
  const client = await clientFor(opts);
  // The list has what the single read lacks: the rules and the password's age.
  const credentials = await client.listCredentials();
  const fits = { id: "Id", userName: "UserName", alias: "Alias" } as const;
  const found = credentials.filter((credential) => credential[fits[key as keyof typeof fits]] === value);
  if (found.length === 0 && key === "id") return toResult(await client.getCredential(value), opts);
  return toResult(
    one("credential", `the ${key} ${JSON.stringify(value)}`, found, (each) => each.Id),
    opts,
  );
}

/** The Output form of {@link getCredential}; with secrets unless `includeSecrets` is false, and secret then. */
export function getCredentialOutput(
  args:
    | pulumi.Input<GetCredentialArgs>
    | { [key in "id" | "userName" | "alias"]?: pulumi.Input<string> | undefined },
  opts?: FunctionOptions,
): pulumi.Output<CredentialResult> {
  return outputForm(getCredential, args as pulumi.Input<GetCredentialArgs>, opts);
}

/**
 * All credentials of the organization, the root credential included.
 *
 * @example
 * ```ts
 * const active = (await sftptogo.getCredentials()).filter((credential) => credential.state === "active");
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List credentials"
 */
export async function getCredentials(opts?: FunctionOptions): Promise<CredentialResult[]> {
  const client = await clientFor(opts);
  return (await client.listCredentials()).map((credential) => toResult(credential, opts));
}

/** The Output form of {@link getCredentials}; with secrets unless `includeSecrets` is false, and secret then. */
export function getCredentialsOutput(opts?: FunctionOptions): pulumi.Output<CredentialResult[]> {
  return outputForm((_: unknown, given) => getCredentials(given), {}, opts);
}

function toResult(credential: Credential, opts: FunctionOptions | undefined): CredentialResult {
  const { Password, URI, Settings, PasswordCreatedAt } = credential;
  const secrets = opts?.includeSecrets
    ? { ...(Password && { password: Password }), ...(URI && { uri: URI }) }
    : {};
  return {
    id: credential.Id,
    alias: credential.Alias ?? null,
    userName: credential.UserName,
    ...secrets,
    host: credential.Host,
    homeDirectory: credential.HomeDirectory,
    chrootDirectory: credential.ChrootDirectory ?? null,
    permission: credential.Permission,
    ...(credential.Expiration !== undefined && { expiration: credential.Expiration }),
    state: credential.State,
    inboundRules: (rulesOf({ Settings }) ?? []) as InboundRule[],
    isDefault: credential.IsDefault,
    ...(credential.OrganizationId && { organizationId: credential.OrganizationId }),
    passwordCreatedAt: PasswordCreatedAt ? new Date(PasswordCreatedAt).toISOString() : null,
    ...(credential.SshPublicKeysCount !== undefined && { sshPublicKeysCount: credential.SshPublicKeysCount }),
    createdAt: credential.CreatedAt,
    ...(credential.UpdatedAt !== undefined && { updatedAt: credential.UpdatedAt }),
  };
}
