/** What the documentation has its reader type, on the real engine. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { engineEnvironment, findEngine, WORK_FOLDER } from "#engine";
import { start } from "#process";
import { commandsOf, flagsIn } from "../docs/commands.ts";
import { guide, pages } from "../docs/pages.ts";

async function place() {
  const { binDir } = await findEngine();
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "docs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));
  return { folder, env: engineEnvironment(binDir, folder) };
}

it("the pages' commands of pulumi exist, with their options", async () => {
  const { folder, env } = await place();
  const helps = new Map<string, Promise<string>>();
  const wrong: string[] = [];
  for (const { page, words } of commandsOf(pages).filter(({ words: [tool] }) => tool === "pulumi")) {
    // A third word is an argument, or the second is: the engine prints the help of the command that it knows.
    const command = words.slice(1, 3).filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-"));
    const key = command.join(" ");
    if (!helps.has(key)) {
      const { result } = start("pulumi", [...command, "--help"], { cwd: folder, env });
      helps.set(
        key,
        result.then(({ code, all }) => (code === 0 ? all : "")),
      );
    }
    const help = (await helps.get(key)) ?? "";
    const strange = flagsIn(words).filter((flag) => !new RegExp(`${flag}\\b`).test(help));
    if (help === "" || strange.length > 0) wrong.push(`${page}: ${words.join(" ")}`);
  }
  expect(wrong).toEqual([]);
});

it("the first stack works, command by command", async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const { folder, env } = await place();
  const { blocks } = guide("first-stack");
  const program = blocks.find(({ file }) => file === "index.ts")?.text ?? "";
  await writeFile(join(folder, "program.ts"), program);
  const commands = blocks
    .filter(({ language, text }) => language === "sh" && !text.includes("pulumi-sftptogo emulator"))
    .map(({ text }) => text.replace("<organization>", emulator.organizationId));
  expect(commands).toHaveLength(4);
  await writeFile(join(folder, "guide.sh"), `set -euo pipefail\n${person}\n${commands.join("")}`);
  const { code, all } = await start("bash", ["guide.sh"], {
    cwd: folder,
    env: {
      ...env,
      SFTPTOGO_BASE_URL: emulator.url,
      PULUMI_SKIP_CONFIRMATIONS: "true",
      TYPED_KEY: emulator.apiKey,
    },
  }).result;
  expect(code, all).toBe(0);
  const made = emulator.ledger.filter(({ acted }) => acted).map(({ operation }) => operation);
  expect(made).toEqual(["createCredential", "deleteCredential"]);
  expect(await readFile(join(folder, "partners/shown"), "utf8")).toMatch(/^\S{12,}\n$/);
  expect(all).not.toContain(emulator.apiKey);
});

/** What a person types, with the template and the packages there already: they are found from the folder above. */
const person = `
npm() { test "$*" = "install pulumi-sftptogo"; }
pulumi() {
  case "$*" in
    "new typescript --yes")
      printf 'name: partners\\nruntime: nodejs\\nmain: index.ts\\n' > Pulumi.yaml
      printf '{ "name": "partners", "type": "module" }' > package.json
      cp ../program.ts index.ts
      command pulumi stack init dev ;;
    "config set --secret sftptogo:apiKey") command pulumi "$@" <<< "$TYPED_KEY" ;;
    "stack output --show-secrets password") command pulumi "$@" | tee shown ;;
    *) command pulumi "$@" ;;
  esac
}
`;
