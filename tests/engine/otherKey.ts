import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";

/** Closes an emulator and starts it again with all it held, at the same address, with another key. */
export async function withAnotherKey(old: Emulator): Promise<Emulator> {
  await old.close();
  const { organizationId, data } = old;
  const renewed = await startEmulator({ organizationId, port: Number(new URL(old.url).port) });
  renewed.data.credentials.clear();
  for (const each of data.credentials.values()) renewed.data.credentials.set(each.Id, each);
  for (const each of data.sshPublicKeys.values()) renewed.data.sshPublicKeys.set(each.Id, each);
  for (const each of data.webhooks.values()) renewed.data.webhooks.set(each.Id, each);
  for (const each of data.shareLinks.values()) renewed.data.shareLinks.set(each.Id, each);
  return renewed;
}
