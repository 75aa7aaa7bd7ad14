import type { Client } from "../api/client";
import type { Credential } from "../api/credentials";
import { find } from "./gone";
import { isShown } from "./likeness";
import type { Session } from "./session";

interface Options {
  /** Default: the client whose lists are shared. */
  readonly client?: Client;
  /** Whether its password is wanted: where the list does not show it, the read by id may. */
  readonly withPassword?: boolean;
  /** Whether its inbound rules are, likewise. */
  readonly withRules?: boolean;
}

/**
 * A credential by id, from the list first, which has what the single read lacks: the rules and the password's
 * age. `undefined` where it is gone; keys and rotations ask too, since they end with their credential.
 */
export async function findCredential(
  session: Session,
  id: string,
  state: object,
  { client = session.client, withPassword = false, withRules = false }: Options = {},
): Promise<Credential | undefined> {
  const found = await find(session, {
    what: `credential ${id}`,
    id,
    list: () => client.listCredentials(),
    // Every organization has its root credential.
    isWhole: (credentials) => credentials.some((credential) => credential.IsDefault),
    get: () => client.getCredential(id),
    state,
  });
  const isWithout =
    found !== undefined &&
    ((withPassword && !isShown(found.Password)) || (withRules && (found.Settings ?? null) === null));
  if (!isWithout) return found;
  const { Password, URI, Settings } = await client.getCredential(id);
  return { ...found, ...(isShown(Password) && { Password, URI }), ...(Settings && { Settings }) };
}
