/** `pulumi-sftptogo emulator`: runs the emulator until it is interrupted. */
import { type Command, InvalidArgumentError } from "commander";

interface EmulatorFlags {
  readonly port: number;
  readonly organizationId?: string;
  readonly apiKey?: string;
  readonly latency: number;
  readonly demo: boolean;
}

export function addEmulator(program: Command): void {
  program
    .command("emulator")
    .description("Run an emulator of the SFTP To Go API on this computer until it is interrupted.")
    .option("--port <number>", "port of 127.0.0.1; 0 for any free one", wholeNumber(65_535), 4010)
    .option("--organization-id <id>", "organization id (default: a fresh random one)")
    .option("--api-key <key>", "API key to ask for (default: a fresh random one)")
    .option("--latency <ms>", "how long each request takes, in milliseconds", wholeNumber(600_000), 0)
    .option(
      "--demo",
      "begin with a small organization: a login with a key, a webhook and a share link",
      false,
    )
    .action(runEmulator);
}

/** Resolves once the emulator listens; its open port then keeps the process alive. */
async function runEmulator({ latency, ...flags }: EmulatorFlags): Promise<void> {
  // Loaded here, so that other commands start without it.
  const { startEmulator } = await import("../emulator/index.js");
  const emulator = await startEmulator({ ...flags, latencyMs: latency });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => emulator.close());
  const urls = [...emulator.data.webhooks.values()].map(
    ({ Alias, Url }) => `The url of its webhook "${Alias}", which is a secret elsewhere:\n\n  ${Url}\n\n`,
  );
  process.stdout.write(`SFTP To Go emulator: ${emulator.url}
Organization: ${emulator.organizationId}

To point a stack at it (the key opens this emulator only, so it may be shown):

  pulumi config set sftptogo:baseUrl ${emulator.url}
  pulumi config set sftptogo:organizationId ${emulator.organizationId}
  pulumi config set --secret sftptogo:apiKey ${emulator.apiKey}

To point a command such as \`npx pulumi-sftptogo export\` at it:

  export SFTPTOGO_BASE_URL=${emulator.url}
  export SFTPTOGO_ORGANIZATION_ID=${emulator.organizationId}
  export SFTPTOGO_API_KEY=${emulator.apiKey}

${urls.join("")}Nothing is kept when it ends. Stop it with Ctrl+C.
`);
}

function wholeNumber(maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${maximum}.`);
  };
}
