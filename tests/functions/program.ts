/**
 * The functions as a program has them: compiled, since they load the client only when they are called, by a
 * `require` that finds no sources.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import nock from "nock";
import { beforeEach, vi } from "vitest";
import { organizationId } from "../api/setup";
import { mockEngine, resolved } from "../protocol/program";

export const built = join(__dirname, "../../dist/index.js");
if (!existsSync(built)) throw new Error('run "npm run build" before the tests');
export const sftptogo = createRequire(__filename)(built) as typeof import("../../provider/index");

let keys = 0;
/** The key of the stack that a test runs in. */
export let apiKey = "";

/** Configures the stack anew before each test, with a key of its own: lists are kept as long as a key is. */
export function inStack(organization = organizationId): void {
  beforeEach(() => {
    for (const name of ["API_KEY", "ORGANIZATION_ID", "BASE_URL"]) vi.stubEnv(`SFTPTOGO_${name}`, undefined);
    apiKey = `key-of-test-${keys++}`;
    configure({ apiKey, organizationId: organization });
  });
}

/** The stack's whole configuration, by names without `sftptogo:`. */
export function configure(config: Readonly<Record<string, string>>): void {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([name, value]) => [`sftptogo:${name}`, value])),
  );
}

/** Interceptors below an organization, for requests with this key only. */
export function api(organization = organizationId, key = apiKey): nock.Scope {
  return nock(`https://api.sftptogo.com/organizations/${organization}`, {
    reqheaders: { authorization: `Bearer ${key}` },
  });
}

/**
 * Makes resources in an engine of mocks, and leaves the engine once they are registered: functions are answered by
 * mocks as long as there are any, and these tests are about what reaches the API.
 */
export async function madeTogether<T extends readonly pulumi.Resource[]>(
  make: () => readonly [...T],
  { preview = false } = {},
): Promise<readonly [...T]> {
  await mockEngine({ preview });
  const made = make();
  for (const each of made) await resolved(each.urn);
  // The resources below them, too.
  await pulumi.runtime.disconnect();
  leaveEngine(preview);
  return made;
}

export async function madeBefore<T extends pulumi.Resource>(make: () => T, options = {}): Promise<T> {
  const [made] = await madeTogether<[T]>(() => [make()], options);
  return made;
}

export function leaveEngine(preview = false): void {
  pulumi.runtime.resetOptions("shop", "dev", -1, "", "", preview, "");
}
