import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../engine/kinds";
import { isKind, registeredInputs, registeredOptions } from "../engine/registration";
import { pausePromiseTraces } from "../engine/traces";
import { loginUri } from "../lifecycle/loginUri";
import { shapeOf } from "../lifecycle/shape";
import { passwordRotationFields } from "./fields";

/** The arguments of a {@link PasswordRotation}. A replacement is a rotation. */
export interface PasswordRotationArgs {
  /** The credential whose password is rotated: its `id`. Replaces. */
  credentialId: pulumi.Input<string>;
  /** Any value, e.g. `"2027-01"` or a list. A change replaces, which rotates. Taking it out does not. */
  triggers?: pulumi.Input<unknown>;
  /**
   * The greatest age in days, above 0; may be a fraction. Older at a preview or `up` than that, the rotation is
   * replaced. A change of the number alone updates.
   */
  rotateAfterDays?: pulumi.Input<number | undefined>;
  /**
   * Secret. The password to set. Not empty, and fit for the organization's password policy. Default: generated
   * by the service. Replaces.
   */
  password?: pulumi.Input<string | undefined>;
  /**
   * Whether `password` and `uri` are kept, encrypted, in the state. Default `true`. With `false` both are
   * `null`; a password that the program declares stays, encrypted, in the inputs. Updates.
   */
  storeSecrets?: pulumi.Input<boolean | undefined>;
}

const shape = shapeOf<typeof passwordRotationFields, PasswordRotationArgs, PasswordRotation>(
  "PasswordRotation",
  passwordRotationFields,
);

/**
 * A change of a credential's password. Creating it rotates the password and reads the new one back; a changed
 * trigger replaces it, which rotates again; destroying it does nothing to the password. Open sessions go on.
 * One trigger is one rotation, also when answers are lost; only a run that is killed between the rotation and its
 * saving rotates once more at the next `up`. Its id is `credentialId/rotatedAt`, the time in Unix milliseconds.
 *
 * @example
 * ```ts
 * const rotation = new sftptogo.PasswordRotation("acme-password", { credentialId: acme.id, triggers: "2027-01" });
 * export const password = rotation.password;
 * ```
 *
 * @example Every 30 days, seen in the preview, and the address handed to the consumer
 * ```ts
 * const rotation = new sftptogo.PasswordRotation("acme-password", { credentialId: acme.id, rotateAfterDays: 30 });
 * export const address = rotation.uri; // not the credential's own, which is the old one until a refresh
 * ```
 *
 * @example Go on from an earlier rotation without rotating
 * ```ts
 * new sftptogo.PasswordRotation("acme-password", { credentialId, rotateAfterDays: 30 }, {
 *   import: "cfc211269c8c0f925c64b1a223d8eb/1798761600000",
 * });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Rotate password", "Set password"
 */
export class PasswordRotation extends pulumi.CustomResource {
  /** The type in state files, by which policies and transforms recognise the class. */
  static readonly __pulumiType = typeToken("PasswordRotation");

  /**
   * Reads the current password of a credential as of a rotation that this stack does not manage.
   *
   * @param id `credentialId/rotatedAt`. It is an error if there is no such credential.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): PasswordRotation {
    return new PasswordRotation(name, {} as PasswordRotationArgs, { ...opts, id });
  }

  /** Whether a value is a password rotation: by its type, so also one that another copy of the package made. */
  static override isInstance(value: unknown): value is PasswordRotation {
    return isKind(shape.kind, value);
  }

  /** The credential whose password is rotated. */
  declare readonly credentialId: pulumi.Output<string>;
  /** What the program gives as its triggers. */
  declare readonly triggers: pulumi.Output<unknown>;
  /** The greatest age in days. `undefined` if the program gives none. */
  declare readonly rotateAfterDays: pulumi.Output<number | undefined>;
  /** Whether `password` and `uri` are kept, encrypted, in the state. */
  declare readonly storeSecrets: pulumi.Output<boolean>;
  /** Secret. The new password. `null` at run time with `storeSecrets: false`. */
  declare readonly password: pulumi.Output<string>;
  /** The host to connect to. */
  declare readonly host: pulumi.Output<string>;
  /** The login. */
  declare readonly userName: pulumi.Output<string>;
  /** When it was rotated, ISO 8601. */
  declare readonly rotatedAt: pulumi.Output<string>;
  /** The organization that the credential belongs to. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Secret. `sftp://user:password@host` with the new password. `null` at run time where `password` is. */
  get uri(): pulumi.Output<string> {
    return loginUri(this.userName, this.password, this.host);
  }

  constructor(name: string, args: PasswordRotationArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts),
      );
    } finally {
      resumeTraces();
    }
  }
}
