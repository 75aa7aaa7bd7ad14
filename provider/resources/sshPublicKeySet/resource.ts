import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../lifecycle/fields/shape";
import { typeToken } from "../../protocol/kinds";
import { isKind, registered, registeredInputs, registeredOptions } from "../../protocol/registration";
import { pausePromiseTraces } from "../../protocol/traces";
import { sshPublicKeySetFields, sshPublicKeySetMarks } from "./fields";
import type { OutgoingSshPublicKey } from "./outgoing";

/** The arguments of an {@link SshPublicKeySet}. */
export interface SshPublicKeySetArgs {
  /** The credential whose keys these are: its `id`. Replaces. */
  credentialId: pulumi.Input<string>;
  /**
   * All keys of the credential, each one line in OpenSSH's format: the type (`ssh-ed25519`, `ssh-rsa` or
   * `ecdsa-sha2-nistp256/384/521`), the key, and optionally a comment. Order and comments make no difference. Private
   * keys, SSH2 and PEM files, lines with options (`from="…" ssh-ed25519 …`), damaged lines, and the same key twice are
   * refused in preview. `[]` removes every key; a list that is left out, `null` or `undefined` is refused. Updates.
   */
  sshPublicKeyBodies: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * For how many days a key that is no longer declared stays after its successors have come, from 0 to 3650; may be a
   * fraction. Default 0: it is removed as soon as they are there. A key that is taken out of the list while no other
   * one is added goes at once. A change counts for keys that are on their way out as well. Updates.
   */
  overlapDays?: pulumi.Input<number | undefined>;
}

const shape = shapeOf<typeof sshPublicKeySetFields, SshPublicKeySetArgs, SshPublicKeySet>(
  "SshPublicKeySet",
  sshPublicKeySetFields,
  sshPublicKeySetMarks,
);

/**
 * All SSH public keys of a credential: the declared ones, and no others. New keys are added before old ones are removed,
 * and a key that was added elsewhere is removed by the next `pulumi up` after a refresh has seen it. The id is the
 * credential's. A credential has either one set or single `SshPublicKey`s: both in one program are refused.
 *
 * A set does not take over keys that it does not declare: of a credential that has such keys, its create is refused.
 * Destroying it removes the keys that it has declared, those on their way out included; keys that were added elsewhere
 * stay, with a warning.
 *
 * @example
 * ```ts
 * new sftptogo.SshPublicKeySet("acme-keys", {
 *   credentialId: acme.id,
 *   sshPublicKeyBodies: [
 *     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE… ops@acme.example",
 *     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF… backup@acme.example",
 *   ],
 * });
 * ```
 *
 * @example One key after the other: the old one works for a week after the new one has come
 * ```ts
 * const keys = new sftptogo.SshPublicKeySet("acme-keys", {
 *   credentialId: acme.id,
 *   sshPublicKeyBodies: [fs.readFileSync("keys/acme-2027.pub", "utf8")],
 *   overlapDays: 7,
 * });
 * export const oldKeys = keys.outgoing; // which old keys still work, and until when
 * ```
 *
 * @example Take over the keys that a credential has
 * ```ts
 * new sftptogo.SshPublicKeySet("acme-keys", { credentialId: acme.id, sshPublicKeyBodies }, {
 *   import: "cfc211269c8c0f925c64b1a223d8eb", // the credential's id
 * });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Public SSH Keys"
 */
export class SshPublicKeySet extends pulumi.CustomResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = typeToken("SshPublicKeySet");

  /**
   * Reads the keys of a credential that this stack does not manage.
   *
   * @param id The credential's id. It is an error if it does not exist.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): SshPublicKeySet {
    return new SshPublicKeySet(name, {} as SshPublicKeySetArgs, { ...opts, id });
  }

  /** Whether a value is a set of SSH public keys. It goes by the type, so those of another copy of the package count too. */
  static override isInstance(value: unknown): value is SshPublicKeySet {
    return isKind(shape.kind, value);
  }

  /** The credential whose keys these are. */
  declare readonly credentialId: pulumi.Output<string>;
  /** The keys as the program declares them; after a refresh, those that the credential has. */
  declare readonly sshPublicKeyBodies: pulumi.Output<string[]>;
  /** For how many days old keys stay. `undefined` if the program declares none. */
  declare readonly overlapDays: pulumi.Output<number | undefined>;
  /** The SHA-256 fingerprints of the declared keys, e.g. `SHA256:RcoHnamHrApC…`. */
  declare readonly fingerprints: pulumi.Output<string[]>;
  /** The ids of the declared keys, unique within their credential, in the order of `fingerprints`. */
  declare readonly keyIds: pulumi.Output<string[]>;
  /** The keys that are no longer declared and stay for the overlap, with the time until which they do. */
  declare readonly outgoing: pulumi.Output<OutgoingSshPublicKey[]>;
  /** The organization that the credential belongs to. */
  declare readonly organizationId: pulumi.Output<string>;

  /**
   * Declares all SSH public keys of a credential.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args The credential and its keys. One that Pulumi cannot carry, such as a `Map`, is refused here.
   * @param opts Pulumi's options, among them `import`, with the id of what exists, and `provider`. `customTimeouts` has
   *   no effect.
   */
  constructor(name: string, args: SshPublicKeySetArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts),
      );
      registered(shape, name, opts, this);
    } finally {
      resumeTraces();
    }
  }
}
