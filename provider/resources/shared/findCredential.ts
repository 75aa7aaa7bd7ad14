import type { Client } from "../../api/client";
import type { Credential } from "../../api/credentials";
import { find, waitsBetweenReads } from "../../lifecycle/doubt/gone";
import { isShown } from "../../lifecycle/doubt/likeness";
import type { Session } from "../../lifecycle/process/session";

interface Options {
  /** Default: the client whose lists are shared. */
  readonly client?: Client;
  /** Whether its password is wanted: where the list does not show it, the read by id may. */
  readonly withPassword?: boolean;
  /** Whether its inbound rules are, likewise. */
  readonly withRules?: boolean;
  /** Whether to wait for a late list to show them: somebody may have opened what the program declares closed. */
  readonly waitsForRules?: boolean;
}

/**
 * A credential by id, from the list first, which has what the single read lacks: the rules and the password's
 * age. `undefined` where it is gone; keys and rotations ask too, since they end with their credential.
 */
export async function findCredential(
  session: Session,
  id: string,
  state: object,
  { client = session.client, withPassword = false, withRules = false, waitsForRules = false }: Options = {},
): Promise<Credential | undefined> {
  let single: Credential | undefined;
  const readById = async () => {
    single ??= await client.getCredential(id);
    return single;
  };
  const found = await find(session, {
    what: `credential ${id}`,
    id,
    list: () => client.listCredentials(),
    // Every organization has its root credential.
    isWhole: (credentials) => credentials.some((credential) => credential.IsDefault),
    get: readById,
    state,
  });
  if (found === undefined) return undefined;
  const whole = waitsForRules && found === single ? ((await listedLater(session, id)) ?? found) : found;
  const isWithout =
    (withPassword && !isShown(whole.Password)) || (withRules && (whole.Settings ?? null) === null);
  if (!isWithout) return whole;
  const { Password, URI, Settings } = await readById();
  return { ...whole, ...(isShown(Password) && { Password, URI }), ...(Settings && { Settings }) };
}

/** A credential that exists but was missing from a late list, taken from a later one: only lists show rules. */
async function listedLater(session: Session, id: string): Promise<Credential | undefined> {
  for (const wait of waitsBetweenReads) {
    await session.clock.sleep(wait);
    const later = await session.unsharedClient.listCredentials();
    const found = later.find((credential) => credential.Id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}
