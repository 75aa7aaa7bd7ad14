import type * as pulumi from "@pulumi/pulumi";
import type { Credential as WireCredential } from "../../api/credentials";
import {
  type FunctionSpec,
  listFromMock,
  one,
  oneFromMock,
  outputForm,
  plainForm,
} from "../../functions/invoke";
import type { FunctionOptions, FunctionOutputOptions } from "../../functions/options";
import { type ResultOf, resultOf } from "../../functions/results";
import { isShown } from "../../lifecycle/doubt/likeness";
import { credentialFields as fields } from "./fields";
import type { Credential } from "./resource";

/** Which credential: by `id`, by `userName`, or by `alias`. Exactly one of them. */
export type GetCredentialArgs =
  | {
      /** The credential's id. */
      readonly id: string;
      /** Not with another one. */
      readonly userName?: undefined;
      /** Not with another one. */
      readonly alias?: undefined;
    }
  | {
      /** The login. */
      readonly userName: string;
      /** Not with another one. */
      readonly id?: undefined;
      /** Not with another one. */
      readonly alias?: undefined;
    }
  | {
      /** The name that people see. It is an error if several credentials have it. */
      readonly alias: string;
      /** Not with another one. */
      readonly id?: undefined;
      /** Not with another one. */
      readonly userName?: undefined;
    };

/** Which credential, for the Output form: by `id`, by `userName`, or by `alias`. Exactly one of them. */
export type GetCredentialOutputArgs =
  | {
      /** The credential's id. */
      readonly id: pulumi.Input<string>;
      /** Not with another one. */
      readonly userName?: undefined;
      /** Not with another one. */
      readonly alias?: undefined;
    }
  | {
      /** The login. */
      readonly userName: pulumi.Input<string>;
      /** Not with another one. */
      readonly id?: undefined;
      /** Not with another one. */
      readonly alias?: undefined;
    }
  | {
      /** The name that people see. It is an error if several credentials have it. */
      readonly alias: pulumi.Input<string>;
      /** Not with another one. */
      readonly id?: undefined;
      /** Not with another one. */
      readonly userName?: undefined;
    };

const secrets = ["password", "uri"] as const;
type Secret = (typeof secrets)[number];

/**
 * A credential as the API shows it. `password` and `uri` are left out unless secrets are included. `expiration` and
 * `organizationId` are left out where the API leaves them out.
 */
export interface GetCredentialResult
  extends ResultOf<Credential, "storeSecrets", Secret | "expiration" | "organizationId"> {
  /** The credential's id. */
  readonly id: string;
  /** Secret. `sftp://user:password@host`, percent-encoded. Left out where `password` is. */
  readonly uri?: string;
  /** How many SSH public keys it has. Left out where the API leaves it out. */
  readonly sshPublicKeysCount?: number;
  /** When the credential was last changed, in Unix milliseconds. Left out where the API leaves it out. */
  readonly updatedAt?: number;
}

/** All credentials of the organization, with the secrets that the list shows. */
export type GetCredentialsResult = GetCredentialResult[];

const credential: FunctionSpec<GetCredentialArgs, GetCredentialResult> = {
  name: "getCredential",
  secrets,
  validate: (args) =>
    asked(args) ? undefined : "getCredential takes exactly one of { id }, { userName } and { alias }.",
  async ask(client, args, includeSecrets) {
    const { key, value } = asked(args) ?? { key: "id", value: "" };
    // The list has what the read by id leaves out: the rules and the password's age.
    const fits = { id: "Id", userName: "UserName", alias: "Alias" } as const;
    const found = (await client.listCredentials()).filter((each) => each[fits[key]] === value);
    if (found.length === 0 && key === "id") return toResult(await client.getCredential(value));
    const listed = one("credential", `the ${key} ${JSON.stringify(value)}`, found, (each) => each.Id);
    if (!includeSecrets || isShown(listed.Password)) return toResult(listed);
    // A service may show passwords in the read by id alone.
    const { Password, URI } = await client.getCredential(listed.Id);
    return toResult({ ...listed, Password, URI });
  },
  fromMock: oneFromMock,
};

const credentials: FunctionSpec<object, GetCredentialsResult> = {
  name: "getCredentials",
  secrets,
  ask: async (client) => (await client.listCredentials()).map(toResult),
  fromMock: listFromMock,
};

/** The one key that is given, and its value; `undefined` if the arguments are anything else. */
function asked(args: GetCredentialArgs): { key: "id" | "userName" | "alias"; value: string } | undefined {
  const [[key, value] = [], ...more] = Object.entries(args ?? {}).filter(([, each]) => each !== undefined);
  if (more.length > 0 || typeof value !== "string") return undefined;
  return key === "id" || key === "userName" || key === "alias" ? { key, value } : undefined;
}

/**
 * One credential. It is an error if there is none, or if several have the alias.
 *
 * With `includeSecrets` it gives the current password to whoever needs it, and nothing is stored. That is the way for
 * credentials and rotations with `storeSecrets: false`. It also works outside a Pulumi program, in any Node.js script
 * with `SFTPTOGO_API_KEY` and `SFTPTOGO_ORGANIZATION_ID` in its environment.
 *
 * @example
 * ```ts
 * const root = await sftptogo.getCredential({ alias: "Root" });
 * ```
 *
 * @example The password
 * ```ts
 * const { password } = await sftptogo.getCredential({ userName: "acme-incoming" }, { includeSecrets: true });
 * if (password === undefined) throw new Error("The service does not show it.");
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Get credentials", "List credentials"
 */
export function getCredential(args: GetCredentialArgs, opts?: FunctionOptions): Promise<GetCredentialResult> {
  return plainForm(credential, args, opts);
}

/**
 * The Output form of {@link getCredential}; with secrets, and secret as a whole, unless `includeSecrets` is false. Give
 * a rotation as `dependsOn` to get the password that it sets, not the one from before. A resource that takes the
 * password as an argument, and a stack output, keep it in the state, encrypted.
 *
 * @example
 * ```ts
 * const { password } = sftptogo.getCredentialOutput({ id: acme.id }, { dependsOn: rotation });
 * ```
 */
export function getCredentialOutput(
  args: GetCredentialOutputArgs,
  opts?: FunctionOutputOptions,
): pulumi.Output<GetCredentialResult> {
  return outputForm(credential, args, opts);
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
export function getCredentials(opts?: FunctionOptions): Promise<GetCredentialsResult> {
  return plainForm(credentials, {}, opts);
}

/** The Output form of {@link getCredentials}; with secrets, and secret as a whole, unless `includeSecrets` is false. */
export function getCredentialsOutput(opts?: FunctionOutputOptions): pulumi.Output<GetCredentialsResult> {
  return outputForm(credentials, {}, opts);
}

function toResult(credential: WireCredential): GetCredentialResult {
  const { Password, URI, SshPublicKeysCount } = credential;
  const result = resultOf(fields, credential, ["storeSecrets"], { inboundRules: [] });
  return {
    ...result,
    // If the answer does not show the password's age, it is not known.
    passwordCreatedAt: credential.PasswordCreatedAt ? result.passwordCreatedAt : null,
    // Without the password it would look like an address that works.
    ...(URI && isShown(Password) && { uri: URI }),
    ...(typeof SshPublicKeysCount === "number" && { sshPublicKeysCount: SshPublicKeysCount }),
  } as GetCredentialResult;
}
