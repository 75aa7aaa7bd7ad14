/**
 * A store that secrets are handed to, with a record of its own. Behind it stand the providers and the command in this
 * folder, which are used in place of the real ones: those download a plugin, and need a service.
 */
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SecretStore extends AsyncDisposable {
  readonly url: string;
  /** Answers 503 and keeps nothing. */
  isDown: boolean;
  /** What each place was given since the last call, in order. */
  taken(): Record<string, string[]>;
  /** The command lines of all processes, as they were at each request. */
  readonly commandLines: string[];
}

export async function startSecretStore(): Promise<SecretStore> {
  let records: Record<string, string[]> = {};
  const commandLines: string[] = [];
  const server = createServer(async (request, response) => {
    const value = await text(request);
    commandLines.push(execFileSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" }));
    if (store.isDown) return response.writeHead(503).end();
    const place = (request.url ?? "").slice(1);
    records[place] = [...(records[place] ?? []), value];
    return response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const store: SecretStore = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isDown: false,
    taken() {
      const before = records;
      records = {};
      return before;
    },
    commandLines,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return store;
}
