/** Which keys on the server a set of keys in a state answers for. */
import type { EmulatorData } from "../../../provider/emulator/index.js";
import type { Recorded } from "./stage.ts";

/** Their ids: of the declared ones, of those on their way out, and of what an unfinished change began to add. */
export function keysOfSet(
  data: EmulatorData,
  { id, outputs }: Pick<Recorded, "id" | "outputs">,
): readonly string[] {
  const { keyIds, outgoing, __begun: begun } = outputs;
  const ids = [...listOf(keyIds), ...listOf(outgoing).map((each) => Object(each).keyId)];
  return data
    .sshPublicKeysOf(id)
    .filter((key) => ids.includes(key.Id) || listOf(begun).includes(key.Fingerprint))
    .map(({ Id }) => Id);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
