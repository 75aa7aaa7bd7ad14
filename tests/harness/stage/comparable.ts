/** Makes what two engines did comparable: whatever differs by chance gets a name. */
import type { Emulator } from "../../../provider/emulator/index.js";
import { isPlainObject } from "../../../provider/values/plain.js";

const times = new Set(["createdAt", "rotatedAt", "passwordCreatedAt"]);
const hidden = new Set(["__provider", "__passwordHash"]);
/** Only where there is an engine with processes that tell each other. */
const ofUpdates = "__entry";

/** Names the values of one emulator, in the order in which its objects came to be. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #emulator: Emulator;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    const { data, url, organizationId, apiKey } = emulator;
    this.#names.set(organizationId, "<organization>");
    this.#names.set(apiKey, "<key>");
    this.#names.set(url, "<url>");
    this.#names.set(data.host, "<host>");
    this.#names.set(data.defaultInboundRule.Id, "<rule>");
    this.notice();
  }

  /** To be called after each command, and before anything is removed. */
  notice(): void {
    const { credentials, sshPublicKeys, webhooks, shareLinks } = this.#emulator.data;
    for (const { Id, Password } of credentials.values()) {
      this.#name(Id, "credential");
      this.#name(Password, "password");
      this.#name(encodeURIComponent(Password), "encoded password");
    }
    for (const { Id } of sshPublicKeys.values()) this.#name(Id, "key");
    for (const { Id, Secret } of webhooks.values()) {
      this.#name(Id, "webhook");
      this.#name(Secret, "secret");
    }
    for (const { Id, Url } of shareLinks.values()) {
      this.#name(Url, "url");
      this.#name(Id, "link");
    }
  }

  /** The value with names in the place of what is different on each emulator. */
  comparable(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.comparable(item));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).filter(([key, item]) => item !== undefined && key !== ofUpdates);
    return Object.fromEntries(
      entries.map(([key, item]) => {
        if (times.has(key) || hidden.has(key)) return [key, `<${key}>`];
        const named = this.comparable(item);
        // One that was generated and rotated again within a command.
        const isLost = key === "password" && typeof item === "string" && named === item;
        return [key, isLost ? "<a password>" : named];
      }),
    );
  }

  #text(text: string): string {
    let named = text;
    for (const [value, name] of this.#names) named = named.replaceAll(value, name);
    return named.replace(/\/\d{13}\b/g, "/<time>");
  }

  #name(value: string, what: string): void {
    if (this.#names.has(value)) return;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    this.#names.set(value, `<${what} ${count}>`);
  }
}
