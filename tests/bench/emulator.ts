/**
 * The emulator in a process of its own, so that its work is not in the bench's event loop. Run as a program
 * by `startEmulatorProcess`, it serves what it is told over Node's channel to its parent.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";

/** How many objects to put there, behind Pulumi's back. */
export interface Objects {
  readonly credentials: number;
  readonly webhooks: number;
  readonly shareLinks: number;
  readonly sshPublicKeys: number;
  /** The keys are spread over so many of the credentials. */
  readonly credentialsWithKeys: number;
}

/** The ids of the objects that were put there; a key's is `credentialId/keyId`. */
export type Ids = Readonly<Record<"credentials" | "webhooks" | "shareLinks" | "sshPublicKeys", string[]>>;

interface Place {
  readonly url: string;
  readonly organizationId: string;
  readonly apiKey: string;
}

type Order =
  | { readonly do: "setLatency"; readonly milliseconds: number }
  | { readonly do: "countRequests" }
  | { readonly do: "add"; readonly objects: Objects };

export interface EmulatorProcess extends Place {
  setLatency(milliseconds: number): Promise<void>;
  /** How many requests came since the last count. */
  countRequests(): Promise<number>;
  add(objects: Objects): Promise<Ids>;
  close(): Promise<void>;
}

export async function startEmulatorProcess(): Promise<EmulatorProcess> {
  const child = fork(import.meta.filename, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const answer = async <T>(): Promise<T> => {
    const died = ended.then(() => Promise.reject(new Error("the emulator's process ended")));
    const [message] = await Promise.race([once(child, "message"), died]);
    return message as T;
  };
  const ask = <T>(order: Order): Promise<T> => {
    const answered = answer<T>();
    child.send(order);
    return answered;
  };
  const place = await answer<Place>();
  return {
    ...place,
    setLatency: (milliseconds) => ask({ do: "setLatency", milliseconds }),
    countRequests: () => ask({ do: "countRequests" }),
    add: (objects) => ask({ do: "add", objects }),
    async close() {
      child.disconnect();
      await ended;
    },
  };
}

if (import.meta.main) await serve();

async function serve(): Promise<void> {
  const emulator = await startEmulator();
  process.on("message", (order: Order) => process.send?.(perform(emulator, order)));
  process.on("disconnect", () => process.exit());
  const { url, organizationId, apiKey } = emulator;
  process.send?.({ url, organizationId, apiKey } satisfies Place);
}

function perform(emulator: Emulator, order: Order): number | Ids {
  switch (order.do) {
    case "setLatency":
      emulator.setLatency(order.milliseconds);
      return order.milliseconds;
    case "countRequests": {
      const { length } = emulator.ledger;
      emulator.clearLedger();
      return length;
    }
    case "add":
      return addObjects(emulator, order.objects);
  }
}

function addObjects({ data }: Emulator, objects: Objects): Ids {
  const times = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const credentials = times(
    objects.credentials,
    (index) => data.addCredential({ UserName: `partner-${index}-login`, Permission: "read-write" }).Id,
  );
  const owners = credentials.slice(0, objects.credentialsWithKeys);
  return {
    credentials,
    webhooks: times(
      objects.webhooks,
      (index) =>
        data.addWebhook({
          Alias: `hook-${index}`,
          Url: `https://example.com/${index}`,
          Topics: ["file.created"],
        }).Id,
    ),
    shareLinks: times(
      objects.shareLinks,
      (index) => data.addShareLink({ Path: `/shared/${index}`, Permission: "read-only" }).Id,
    ),
    sshPublicKeys: times(objects.sshPublicKeys, (index) => {
      const UserId = owners[index % owners.length] as string;
      const key = data.addSshPublicKey({
        UserId,
        SshPublicKeyBody: `ssh-ed25519 ${Buffer.from(`key ${index}`).toString("base64")}`,
        Comment: "",
        Fingerprint: `SHA256:${index}`,
        Type: "ed25519",
      });
      return `${UserId}/${key.Id}`;
    }),
  };
}
