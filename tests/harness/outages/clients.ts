/**
 * The judge of rotations without an outage: a client for each login that was given out, asked at every change that
 * the server makes. It knows what the outputs said and what the server has, and nothing of the product.
 */
import type { Emulator, StoredCredential } from "../../../provider/emulator/index.js";

/** A login as the outputs gave it. */
export interface GivenOut {
  readonly userName: string;
  readonly password: string;
}

/** What a rotating credential's outputs say. */
export interface Outputs {
  readonly active: GivenOut;
  /** Of the login before, in Unix milliseconds. */
  readonly previousValidUntil: number | undefined;
}

export class Clients {
  /** What was denied, and when. */
  readonly outages: string[] = [];
  asked = 0;
  readonly #emulator: Emulator;
  readonly #now: () => number;
  /** Everybody may count on it until then. */
  readonly #promised = new Map<string, GivenOut & { until: number }>();
  #active: string | undefined;

  constructor(emulator: Emulator, now: () => number) {
    this.#emulator = emulator;
    this.#now = now;
    const { credentials } = emulator.data;
    for (const credential of credentials.values()) this.#watch(credential);
    const { set, delete: remove } = credentials;
    credentials.set = (id, credential) => {
      this.#watch(credential);
      set.call(credentials, id, credential);
      return credentials;
    };
    credentials.delete = (id) => {
      const was = remove.call(credentials, id);
      this.ask(`delete ${id}`);
      return was;
    };
  }

  /** What the program has from now on: whoever held the login before has the time that was promised. */
  learn({ active, previousValidUntil }: Outputs): void {
    const key = keyOf(active);
    const before = this.#active === undefined ? undefined : this.#promised.get(this.#active);
    if (before !== undefined && this.#active !== key) before.until = previousValidUntil ?? this.#now();
    this.#promised.set(key, { ...active, until: Number.POSITIVE_INFINITY });
    this.#active = key;
    this.ask("outputs");
  }

  works({ userName, password }: GivenOut): boolean {
    return [...this.#emulator.data.credentials.values()].some(
      ({ UserName, Password, State }) => UserName === userName && Password === password && State === "active",
    );
  }

  ask(why: string): void {
    for (const given of this.#promised.values()) {
      if (this.#now() >= given.until) continue;
      this.asked++;
      if (!this.works(given)) this.outages.push(`${given.userName} was denied at ${why}`);
    }
  }

  #watch(credential: StoredCredential): void {
    for (const key of ["State", "Password", "UserName"] as const) {
      let value = credential[key];
      Object.defineProperty(credential, key, {
        enumerable: true,
        configurable: true,
        get: () => value,
        set: (next: string) => {
          value = next;
          this.ask(`${key} of ${credential.UserName}`);
        },
      });
    }
  }
}

function keyOf({ userName, password }: GivenOut): string {
  return JSON.stringify([userName, password]);
}
