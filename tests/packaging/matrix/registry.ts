/**
 * A package registry on loopback that publishes packages of this repository and sends every other request on
 * to the real one. So a package manager installs them as it installs any published package.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where npm scripts run with another registry, such as a mirror, that one. */
const UPSTREAM = (process.env.npm_config_registry ?? "https://registry.npmjs.org").replace(/\/+$/, "");

/** A packed package: its `package.json` and the path of its tarball. */
export interface Publication {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: string;
}

export interface Registry extends AsyncDisposable {
  readonly url: string;
}

export async function startRegistry(publications: readonly Publication[]): Promise<Registry> {
  const server = createServer((request, response) => {
    void answer(request.url ?? "/", response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(address: string, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(address).slice(1);
    const packed = publications.find(({ manifest }) => path === `tarballs/${fileName(manifest)}`);
    const found = publications.find(({ manifest }) => path === manifest.name);
    if (packed) {
      response.end(await readFile(packed.tarball));
    } else if (found) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(await packument(found, url)));
    } else {
      response.writeHead(302, { location: UPSTREAM + address }).end();
    }
  }

  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function packument({ manifest, tarball }: Publication, url: string) {
  const bytes = await readFile(tarball);
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  const shasum = createHash("sha1").update(bytes).digest("hex");
  const dist = { tarball: `${url}/tarballs/${fileName(manifest)}`, integrity, shasum };
  const { name, version } = manifest;
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
    // Some managers refuse what was published within the last day.
    time: { [version]: "2025-01-01T00:00:00.000Z" },
  };
}

function fileName({ name, version }: Publication["manifest"]): string {
  return `${name.replace("/", "-").replace("@", "")}-${version}.tgz`;
}
