/** The reference's example credential as a resource: as a program declares it, and as the state holds it. */
import { credentialProvider } from "../../../provider/resources/credential/provider";
import type { Plain } from "../../../provider/values/plain";
import { organizationId } from "../../api/setup";
import { createdCredential, rootCredential } from "../../fixtures/reference";
import { type FakeOptions, fakeSession, handlersOf, urn } from "../../lifecycle/fakes";

export const id = createdCredential.Id;
export const one = `/users/${id}`;
export const passwordCreatedAt = new Date(createdCredential.CreatedAt).toISOString();
/** The created one, as a list shows it. */
export const listed = { ...createdCredential, PasswordCreatedAt: passwordCreatedAt };
export const other = {
  ...listed,
  Id: "0123456789abcdef0123456789abcd",
  UserName: "somebody-else",
  Alias: "Other",
};
export const whole = [rootCredential, listed];
export const [wireRule] = createdCredential.Settings.Network.InboundRules;

/** What check made of a program that declares these. */
export const inputs: Plain = {
  alias: "Test Credential",
  userName: "my-user-name",
  homeDirectory: "/",
  permission: "read-write",
  __provider: "stub",
};
export const body = {
  Alias: "Test Credential",
  UserName: "my-user-name",
  HomeDirectory: "/",
  Permission: "read-write",
};
export const allowAll = {
  source: "0.0.0.0/0",
  protocol: "SFTP",
  state: "enabled",
  action: "allow",
  description: "Allow all inbound traffic from anywhere",
  id: "c1d91788-e46f-45a0-9c7b-386e90db000a",
};
export const outputs: Plain = {
  alias: "Test Credential",
  userName: "my-user-name",
  password: "my-secret-password",
  homeDirectory: "/",
  chrootDirectory: "/",
  permission: "read-write",
  expiration: null,
  state: "active",
  inboundRules: [allowAll],
  host: "warm-soda-25793.sftptogo.com",
  isDefault: false,
  passwordCreatedAt,
  storeSecrets: true,
  createdAt: 1616615059930,
  organizationId,
  __managed: "alias,userName,homeDirectory,permission",
};

export function start(options?: FakeOptions) {
  const fake = fakeSession(options);
  return { ...fake, provider: handlersOf(fake.session, credentialProvider(fake.session)) };
}

/** What check is given for a resource that is new. */
export function declared(values: Plain = {}, name = "acme"): Plain {
  return { ...inputs, __resourceUrn: urn("Credential", name), ...values };
}
