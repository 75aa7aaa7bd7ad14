/** Rules that arguments of several kinds share. */
import { isPlainId } from "../api/settings";
import type { Finding } from "./properties";

/** A password. To the API an empty one means "rotate", or "none", which nobody declares by accident. */
export function validatePassword(password: string): readonly Finding[] {
  return password === "" ? [{ reason: "must not be empty: leave it out instead" }] : [];
}

/** The id of a credential: what may stand in a path, and nothing that changes it. */
export function validateCredentialId(id: string): readonly Finding[] {
  return isPlainId(id) ? [] : [{ reason: "is not a credential's id: pass the `id` of a Credential" }];
}
