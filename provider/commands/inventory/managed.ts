/** What stacks manage: one index, asked by the export and by the audit. */
import type { Kind } from "../../protocol/kinds";

/** A resource of this package in a stack. */
export interface ManagedResource {
  readonly kind: Kind;
  /** Its name in the program. */
  readonly name: string;
  /** Its id in the state: of a key, `credentialId/keyId`. */
  readonly id: string;
  /** The organization that it was made in, where the state says so. */
  readonly organizationId?: string;
  /** The line of the program that made it, as `index.ts#12,3`, where the state says so. */
  readonly sourcePosition?: string;
  /** Of a set: the keys that it declares, and those on their way out. */
  readonly keyIds?: readonly string[];
  /** A credential's expiration, which answers do not show: what its program declares. */
  readonly expiration?: string | number;
}

/** The resources that stacks manage, by what they manage. */
export class Managed {
  readonly resources: readonly ManagedResource[];
  readonly #bySubject = new Map<string, ManagedResource>();

  constructor(resources: readonly ManagedResource[]) {
    this.resources = resources;
    for (const resource of resources) {
      for (const subject of subjectsOf(resource)) {
        if (!this.#bySubject.has(subject)) this.#bySubject.set(subject, resource);
      }
    }
  }

  /** What manages the object that a resource of this kind would have under this id: it, or one that manages more. */
  managerOf(kind: Kind, id: string): ManagedResource | undefined {
    const itself = this.#bySubject.get(subjectOf(kind, id));
    if (itself !== undefined || kind !== "SshPublicKey") return itself;
    const set = this.setBeside(id);
    // A key that was added elsewhere is none of the set's: the next `pulumi up` that changes it removes that.
    return set?.keyIds?.includes(id.split("/")[1] ?? "") === false ? undefined : set;
  }

  /** The two logins of which a rotation uses one in turn, if this is one of them: its id is both of theirs. */
  pairOf(credentialId: string): string | undefined {
    return this.resources.find(
      ({ kind, id }) => kind === "CredentialRotation" && id.split("/").includes(credentialId),
    )?.id;
  }

  /** The set that manages the keys of a key's credential, whether this one is among them or not. */
  setBeside(keyId: string): ManagedResource | undefined {
    return this.#bySubject.get(keysOf(keyId.split("/")[0] ?? ""));
  }
}

const keysOf = (credentialId: string) => `keys of ${credentialId}`;
const passwordOf = (credentialId: string) => `password of ${credentialId}`;

/** A rotation is one of its credential's password: its own id is another one each time. */
function subjectOf(kind: Kind, id: string): string {
  const [credentialId = ""] = id.split("/");
  return kind === "PasswordRotation" ? passwordOf(credentialId) : `${kind} ${id}`;
}

function subjectsOf({ kind, id }: ManagedResource): string[] {
  if (kind === "SshPublicKeySet") return [keysOf(id)];
  return kind === "CredentialRotation" ? id.split("/").map(passwordOf) : [subjectOf(kind, id)];
}
