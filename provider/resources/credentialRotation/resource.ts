import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../lifecycle/fields/shape";
import { typeToken } from "../../protocol/kinds";
import { deleteFirst, isKind, registeredInputs, registeredOptions } from "../../protocol/registration";
import { pausePromiseTraces } from "../../protocol/traces";
import type { CredentialState } from "../shared/credentialState";
import { credentialRotationFields } from "./fields";

/** The arguments of a {@link CredentialRotation}. Each change updates in place. */
export interface CredentialRotationArgs {
  /**
   * The ids of the two credentials to rotate in turn. Leave `state` out of both: the rotation sets it. One that was
   * made anew takes the place of the one before. Updates.
   */
  credentialIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Any value, e.g. `"2027-01"` or a list. A change updates, which rotates; taking it out does not. Refused within the
   * grace.
   */
  triggers?: pulumi.Input<unknown>;
  /**
   * The greatest age of the active password in days, more than `graceDays`; may be a fraction. The next `up` after
   * that rotates, which a preview shows. Default: only `triggers` rotate. Updates.
   */
  rotateAfterDays?: pulumi.Input<number | undefined>;
  /**
   * How many days the previous login goes on after a rotation, 0 or more, and not beyond `expiration`; may be a
   * fraction. Default 7. The next `up` after that makes it inactive. Updates, and holds for a grace that has begun, too.
   */
  graceDays?: pulumi.Input<number | undefined>;
  /**
   * From how many days ahead previews say what a rotation or the end of a grace will change, 0 or more. Default:
   * `sftptogo:warnBeforeDays`. Updates.
   */
  announceDays?: pulumi.Input<number | undefined>;
  /**
   * `active` or `inactive`, of the active login; `inactive` closes the previous one too. Default: as it is, and
   * then a login that somebody has closed is not opened, not even by a rotation. Updates.
   */
  state?: pulumi.Input<CredentialState | undefined>;
  /** The `expiration` of the two credentials: once it has passed, `state: "active"` opens neither again. Updates. */
  expiration?: pulumi.Input<string | number | null | undefined>;
  /** Whether passwords are kept, encrypted, in the state. Default `true`. With `false` they are `null`. Updates. */
  storeSecrets?: pulumi.Input<boolean | undefined>;
}

const shape = shapeOf<typeof credentialRotationFields, CredentialRotationArgs, CredentialRotation>(
  "CredentialRotation",
  credentialRotationFields,
);

/**
 * Rotates two credentials in turn, so that a new password never cuts anybody off: {@link RotatingCredential} is the
 * two credentials and this. Creating it rotates nothing: the login that is open is the active one; of two open ones it
 * is the one that was rotated last, and the other one has its grace from then on. A changed trigger, or an age over
 * `rotateAfterDays`, updates it: the other login gets a new password, is opened, and becomes the active one, while the
 * previous one goes on for `graceDays`. Destroying it leaves both as they are. Neither may be the root credential, nor
 * have a {@link PasswordRotation} besides.
 *
 * @example
 * ```ts
 * const [blue, green] = ["blue", "green"].map((name) => new sftptogo.Credential(name, { homeDirectory: "/acme" }));
 * const rotation = new sftptogo.CredentialRotation("acme", {
 *   credentialIds: [blue.id, green.id],
 *   rotateAfterDays: 90,
 * });
 * export const login = rotation.userName;
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Rotate password", "Update credential"
 */
export class CredentialRotation extends pulumi.CustomResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = typeToken("CredentialRotation");

  /**
   * Reads the login in use of two credentials that this stack does not manage.
   *
   * @param id `credentialId/credentialId`. It is an error if neither credential exists.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): CredentialRotation {
    return new CredentialRotation(name, {} as CredentialRotationArgs, { ...opts, id });
  }

  /** Whether a value is a credential rotation. It goes by the type, so those of another copy of the package count too. */
  static override isInstance(value: unknown): value is CredentialRotation {
    return isKind(shape.kind, value);
  }

  /** The ids of the two credentials. */
  declare readonly credentialIds: pulumi.Output<string[]>;
  /** The triggers as the program declares them. */
  declare readonly triggers: pulumi.Output<unknown>;
  /** The greatest age in days. `undefined` if the program declares none. */
  declare readonly rotateAfterDays: pulumi.Output<number | undefined>;
  /** How many days the previous login goes on after a rotation. */
  declare readonly graceDays: pulumi.Output<number>;
  /** From how many days ahead previews say what will change. `undefined` if the program declares none. */
  declare readonly announceDays: pulumi.Output<number | undefined>;
  /** Whether the active login is `active` or `inactive` on the service. */
  declare readonly state: pulumi.Output<CredentialState>;
  /** The expiration as the program declares it. */
  declare readonly expiration: pulumi.Output<string | number | null>;
  /** Whether passwords are kept, encrypted, in the state. */
  declare readonly storeSecrets: pulumi.Output<boolean>;
  /** Both logins, in the order of `credentialIds`. */
  declare readonly userNames: pulumi.Output<string[]>;
  /** The id of the credential in use. */
  declare readonly activeCredentialId: pulumi.Output<string>;
  /** The login in use. A new name of the credential is here after the next rotation or refresh. */
  declare readonly userName: pulumi.Output<string>;
  /** Secret. Its password. `null` at run time with `storeSecrets: false`, and if the service does not show it. */
  declare readonly password: pulumi.Output<string>;
  /** The host to connect to. */
  declare readonly host: pulumi.Output<string>;
  /** The id of the credential that was in use before. `null` once its grace is over. */
  declare readonly previousCredentialId: pulumi.Output<string | null>;
  /** The login that was in use before. `null` once its grace is over. */
  declare readonly previousUserName: pulumi.Output<string | null>;
  /** Secret. Its password. `null` where `previousUserName` is, and with `storeSecrets: false`. */
  declare readonly previousPassword: pulumi.Output<string | null>;
  /** The host of the previous login. `null` once its grace is over. */
  declare readonly previousHost: pulumi.Output<string | null>;
  /** Until when the previous login works, ISO 8601. `null` once its grace is over. */
  declare readonly previousValidUntil: pulumi.Output<string | null>;
  /** When the active login took over, ISO 8601: the last rotation, or the create of this resource. */
  declare readonly rotatedAt: pulumi.Output<string>;
  /** When the next rotation is due by its age, ISO 8601. `null` without `rotateAfterDays`. */
  declare readonly nextRotationAt: pulumi.Output<string | null>;
  /** The organization that the credentials belong to. */
  declare readonly organizationId: pulumi.Output<string>;

  /**
   * Declares a rotation of two credentials.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args Which two, and when. One that Pulumi cannot carry, such as a `Map`, is refused here.
   * @param opts Pulumi's options, among them `import`, with the id of what exists, and `provider`. `customTimeouts` has
   *   no effect.
   */
  constructor(name: string, args: CredentialRotationArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts, deleteFirst),
      );
    } finally {
      resumeTraces();
    }
  }
}
