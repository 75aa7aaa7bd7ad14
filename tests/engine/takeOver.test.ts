/** The guide "Take over an organization", its commands run to the letter by a person who types what they ask for. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { engineEnvironment, findEngine, WORK_FOLDER } from "#engine";
import { start } from "#process";
import { otherWords } from "../docs/otherWords.ts";
import { guide } from "../docs/pages.ts";

const root = resolve(import.meta.dirname, "../..");

it("works, command by command, and writes nothing to the service", async () => {
  const emulator = await startEmulator({ demo: true });
  onTestFinished(() => emulator.close());
  const [webhook] = emulator.data.webhooks.values();
  const webhookUrl = webhook?.Url ?? "";
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "guide-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));

  const { blocks } = guide("take-over");
  const [environment = "", exporting = "", preview = "", up = "", later = "", ...others] = blocks
    .filter(({ language }) => language === "sh")
    .map(({ text }) => text.replace("<organization>", emulator.organizationId));
  expect(others).toEqual([]);
  const { binDir } = await findEngine();
  async function type(cwd: string, ...commands: string[]) {
    await writeFile(join(folder, "guide.sh"), `set -euo pipefail\n${person}\n${commands.join("\n")}`);
    const { code, all } = await start("bash", [join(folder, "guide.sh")], {
      cwd: join(folder, cwd),
      env: {
        ...engineEnvironment(binDir, folder),
        PULUMI_SKIP_CONFIRMATIONS: "true",
        TYPED_KEY: emulator.apiKey,
        TYPED_URL: webhookUrl,
        COMMAND: join(root, "dist/commands/main.js"),
      },
    }).result;
    expect(code, all).toBe(0);
    for (const secret of [webhookUrl, emulator.apiKey]) expect(all).not.toContain(secret);
    return all;
  }
  const withEmulator = `${environment}export SFTPTOGO_BASE_URL=${emulator.url}`;

  const exported = await type(".", withEmulator, exporting);
  expect(exported).toContain("4 resources take over what exists. To adopt it:\n\n    cd sftp\n");
  const printed = exported.match(/(?<=^ {4}).*\n/gm) ?? [];
  expect(printed.splice(-2)).toEqual(["pulumi preview\n", "pulumi up\n"]);
  // The page shows what is printed.
  const shown = printed
    .join("")
    .replace(emulator.organizationId, "<organization>")
    .replace(emulator.url, "http://127.0.0.1:4010");
  expect(blocks.map(({ text }) => text)).toContain(shown);

  // In a new shell, so without the environment.
  const adopted = await type(".", ...printed, preview, up);
  expect(adopted).toContain("+ 5 to create\n");
  expect(
    adopted.match(/is taken over as it is\. The engine calls this a create;/g)?.length,
  ).toBeGreaterThanOrEqual(4);
  expect(adopted).toContain("5 unchanged");
  expect(await type("sftp", withEmulator, later)).toContain("Nothing to add.\n");
  expect(await readdir(join(folder, "sftp"))).not.toContain("more");

  // Somebody makes a login in the dashboard, under an alias that is there already, and a key of another login.
  emulator.data.addCredential({ Alias: "Acme Incoming", UserName: "acme-second" });
  const [key] = emulator.data.sshPublicKeys.values();
  if (key === undefined) throw new Error("the emulator's organization has no key");
  emulator.data.addSshPublicKey({ ...key, Id: "second", SshPublicKeyBody: secondKey, Comment: "second" });
  const more = await type("sftp", withEmulator, later);
  expect(more).toContain("2 resources take over what the stack lacks.");
  const line = blocks.find(({ text }) => text === 'import "./more";\n')?.text;
  expect(more).toContain(`    ${line}`);
  const again = await type("sftp", `cat >> index.ts <<< '${line}'`, "pulumi up --skip-preview", up);
  expect(again).toContain("+ 2 created\n");
  expect(again).toContain("7 unchanged");

  // The engine's own words, which the guide on troubleshooting has.
  const words = await type(
    "sftp",
    "pulumi destroy --skip-preview --target '**::arrivals' || test $? != 0",
    "pulumi config rm webhook-arrivals-url",
    "pulumi preview || test $? != 0",
  );
  for (const text of [...otherWords.isProtected, ...otherWords.secretIsMissing]) {
    for (const part of text.split("…")) expect(words).toContain(part);
  }
  expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
});

const secondKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUuxXk6AkDKkOqBWyIKjtUSxpTZKvJcJKyGsnr6P3fE second";

/** What a person types, and an installed package: the packages of this project are found from the folder above. */
const person = `
read() { builtin read "$@" <<< "$TYPED_KEY"; }
npx() { shift; node "$COMMAND" "$@"; }
npm() { test "$*" = install; }
pulumi() {
  case "$*" in
    "config set --secret sftptogo:apiKey") command pulumi "$@" <<< "$TYPED_KEY" ;;
    "config set --secret webhook-arrivals-url") command pulumi "$@" <<< "$TYPED_URL" ;;
    *) command pulumi "$@" ;;
  esac
}
`;
