/**
 * Takes over an organization, from nothing to an empty preview: `node index.ts`. It brings an organization of its own,
 * on an emulator. The guide docs/guides/take-over.md has the same steps as commands.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { startOrganization } from "./organization.ts";

const { emulator, environment, webhookUrl } = await startOrganization();
Object.assign(process.env, environment);
const workDir = join(import.meta.dirname, "partners");

// 1. The program. With the package installed, this is `npx pulumi-sftptogo export --out partners`.
const packageFolder = dirname(createRequire(import.meta.url).resolve("pulumi-sftptogo/package.json"));
const command = [join(packageFolder, "dist/cli/main.js"), "export", "--out", workDir];
// Not `execFileSync`: the emulator answers from this process.
const { stdout } = await promisify(execFile)(process.execPath, command);
console.log(stdout);

// 2. A stack, and what the program does not hold: secrets.
const stack = await LocalWorkspace.createStack({ stackName: "dev", workDir });
await stack.setConfig("webhook-arrivals-url", { value: webhookUrl, secret: true });

// 3. The adoption. Nothing is written to the service.
const onOutput = (text: string) => void process.stdout.write(text);
await stack.up({ onOutput });
const { changeSummary } = await stack.preview({ expectNoChanges: true, onOutput });

const written = emulator.ledger.filter(({ method }) => method !== "GET").length;
console.log(`Adopted ${Number(changeSummary.same) - 1} objects with ${written} writes to the service.`);
await emulator.close();
