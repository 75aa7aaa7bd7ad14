/**
 * Takes over an organization, from nothing to an empty preview: `node index.ts`. It brings an organization of its own,
 * on an emulator, and a Pulumi backend of its own, in a temporary folder that goes at the end. All it needs is `pulumi`
 * on the PATH. The guide docs/guides/take-over.md has the same steps as commands.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { startEmulator } from "pulumi-sftptogo/emulator";

/** Beside this file, so that the program in it finds this example's packages. */
const folder = mkdtempSync(join(import.meta.dirname, "adopt-"));
const emulator = await startEmulator({ demo: true });
Object.assign(process.env, {
  SFTPTOGO_BASE_URL: emulator.url,
  SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
  SFTPTOGO_API_KEY: emulator.apiKey,
});

try {
  // 1. The program. With the package installed, this is `npx pulumi-sftptogo export --out sftp`.
  const workDir = join(folder, "sftp");
  const packageFolder = dirname(createRequire(import.meta.url).resolve("pulumi-sftptogo/package.json"));
  const command = [join(packageFolder, "dist/commands/main.js"), "export", "--out", workDir];
  // Not `execFileSync`: the emulator answers from this process.
  const { stdout } = await promisify(execFile)(process.execPath, command);
  console.log(stdout);

  // 2. A stack, and what the program does not hold: secrets.
  const backend = join(folder, "backend");
  mkdirSync(backend);
  const envVars = { PULUMI_BACKEND_URL: pathToFileURL(backend).href, PULUMI_CONFIG_PASSPHRASE: "example" };
  const stack = await LocalWorkspace.createStack({ stackName: "dev", workDir }, { envVars });
  const [webhook] = emulator.data.webhooks.values();
  await stack.setConfig("webhook-arrivals-url", { value: webhook?.Url ?? "", secret: true });

  // 3. The adoption. Nothing is written to the service.
  const onOutput = (text: string) => void process.stdout.write(text);
  await stack.up({ onOutput });
  const { changeSummary } = await stack.preview({ expectNoChanges: true, onOutput });

  const written = emulator.ledger.filter(({ method }) => method !== "GET").length;
  console.log(`Adopted ${Number(changeSummary.same) - 1} objects with ${written} writes to the service.`);
} catch (error) {
  // What Pulumi printed has the reason; the error object has it again, among much else.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
  await emulator.close();
}
