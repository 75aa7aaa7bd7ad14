import * as pulumi from "@pulumi/pulumi";
import { serviceDefaults } from "../../api/assumptions";
import { hiddenInputs } from "../../protocol/hidden";
import { hasType } from "../../protocol/registration";
import { isSameRules } from "../credential/inboundRules";
import {
  Credential,
  type CredentialArgs,
  type InboundRule,
  type InboundRuleArgs,
} from "../credential/resource";
import { CredentialRotation } from "../credentialRotation/resource";
import { loginUri } from "../shared/loginUri";
import { SshPublicKeySet, type SshPublicKeySetArgs } from "../sshPublicKeySet/resource";

/** The arguments of a {@link RotatingCredential}: a credential's, which hold for both logins, and when to rotate. */
export interface RotatingCredentialArgs extends Omit<CredentialArgs, "password"> {
  /**
   * The first login, of 98 characters at most; the second one is the same with `-b` at its end. Default: made from the
   * name, as a credential's. Updates, which cuts off whoever uses the old ones.
   */
  userName?: pulumi.Input<string | undefined>;
  /**
   * The folder a session starts in, of both logins. Default: the one that the service gives the first login. Updates.
   */
  homeDirectory?: pulumi.Input<string | undefined>;
  /**
   * `active` or `inactive`, of the login in use; `inactive` closes the previous one too. Default: as it is, and then a
   * login that somebody has closed is not opened, not even by a rotation. Updates.
   */
  state?: CredentialArgs["state"];
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
   * fraction. Default 7. The next `up` after that makes it inactive; it is never deleted. Updates.
   */
  graceDays?: pulumi.Input<number | undefined>;
  /**
   * From how many days ahead previews say what a rotation or the end of a grace will change, 0 or more. Default:
   * `sftptogo:warnBeforeDays`. Updates.
   */
  announceDays?: pulumi.Input<number | undefined>;
  /**
   * All SSH public keys of both logins, each one line in OpenSSH's format, in any order; `[]` removes all. Default:
   * keys are not managed. Updates.
   */
  sshPublicKeyBodies?: SshPublicKeySetArgs["sshPublicKeyBodies"];
}

/** The options of a {@link RotatingCredential}: a component's, and the logins to take over. */
export interface RotatingCredentialOptions extends pulumi.ComponentResourceOptions {
  /**
   * The id of a credential that exists: it becomes the first login, and goes on with the password that it has. A list
   * takes over the second one, too, which an interrupted `up` may have left: `["<first>", "<second>"]`, with
   * `undefined` for one that is not to be taken over. Of two open ones, the one that was rotated last is the active one.
   */
  import?: pulumi.ID | readonly (pulumi.ID | undefined)[];
}

/** The active login of a {@link RotatingCredential}. */
export interface RotatingLogin {
  /** The id of the credential. */
  readonly credentialId: pulumi.Output<string>;
  /** The login. */
  readonly userName: pulumi.Output<string>;
  /** Secret. `null` at run time with `storeSecrets: false`. */
  readonly password: pulumi.Output<string>;
  /** The host to connect to. */
  readonly host: pulumi.Output<string>;
  /** Secret. `sftp://user:password@host`, percent-encoded. `null` at run time where `password` is. */
  readonly uri: pulumi.Output<string>;
}

/** The previous login of a {@link RotatingCredential}: all of it is `null` before the first rotation and after a grace. */
export interface PreviousLogin {
  /** The id of the credential. */
  readonly credentialId: pulumi.Output<string | null>;
  /** The login. */
  readonly userName: pulumi.Output<string | null>;
  /** Secret. `null` with `storeSecrets: false` as well. */
  readonly password: pulumi.Output<string | null>;
  /** The host to connect to. */
  readonly host: pulumi.Output<string | null>;
  /** Secret. `sftp://user:password@host`, percent-encoded. `null` where `password` is. */
  readonly uri: pulumi.Output<string | null>;
}

/**
 * A login whose password is changed without cutting anybody off: two credentials with the same folder, rights and
 * rules, and one rotation between them. A rotation gives the login that nobody uses a new password and makes it
 * `active`; the one before goes on as `previous` until `previousValidUntil`, so that the partner has that long to
 * change over, and is made inactive by the next `up` after that. Creating it rotates nothing.
 *
 * @example
 * ```ts
 * const acme = new sftptogo.RotatingCredential("acme", {
 *   userName: "acme-incoming",
 *   homeDirectory: "/partners/acme",
 *   permission: "read-write",
 *   rotateAfterDays: 90,
 *   graceDays: 14,
 * });
 * export const login = acme.active.userName;
 * export const address = acme.active.uri;
 * ```
 *
 * @example A partner who has a login already: it becomes the first of the two, and nothing changes for them
 * ```ts
 * new sftptogo.RotatingCredential("acme", { userName: "acme-incoming", rotateAfterDays: 90 }, {
 *   import: "cfc211269c8c0f925c64b1a223d8eb",
 * });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Credentials", "Rotate password"
 */
export class RotatingCredential extends pulumi.ComponentResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = "sftptogo:index:RotatingCredential";

  /** Whether a value is a rotating credential. It goes by the type, so those of another copy of the package count too. */
  static override isInstance(value: unknown): value is RotatingCredential {
    return hasType(RotatingCredential.__pulumiType, value);
  }

  /** The two credentials. `active` says which one is in use, and has the password of now: theirs are of the last refresh. */
  readonly credentials: readonly [Credential, Credential];
  /** The login to use. */
  readonly active: RotatingLogin;
  /** The login that was in use before, while its grace lasts. */
  readonly previous: PreviousLogin;
  /** Until when the previous login works, ISO 8601. `null` where there is none. */
  readonly previousValidUntil: pulumi.Output<string | null>;
  /** When the active login took over, ISO 8601: the last rotation, or the create. */
  readonly rotatedAt: pulumi.Output<string>;
  /** When the next rotation is due by its age, ISO 8601. `null` without `rotateAfterDays`. */
  readonly nextRotationAt: pulumi.Output<string | null>;

  /**
   * Declares two logins that take turns.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args What both logins have, and when they rotate.
   * @param opts Pulumi's options for a component, among them `providers` and `protect`; and `import`, with the id of a
   *   credential that exists and becomes the first of the two.
   */
  constructor(name: string, args: RotatingCredentialArgs = {}, opts: RotatingCredentialOptions = {}) {
    const { import: imported, ...options } = opts;
    const [importFirst, importSecond] = typeof imported === "string" ? [imported] : (imported ?? []);
    super(RotatingCredential.__pulumiType, name, {}, options);
    const { triggers, rotateAfterDays, graceDays, announceDays, state, sshPublicKeyBodies, ...both } = args;
    const { expiration, storeSecrets } = both;
    const child: pulumi.CustomResourceOptions = { parent: this };

    const ofFirst = importFirst === undefined ? child : { ...child, import: importFirst };
    const ofSecond = importSecond === undefined ? child : { ...child, import: importSecond };

    const first = new Credential(`${name}-a`, { ...both, ...hiddenInputs({ isReserve: false }) }, ofFirst);
    const second = new Credential(
      `${name}-b`,
      {
        ...both,
        ...(args.userName !== undefined && { userName: secondUserName(args.userName) }),
        // What the program leaves to the service is as the first login has it: a partner who was taken over would else
        // rotate into a login that may do more.
        homeDirectory: pulumi
          .output(args.homeDirectory)
          .apply((own) => pulumi.output(own ?? first.homeDirectory)),
        chrootDirectory: pulumi
          .output(args.chrootDirectory)
          .apply((own) => pulumi.output(own === undefined ? first.chrootDirectory : own)),
        permission: pulumi.output(args.permission).apply((own) => pulumi.output(own ?? first.permission)),
        expiration: pulumi
          .output(args.expiration)
          .apply((own) => pulumi.output(own === undefined ? first.expiration.apply(unlessBlank) : own)),
        inboundRules: pulumi
          .output(args.inboundRules)
          .apply((own) => pulumi.output(own ?? first.inboundRules.apply(rulesToRepeat))),
        // Closed until a rotation opens it.
        ...hiddenInputs({ isReserve: true }),
      },
      ofSecond,
    );
    const keys =
      sshPublicKeyBodies === undefined
        ? []
        : [
            new SshPublicKeySet(`${name}-a-keys`, { credentialId: first.id, sshPublicKeyBodies }, ofFirst),
            new SshPublicKeySet(`${name}-b-keys`, { credentialId: second.id, sshPublicKeyBodies }, ofSecond),
          ];
    const rotation = new CredentialRotation(
      `${name}-rotation`,
      {
        credentialIds: [first.id, second.id],
        triggers,
        rotateAfterDays,
        graceDays,
        announceDays,
        state,
        expiration,
        storeSecrets,
      },
      // No login is handed out before it has its keys.
      { ...child, dependsOn: keys },
    );
    this.credentials = [first, second];
    // The names are the credentials': the rotation hears of a new one only when it has something else to do.
    const nameOf = <T extends string | null>(id: pulumi.Output<T>, otherwise: pulumi.Output<T>) =>
      pulumi
        .all([id, first.id, second.id])
        .apply<T | string>(
          ([of, one, other]): pulumi.Output<T | string> =>
            of === one ? first.userName : of === other ? second.userName : otherwise,
        );
    const { activeCredentialId, previousCredentialId } = rotation;
    this.active = loginOf(
      activeCredentialId,
      nameOf(activeCredentialId, rotation.userName),
      rotation.password,
      rotation.host,
    );
    this.previous = loginOf(
      previousCredentialId,
      nameOf(previousCredentialId, rotation.previousUserName),
      rotation.previousPassword,
      rotation.previousHost,
    );
    this.previousValidUntil = rotation.previousValidUntil;
    this.rotatedAt = rotation.rotatedAt;
    this.nextRotationAt = rotation.nextRotationAt;
    this.registerOutputs({
      userName: this.active.userName,
      previousValidUntil: rotation.previousValidUntil,
      nextRotationAt: rotation.nextRotationAt,
    });
  }
}

function unlessBlank<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

/** The rules of a login for another one; none where the service gives the same by itself, or shows none. */
function rulesToRepeat(
  rules: readonly InboundRule[] | null | undefined,
): pulumi.Unwrap<InboundRuleArgs>[] | undefined {
  if (rules == null || isSameRules(rules, serviceDefaults.credential.inboundRules)) return undefined;
  return rules.map(({ id: _, ...rule }) => rule);
}

function secondUserName(first: pulumi.Input<string | undefined>): pulumi.Output<string | undefined> {
  return pulumi.output(first).apply((userName) => (userName === undefined ? undefined : `${userName}-b`));
}

function loginOf<T extends string | null>(
  credentialId: pulumi.Output<T>,
  userName: pulumi.Output<T>,
  password: pulumi.Output<T>,
  host: pulumi.Output<T>,
) {
  return {
    credentialId,
    userName,
    password,
    host,
    // Formed only where a program asks for it, as a credential's.
    get uri() {
      return loginUri(userName, password, host);
    },
  };
}
