/**
 * Stacks as earlier versions of the package left them: the folders in tests/fixtures/states, whose README.md
 * says what is in them and how they are made.
 */
import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type {
  Emulator,
  EmulatorData,
  StoredCredential,
  StoredShareLink,
  StoredSshPublicKey,
  StoredWebhook,
} from "pulumi-sftptogo/emulator";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { createStack, STACK_NAME, type TestStack } from "#stack";

export const STATES_FOLDER = resolve(import.meta.dirname, "../fixtures/states");

/** When every state was written, by the clock of service and package, so that no date in one ever passes. */
export const WRITTEN_AT = Date.parse("2027-01-01T00:00:00Z");
/** When they are used: the last request came two hours after the first. */
export const USED_AT = WRITTEN_AT + 24 * 60 * 60 * 1000;

/**
 * The files of one stack. The program is `index.ts` and `expected.json` says what it asks of the service; the stacks named
 * `life` have one program for all, in `life.mts`.
 */
export const files = {
  program: "index.ts",
  expected: "expected.json",
  /** The answer of `pulumi stack export`, secrets encrypted. */
  state: "state.json",
  /** Holds the salt that the secrets are encrypted with. */
  config: `Pulumi.${STACK_NAME}.yaml`,
  service: "service.json",
} as const;

/** The service that the state belongs to, with all that it held. */
export interface Service {
  readonly url: string;
  readonly organizationId: string;
  readonly apiKey: string;
  readonly credentials: readonly StoredCredential[];
  readonly sshPublicKeys: readonly StoredSshPublicKey[];
  readonly webhooks: readonly StoredWebhook[];
  readonly shareLinks: readonly StoredShareLink[];
}

/** Fields that objects of the service have to have, by the names of their resources. */
export type Expected = Readonly<Record<string, object>>;

/** A stack that an earlier version left, on a service that holds what it held then. */
export interface EarlierStack extends AsyncDisposable {
  readonly stack: TestStack;
  readonly emulator: Emulator;
  /** By the occasion: e.g. `written`, or `changed` for the program under `CHANGED=true`. Empty for `life`. */
  readonly expected: Readonly<Record<string, Expected>>;
}

/** The folders of a version or, without one, the versions. */
export function foldersIn(...path: readonly string[]): string[] {
  const entries = readdirSync(join(STATES_FOLDER, ...path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

export function describeService({ url, organizationId, apiKey, data }: Emulator): Service {
  return {
    url,
    organizationId,
    apiKey,
    credentials: [...data.credentials.values()],
    sshPublicKeys: [...data.sshPublicKeys.values()],
    webhooks: [...data.webhooks.values()],
    shareLinks: [...data.shareLinks.values()],
  };
}

/** Makes an emulator hold what the service held. */
export function restoreService(
  data: Pick<
    EmulatorData,
    "credentials" | "addCredential" | "addSshPublicKey" | "addWebhook" | "addShareLink"
  >,
  service: Service,
): void {
  data.credentials.clear();
  // Added and not set, so that a field which the service has got since has its default.
  for (const each of service.credentials) data.addCredential(each);
  for (const each of service.sshPublicKeys) data.addSshPublicKey(each);
  for (const each of service.webhooks) data.addWebhook(each);
  for (const each of service.shareLinks) data.addShareLink(each);
}

/** What the emulator holds, whatever its kind. */
export function storedObjects(data: EmulatorData) {
  return [
    ...data.credentials.values(),
    ...data.sshPublicKeys.values(),
    ...data.webhooks.values(),
    ...data.shareLinks.values(),
  ];
}

/** The version whose state was written last. */
export function newestVersion(): string {
  const written = foldersIn().map((version) => {
    const text = readFileSync(join(STATES_FOLDER, version, "life", files.state), "utf8");
    const { deployment } = JSON.parse(text) as { deployment: { manifest: { time: string } } };
    return { version, at: Date.parse(deployment.manifest.time) };
  });
  const [newest] = written.sort((a, b) => b.at - a.at);
  if (newest === undefined) throw new Error("there is no state");
  return newest.version;
}

/** Brings the stack of a version back: state, configuration, service and clock are as they were. */
export async function openEarlierStack(version: string, scene: string): Promise<EarlierStack> {
  const read = (file: string) => readFile(join(STATES_FOLDER, version, scene, file), "utf8");
  const isLife = scene === "life";
  const service = JSON.parse(await read(files.service)) as Service;
  const ahead = USED_AT - Date.now();
  const emulator = await startEmulator({
    organizationId: service.organizationId,
    apiKey: service.apiKey,
    now: () => Date.now() + ahead,
  });
  let stack: TestStack | undefined;
  try {
    restoreService(emulator.data, service);

    stack = await createStack({ program: isLife ? "" : await read(files.program) });
    const here = (text: string) => text.replaceAll(service.url, emulator.url);
    await writeFile(join(stack.folder, files.config), here(await read(files.config)));
    await writeFile(join(stack.folder, files.state), here(await read(files.state)));
    await stack.expect(["stack", "import", "--file", files.state]);
    await stack.setClock(ahead);
    const expected = isLife ? {} : (JSON.parse(await read(files.expected)) as EarlierStack["expected"]);
    return {
      stack,
      emulator,
      expected,
      async [Symbol.asyncDispose]() {
        await stack?.dispose();
        await emulator.close();
      },
    };
  } catch (error) {
    await stack?.dispose();
    await emulator.close();
    throw error;
  }
}
