import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { listedShareLink, readShareLink } from "../../fixtures/reference";
import { api as apiOf, inStack, sftptogo } from "../../functions/program";
import { resolved } from "../../protocol/program";

withoutNetwork();
inStack(listedShareLink.OrganizationId);

const api = () => apiOf(listedShareLink.OrganizationId);
const id = listedShareLink.Id;
const link = {
  id: "BSsdas5CBscVy",
  path: "/path/to/file",
  permission: "read-only",
  expiresAt: null,
  accessLimit: 0,
  accessCount: 4,
  notes: null,
  state: "active",
  createdBy: {
    Type: "Account",
    Id: "fas9e769-5033-413c-ade8-2d0620da824b",
    Email: "admin@example.com",
    Name: "Admin User",
  },
  organizationId: "97285e07-09fd-42de-a1d0-997a0818310a",
  createdAt: 1739117646540,
  updatedAt: 1739120350624,
};
const secrets = { url: "https://portal.sftptogo.com/p/shares/BSsdas5CBscVy" };

describe("getShareLink", () => {
  test("reads by id, and leaves the address out", async () => {
    api().get(`/portal-links/${id}`).reply(200, readShareLink);
    expect(await sftptogo.getShareLink({ id })).toStrictEqual(link);
  });

  test("includes the address where it is asked to", async () => {
    api().get(`/portal-links/${id}`).reply(200, readShareLink);
    expect(await sftptogo.getShareLink({ id }, { includeSecrets: true })).toStrictEqual({
      ...link,
      ...secrets,
    });
  });

  test("that finds none is an error", async () => {
    api().get("/portal-links/nothing").reply(404, { message: "Not found" });
    const error = await failureOf(sftptogo.getShareLink({ id: "nothing" }));
    expect(error).toMatchObject({ name: "NotFoundError", status: 404 });
    expect(error.message).toContain("read share link nothing");
  });

  test("with an id that is none sends nothing", async () => {
    await expect(sftptogo.getShareLink({ id: "../users" })).rejects.toMatchObject({ name: "InputError" });
  });

  test.each([undefined, {}, { path: "/path/to/file" }])("takes an id: not %j", async (args) => {
    expect((await failureOf(sftptogo.getShareLink(args as never))).message).toBe(
      "getShareLink takes { id }.",
    );
  });
});

describe("getShareLinkOutput", () => {
  test("has the address, and is secret", async () => {
    api().get(`/portal-links/${id}`).reply(200, readShareLink);
    const found = sftptogo.getShareLinkOutput({ id: pulumi.output(id) });
    expect(await resolved(found)).toStrictEqual({ ...link, ...secrets });
    expect(await pulumi.isSecret(found)).toBe(true);
  });

  test("without secrets is none", async () => {
    api().get(`/portal-links/${id}`).reply(200, readShareLink);
    const found = sftptogo.getShareLinkOutput({ id }, { includeSecrets: false });
    expect(await resolved(found)).toStrictEqual(link);
    expect(await pulumi.isSecret(found)).toBe(false);
  });
});

describe("getShareLinks", () => {
  const listed = { ...link, createdBy: listedShareLink.CreatedBy };

  test("gives all, and leaves addresses out unless it is asked to include them", async () => {
    api().get("/portal-links").reply(200, [listedShareLink]);
    expect(await sftptogo.getShareLinks()).toStrictEqual([listed]);
    expect(await sftptogo.getShareLinks({ includeSecrets: true })).toStrictEqual([{ ...listed, ...secrets }]);
  });

  test("has an Output form, which is secret", async () => {
    api().get("/portal-links").reply(200, [listedShareLink]);
    const found = sftptogo.getShareLinksOutput();
    expect(await resolved(found)).toStrictEqual([{ ...listed, ...secrets }]);
    expect(await pulumi.isSecret(found)).toBe(true);
  });
});
