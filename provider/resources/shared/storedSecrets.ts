/** What the argument `storeSecrets` means, for every resource that has it. The program's process loads it too. */
import { isShown } from "../../lifecycle/doubt/likeness";

/** Whether the state keeps secrets: it does unless the program says no. */
export function storesSecrets({ storeSecrets }: { readonly storeSecrets?: unknown }): boolean {
  return storeSecrets !== false;
}

/** The password for the state. An answer that blanks or masks it does not overwrite the known one. */
export function storedPassword(
  shown: string | null | undefined,
  known: unknown,
  declared: { readonly storeSecrets?: unknown },
): string | null {
  if (!storesSecrets(declared)) return null;
  if (isShown(shown)) return shown as string;
  return typeof known === "string" ? known : null;
}
