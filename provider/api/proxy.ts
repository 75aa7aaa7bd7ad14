/** Which proxy a request goes through, read from the environment as curl reads it. */
import { isIP } from "node:net";
import { decoded } from "../values/addresses";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyAddress {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly auth?: { readonly username: string; readonly password: string };
}

/** The variables say something that is not an address; no message repeats it, since it may hold a password. */
export class ProxySettingError extends Error {
  override readonly name = "ProxySettingError";
}

/**
 * `false`: none. As with curl, `https_proxy` and `all_proxy` count in either case, the lower one first; an address
 * without a scheme is an http proxy's; `no_proxy` holds names, which stand for all below them, addresses, ranges and
 * ports.
 */
export function proxyFor(url: URL, environment: Environment): ProxyAddress | false {
  const read = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined;
  const given = read(`${url.protocol.slice(0, -1)}_proxy`) ?? read("all_proxy");
  if (given === undefined || isExempt(url, read("no_proxy") ?? "")) return false;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  // A Windows domain before the user: `URL` would take the backslash for a slash, and the domain for the host.
  const text = address.replace(/^[^/]*\/\/[^/@]*@/, (before) => before.replaceAll("\\", "%5C"));
  if (!URL.canParse(text))
    throw new ProxySettingError("The proxy's address is not a URL: check HTTPS_PROXY.");
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") {
    throw new ProxySettingError("The proxy must be an http or https one: check HTTPS_PROXY and ALL_PROXY.");
  }
  return {
    protocol: protocol.slice(0, -1),
    host: hostname,
    port: writtenPort(text) ?? (protocol === "https:" ? 443 : 1080),
    ...(username !== "" && { auth: { username: decoded(username), password: decoded(password) } }),
  };
}

/** `URL` drops port 80 of an http address, which is not what curl takes where none is given. */
function writtenPort(address: string): number | undefined {
  const [, port] = /^[^/]*\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(address) ?? [];
  return port === undefined ? undefined : Number(port);
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = entry, onlyPort] = /^(?:\[(?=.*\]))?([^\]]*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      const isAddress = entry.split(":").length > 2 && !entry.startsWith("[");
      const wanted = (isAddress ? entry : name).replace(/^\*?\./, "").replace(/\.$/, "");
      if (!isAddress && onlyPort !== undefined && onlyPort !== port) return false;
      if (wanted.includes("/")) return isInRange(host, wanted);
      return host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`));
    });
}

function isInRange(host: string, range: string): boolean {
  const ipaddr = require("ipaddr.js") as typeof import("ipaddr.js");
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const address = ipaddr.parse(host);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}
