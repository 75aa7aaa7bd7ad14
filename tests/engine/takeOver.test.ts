/** The guide "Take over an organization", its commands run to the letter by a person who types what they ask for. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { engineEnvironment, findEngine, WORK_FOLDER } from "#engine";
import { start } from "#process";
import { startOrganization } from "../../examples/adopt/organization.ts";

const root = resolve(import.meta.dirname, "../..");

it("works, command by command, and writes nothing to the service", async () => {
  const { emulator, environment, webhookUrl } = await startOrganization();
  onTestFinished(() => emulator.close());
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "guide-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));

  const guide = await readFile(join(root, "docs/guides/take-over.md"), "utf8");
  const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
  expect(blocks).toHaveLength(5);
  const commands = blocks.join("").replace("<organization>", environment.SFTPTOGO_ORGANIZATION_ID);
  await writeFile(join(folder, "guide.sh"), `set -euo pipefail\n${person}\n${commands}`);
  const { binDir } = await findEngine();
  const { code, all } = await start("bash", ["guide.sh"], {
    cwd: folder,
    env: {
      ...engineEnvironment(binDir, folder),
      SFTPTOGO_BASE_URL: environment.SFTPTOGO_BASE_URL,
      PULUMI_SKIP_CONFIRMATIONS: "true",
      TYPED_KEY: environment.SFTPTOGO_API_KEY,
      TYPED_URL: webhookUrl,
      COMMAND: join(root, "dist/cli/main.js"),
    },
  }).result;
  expect(code, all).toBe(0);
  expect(all).toContain(
    "4 resources take over what exists. To adopt it:\n\n    cd partners\n    npm install\n",
  );
  expect(all).toContain("+ 5 to create\n");
  expect(
    all.match(/is taken over as it is\. The engine calls this a create;/g)?.length,
  ).toBeGreaterThanOrEqual(4);
  expect(all).toContain("5 unchanged");
  expect(all).toContain("Nothing to add.\n");
  expect(await readdir(folder)).not.toContain("more");
  expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
  for (const secret of [webhookUrl, environment.SFTPTOGO_API_KEY]) expect(all).not.toContain(secret);
});

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
