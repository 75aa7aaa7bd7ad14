/** What a provider process remembers of objects while it lives: one `up`, preview, refresh or destroy. */

/** By id, unless said otherwise. Ids are unique across kinds, so one memory serves all. */
export class Memory {
  readonly #created = new Set<string>();
  readonly #adopted = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #managed = new Set<string>();
  readonly #names = new Map<string, object>();
  readonly #identities = new Set<string>();

  /** This process made it: another create never takes it for its own. */
  rememberCreated(id: string): void {
    this.#created.add(id);
  }
  wasCreated(id: string): boolean {
    return this.#created.has(id);
  }

  /** Taken over by the `import` option: this process does not delete it, whatever a replacement says. */
  rememberAdopted(id: string): void {
    this.#adopted.add(id);
  }
  wasAdopted(id: string): boolean {
    return this.#adopted.has(id);
  }

  rememberDeleted(id: string): void {
    this.#deleted.add(id);
  }
  wasDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  /** A resource of the stack has it: seen by diff, or named by an `import` option whose work is done. */
  rememberManaged(id: string): void {
    this.#managed.add(id);
  }
  isManaged(id: string): boolean {
    return this.#managed.has(id);
  }

  /** The inputs of an object to import, with the names that it has where the program gives none. */
  rememberNames(id: string, inputs: object): void {
    this.#names.set(id, inputs);
  }
  namesOf(id: string): object | undefined {
    return this.#names.get(id);
  }

  /** What a resource in the state is identified by, e.g. a user name: no new one may claim it. */
  rememberIdentity(identity: string): void {
    this.#identities.add(identity);
  }
  isIdentityTaken(identity: string): boolean {
    return this.#identities.has(identity);
  }
}
