/** Two copies of the package in one program, as a component package of the user's own may bring a second one. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { listedWebhook } from "../../fixtures/reference";
import { api, configure, inStack, madeBefore, sftptogo } from "../../functions/program";
import { resolved } from "../../protocol/program";
import { root } from "./compiler";

withoutNetwork();
inStack();

// Below the repository, where it finds the same dependencies.
const work = join(__dirname, ".work");
mkdirSync(work, { recursive: true });
const folder = mkdtempSync(join(work, "copy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const each of ["dist", "package.json"])
  cpSync(join(root, each), join(folder, each), { recursive: true });
const second = createRequire(__filename)(join(folder, "dist/index.js")) as typeof sftptogo;

const organization = listedWebhook.OrganizationId;
const args = { apiKey: "key-of-the-second-copy", organizationId: organization };

test("they are two", () => {
  expect(second.Credential).not.toBe(sftptogo.Credential);
  expect(second.NotFoundError).not.toBe(sftptogo.NotFoundError);
});

describe("a Provider of the second copy", () => {
  test("is one for isInstance", async () => {
    const provider = await madeBefore(() => new second.Provider("eu", args));
    expect(provider).not.toBeInstanceOf(sftptogo.Provider);
    expect(sftptogo.Provider.isInstance(provider)).toBe(true);
  });

  test("is asked by the first one's functions", async () => {
    const provider = await madeBefore(() => new second.Provider("eu", args));
    api(organization, args.apiKey).get("/webhooks").reply(200, [listedWebhook]);
    expect(await sftptogo.getWebhooks({ provider })).toMatchObject([{ id: listedWebhook.Id }]);
  });

  test("is asked by their Output forms", async () => {
    const provider = await madeBefore(() => new second.Provider("eu", { ...args, apiKey: "another-key" }));
    api(organization, "another-key").get("/webhooks").reply(200, [listedWebhook]);
    const found = await resolved(sftptogo.getWebhooksOutput({ provider }));
    expect(found).toMatchObject([{ id: listedWebhook.Id }]);
  });
});

test("each class knows the second copy's resources", async () => {
  const made = await madeBefore(() => new second.Credential("acme"));
  expect(made).not.toBeInstanceOf(sftptogo.Credential);
  expect(sftptogo.Credential.isInstance(made)).toBe(true);
  expect(sftptogo.Webhook.isInstance(made)).toBe(false);
});

describe("the second copy's errors", () => {
  test("are known by each class's isInstance, and by their base's", async () => {
    api().get("/portal-links/nothing").reply(404, { message: "Not found" });
    const error = await failureOf(second.getShareLink({ id: "nothing" }));
    expect(error).not.toBeInstanceOf(sftptogo.NotFoundError);
    const classes = { ...sftptogo };
    const knowing = Object.entries(classes).filter(
      ([name, each]) => name.endsWith("Error") && "isInstance" in each && each.isInstance(error),
    );
    expect(knowing.map(([name]) => name).sort()).toEqual(["NotFoundError", "SftpToGoError"]);
  });

  test("of the settings too", async () => {
    configure({});
    const error = await failureOf(second.getWebhooks());
    expect(error).not.toBeInstanceOf(sftptogo.SettingsError);
    expect(sftptogo.SettingsError.isInstance(error)).toBe(true);
    expect(sftptogo.SftpToGoError.isInstance(error)).toBe(false);
  });
});
