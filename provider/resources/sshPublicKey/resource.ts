import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../lifecycle/fields/shape";
import { typeToken } from "../../protocol/kinds";
import {
  deleteFirst,
  isKind,
  registered,
  registeredInputs,
  registeredOptions,
} from "../../protocol/registration";
import { pausePromiseTraces } from "../../protocol/traces";
import { sshPublicKeyFields, sshPublicKeyMarks } from "./fields";

/** The arguments of an {@link SshPublicKey}. The API has no way to change a key: each change replaces it. */
export interface SshPublicKeyArgs {
  /** The credential that may log in with the key: its `id`. Replaces. */
  credentialId: pulumi.Input<string>;
  /**
   * One line in OpenSSH's format: the type (`ssh-ed25519`, `ssh-rsa` or `ecdsa-sha2-nistp256/384/521`), the key, and
   * optionally a comment. Replaces if the type or the key changes; the comment makes no difference. A private key, an
   * SSH2 or PEM file, and a damaged line are refused in preview.
   */
  sshPublicKeyBody: pulumi.Input<string>;
}

const shape = shapeOf<typeof sshPublicKeyFields, SshPublicKeyArgs, SshPublicKey>(
  "SshPublicKey",
  sshPublicKeyFields,
  sshPublicKeyMarks,
);

/**
 * An SSH public key of a credential, which can then log in without a password. Its id is `credentialId/keyId`.
 *
 * @example
 * ```ts
 * new sftptogo.SshPublicKey("acme-key", {
 *   credentialId: acme.id,
 *   sshPublicKeyBody: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE… ops@acme.example",
 * });
 * ```
 *
 * @example One key from each file
 * ```ts
 * for (const file of fs.readdirSync("keys")) {
 *   new sftptogo.SshPublicKey(file, {
 *     credentialId: acme.id,
 *     sshPublicKeyBody: fs.readFileSync(`keys/${file}`, "utf8").trim(),
 *   });
 * }
 * ```
 *
 * @example Take over what exists
 * ```ts
 * new sftptogo.SshPublicKey("acme-key", { credentialId: acme.id, sshPublicKeyBody }, {
 *   import: "cfc211269c8c0f925c64b1a223d8eb/97285e07-09fd-42de-a1d0-997a0818310a",
 * });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Public SSH Keys"
 */
export class SshPublicKey extends pulumi.CustomResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = typeToken("SshPublicKey");

  /**
   * Reads a key that this stack does not manage.
   *
   * @param id `credentialId/keyId`. It is an error if it does not exist.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): SshPublicKey {
    return new SshPublicKey(name, {} as SshPublicKeyArgs, { ...opts, id });
  }

  /** Whether a value is an SSH public key. It goes by the type, so those of another copy of the package count too. */
  static override isInstance(value: unknown): value is SshPublicKey {
    return isKind(shape.kind, value);
  }

  /** The credential that may log in with the key. */
  declare readonly credentialId: pulumi.Output<string>;
  /** The key, one line in OpenSSH's format. */
  declare readonly sshPublicKeyBody: pulumi.Output<string>;
  /** The key's id, unique within its credential. */
  declare readonly keyId: pulumi.Output<string>;
  /** The comment at the end of the key's line. `null` at run time if the service does not show it. */
  declare readonly comment: pulumi.Output<string>;
  /** The fingerprint, e.g. `SHA256:RcoHnamHrApC…`. `null` at run time if the service does not show it. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** The service's name for the type, e.g. `rsa`. `null` at run time if the service does not show it. */
  declare readonly type: pulumi.Output<string>;
  /** The organization that the key belongs to. */
  declare readonly organizationId: pulumi.Output<string>;
  /** When the key was added, in Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  /**
   * Declares an SSH public key.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args The key, and the credential that it logs in to. One that Pulumi cannot carry, such as a `Map`, is refused here.
   * @param opts Pulumi's options, among them `import`, with the id of what exists, and `provider`. `customTimeouts` has
   *   no effect.
   */
  constructor(name: string, args: SshPublicKeyArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts, deleteFirst),
      );
      registered(shape, name, opts, this);
    } finally {
      resumeTraces();
    }
  }
}
