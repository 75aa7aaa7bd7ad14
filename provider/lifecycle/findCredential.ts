import type { Client } from "../api/client";
import type { Credential } from "../api/credentials";
import { find } from "./gone";
import type { Session } from "./session";

/**
 * A credential by id, from the list first, which has what the single read lacks: the rules and the password's
 * age. `undefined` where it is gone; keys and rotations ask too, since they end with their credential.
 */
export function findCredential(
  session: Session,
  id: string,
  state: object,
  client: Client = session.client,
): Promise<Credential | undefined> {
  return find(session, {
    what: `credential ${id}`,
    id,
    list: () => client.listCredentials(),
    // Every organization has its root credential.
    isWhole: (credentials) => credentials.some((credential) => credential.IsDefault),
    get: () => client.getCredential(id),
    state,
  });
}
