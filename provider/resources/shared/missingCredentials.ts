import type { Credential } from "../../api/credentials";
import type { Session } from "../../lifecycle/process/session";
import type { CheckFailure } from "../../protocol/failures";
import { findCredential } from "./findCredential";

/**
 * Ids of credentials that no credential has: a name in the place of an id, or one that is gone. Goes by a list that
 * is there anyway, and only what it lacks is asked for by id. What cannot be told is left to `up`.
 */
export async function missingCredentials(
  session: Session,
  argument: string,
  ids: readonly unknown[],
): Promise<readonly CheckFailure[]> {
  const failures: CheckFailure[] = [];
  const listed = (await session.knownList("users")) as readonly Credential[] | undefined;
  if (listed === undefined) return [];
  for (const id of ids) {
    if (typeof id !== "string" || session.memory.wasCreated(id)) continue;
    if (listed.some(({ Id }) => Id === id)) continue;
    const isThere = await findCredential(session, id, {}).then(
      (found) => found !== undefined,
      () => true,
    );
    if (isThere) continue;
    const reason =
      `${argument}: there is no credential with the id ${JSON.stringify(id)}: pass the \`id\` of a Credential, which is ` +
      "neither its user name nor its alias";
    failures.push({ property: "", reason });
  }
  return failures;
}
