import { findEngine } from "#engine";

/** Finds or builds the engine once, before any test's time runs. */
export async function setup(): Promise<void> {
  await findEngine();
}
