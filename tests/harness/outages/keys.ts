/**
 * Partners who log in with keys: one with a single key, one with a set of keys. The keys change and the overlap ends,
 * disturbed at every request, while each partner is asked at every change that the server makes.
 */
import type { Emulator, LedgerEntry } from "../../../provider/emulator/index.js";
import { keys } from "../faults/scenes.ts";
import type { Product } from "../stage/product.ts";
import { idOf, type Program } from "../stage/program.ts";
import { type Point, pointsOf, titleOf } from "./life.ts";
import { openDisturbedStage } from "./small.ts";

const overlapDays = 7;
const [first, second] = keys;

/** Whoever holds these keys gets in with one of them, until then. */
interface Partner {
  readonly userName: string;
  bodies: readonly string[];
  until: number;
}

/** Asks each partner whenever a key comes or goes. */
class Partners {
  readonly lockedOut: string[] = [];
  readonly #partners: Partner[] = [];
  readonly #emulator: Emulator;
  readonly #now: () => number;
  asked = 0;

  constructor(emulator: Emulator, now: () => number) {
    this.#emulator = emulator;
    this.#now = now;
    const { sshPublicKeys } = emulator.data;
    const { delete: remove } = sshPublicKeys;
    sshPublicKeys.delete = (id) => {
      const was = remove.call(sshPublicKeys, id);
      this.ask(`the removal of ${id}`);
      return was;
    };
  }

  add(userName: string, ...bodies: string[]): Partner {
    const partner = { userName, bodies, until: Number.POSITIVE_INFINITY };
    this.#partners.push(partner);
    return partner;
  }

  keysOf(userName: string): string[] {
    const { data } = this.#emulator;
    return data
      .sshPublicKeysOf(data.findCredential(userName)?.Id ?? "")
      .map(({ SshPublicKeyBody }) => SshPublicKeyBody);
  }

  ask(when: string): void {
    for (const { userName, bodies, until } of this.#partners) {
      if (this.#now() >= until) continue;
      this.asked++;
      const there = this.keysOf(userName);
      if (!bodies.some((body) => there.includes(body))) this.lockedOut.push(`${userName} at ${when}`);
    }
  }
}

function programOf(key: string): Program {
  return [
    { name: "single", kind: "Credential", args: { userName: "acme-single" } },
    { name: "key", kind: "SshPublicKey", args: { credentialId: idOf("single"), sshPublicKeyBody: key } },
    { name: "several", kind: "Credential", args: { userName: "acme-several" } },
    {
      name: "keys",
      kind: "SshPublicKeySet",
      args: { credentialId: idOf("several"), sshPublicKeyBodies: [key], overlapDays },
    },
  ];
}

interface Turns {
  readonly found: readonly string[];
  readonly asked: number;
  readonly turns: { readonly change: readonly LedgerEntry[]; readonly closing: readonly LedgerEntry[] };
}

/** Both change their key, and the overlap ends; disturbed nowhere, or at one point. */
async function lifeOf(product: Product, point?: Point): Promise<Turns> {
  await using disposables = new AsyncDisposableStack();
  const { stage, arm, calm } = await openDisturbedStage({ product });
  disposables.use(stage);
  const { ledger } = stage.emulator;
  const partners = new Partners(stage.emulator, stage.now);
  const found: string[] = [];

  /** Again until it succeeds. */
  async function up(key: string, turn?: keyof Turns["turns"]): Promise<readonly LedgerEntry[]> {
    const from = ledger.length;
    if (point !== undefined && point.turn === turn) arm(point);
    let entries: readonly LedgerEntry[] | undefined;
    for (let attempt = 0; ; attempt++) {
      const { failures, killed, printed } = await stage.up(programOf(key));
      entries ??= ledger.slice(from);
      calm();
      partners.ask(`the end of an up`);
      if (failures.size === 0 && !killed) return entries;
      if (attempt === 3) throw new Error(`no up came to an end: ${printed}`);
    }
  }

  await up(first);
  const single = partners.add("acme-single", first);
  const before = partners.add("acme-several", first);
  single.bodies = [first, second];
  const change = await up(second, "change");
  single.bodies = [second];
  partners.add("acme-several", second);
  const [outgoing] = [(await stage.state()).get("keys")?.outputs.outgoing].flat();
  before.until = Date.parse(String(Object(outgoing).until));
  if (!(before.until - stage.now() > 6 * 86_400_000)) found.push(`the overlap ends at ${before.until}`);
  if (partners.keysOf("acme-single").join() !== second)
    found.push("the single key's predecessor is still there");

  await stage.clock.sleep(overlapDays * 86_400_000 - 3_600_000);
  await up(second);
  await stage.clock.sleep(2 * 3_600_000);
  const closing = await up(second, "closing");
  if (partners.keysOf("acme-several").join() !== second)
    found.push("the set's predecessor is there after its overlap");
  found.push(...partners.lockedOut.map((who) => `locked out: ${who}`));
  return { found, asked: partners.asked, turns: { change, closing } };
}

/** What goes wrong first. */
export async function firstLockout(
  product: Product,
  onPoint: (point: string, asked: number) => void = () => {},
): Promise<string | undefined> {
  const lives: (Point | undefined)[] = [undefined];
  for (const point of lives) {
    const title = point === undefined ? "undisturbed" : titleOf(point);
    try {
      const { found, asked, turns } = await lifeOf(product, point);
      if (found.length > 0) return `${title}: ${found.join("; ")}`;
      // The small engine is one process with its provider.
      if (point === undefined) lives.push(...pointsOf(turns).filter(({ trouble }) => trouble !== "engine"));
      onPoint(title, asked);
    } catch (error) {
      return `${title}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return undefined;
}
