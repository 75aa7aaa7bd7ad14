import { describe, expect, test, vi } from "vitest";
import { AccessError, ConnectionError, NotFoundError, UnavailableError } from "../../../provider/api/errors";
import { deleteIfPresent, find, type Search } from "../../../provider/lifecycle/doubt/gone";
import { failureOf, organizationId } from "../../api/setup";
import { fakeSession } from "../fakes";

interface Item {
  readonly Id: string;
  readonly OrganizationId?: string;
}

const call = { doing: "read webhook w1", aftermath: "refused" } as const;
const notFound = new NotFoundError({ ...call, status: 404 }, "Check the id.");
const forbidden = new AccessError({ ...call, status: 403 }, "Check the key.");
const lost = new ConnectionError({ ...call, aftermath: "unknown" }, "Try again.");
const unavailable = new UnavailableError({ ...call, status: 503 }, "Try again later.");
const root: Item = { Id: "root", OrganizationId: organizationId };
const ours: Item = { Id: "w1", OrganizationId: organizationId };
const state = { organizationId };

function search(items: readonly Item[], more: Partial<Search<Item>> = {}): Search<Item> {
  return {
    what: "webhook w1",
    list: async () => items,
    id: "w1",
    state,
    ...more,
  };
}

const get = (outcome: Item | Error) => () =>
  outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);

describe("an object", () => {
  test("that the list has is found, without a read by id", async () => {
    const read = vi.fn(get(notFound));
    expect(await find(fakeSession().session, search([root, ours], { get: read }))).toBe(ours);
    expect(read).not.toHaveBeenCalled();
  });

  test("is found among many in a list that is looked through once, however many ask", async () => {
    let looks = 0;
    const items = Array.from({ length: 100 }, (_, index) => ({
      get Id() {
        looks++;
        return `w${index}`;
      },
    }));
    const { session } = fakeSession();
    for (let index = 0; index < 100; index++) {
      expect(await find(session, search(items, { id: `w${index}` }))).toBe(items[index]);
    }
    expect(looks).toBe(100);
  });

  test("that the list lacks and the read has is found", async () => {
    expect(await find(fakeSession().session, search([root], { get: get(ours) }))).toBe(ours);
  });

  test("is gone by a 404 and a whole list without it", async () => {
    const isWhole = (items: readonly Item[]) => items.includes(root);
    expect(
      await find(fakeSession().session, search([root], { get: get(notFound), isWhole })),
    ).toBeUndefined();
  });

  test("is gone by the list alone where there is no read by id", async () => {
    expect(await find(fakeSession().session, search([]))).toBeUndefined();
  });

  test("is not gone by a list without root, whatever the read says", async () => {
    const isWhole = (items: readonly Item[]) => items.includes(root);
    const error = await failureOf(
      find(fakeSession().session, search([{ Id: "w2" }], { get: get(notFound), isWhole })),
    );
    expect(error.name).toBe("UncertainError");
    expect(error.message).toBe(
      "webhook w1 was not found, but the list looks incomplete, so it is not treated as deleted. Try again. " +
        "If the dashboard shows that it is gone, remove the resource from the state with `pulumi state delete`.",
    );
  });

  test("is not gone by a list that holds another organization's objects", async () => {
    const foreign = { Id: "w2", OrganizationId: "120ffd28-f115-7ce2-abc4-1e168c57c88a" };
    await expect(find(fakeSession().session, search([root, foreign]))).rejects.toMatchObject({
      name: "UncertainError",
    });
  });

  test("is not gone by a list of another base URL, and the message names both ways out", async () => {
    const { session } = fakeSession();
    const elsewhere = { organizationId, __baseUrl: "https://gateway.example.com" };
    const error = await failureOf(find(session, search([root], { state: elsewhere })));
    expect(error.name).toBe("UncertainError");
    expect(error.message).toContain(
      "was not found at https://api.sftptogo.com, but it was recorded at another base URL, https://gateway.example.com,",
    );
    expect(error.message).toContain("Set sftptogo:baseUrl back");
    expect(error.message).toContain("`pulumi state delete`");
  });

  test.each([
    ["refused", forbidden],
    ["lost", lost],
  ])("is not gone where the read is %s", async (_, failure) => {
    await expect(find(fakeSession().session, search([root], { get: get(failure) }))).rejects.toBe(failure);
  });

  test.each([
    ["not found", notFound],
    ["refused", forbidden],
    ["lost", lost],
  ])("is not gone where the list is %s, and no read is tried", async (_, failure) => {
    const read = vi.fn(get(notFound));
    const list = () => Promise.reject(failure);
    await expect(find(fakeSession().session, search([], { list, get: read }))).rejects.toBe(failure);
    expect(read).not.toHaveBeenCalled();
  });
});

describe("a delete", () => {
  const done = () => Promise.resolve();
  const fails = (error: Error) => () => Promise.reject(error);
  const gone = async () => undefined;
  const there = async () => ours;

  test("that was done is remembered, without a look", async () => {
    const { session } = fakeSession();
    const look = vi.fn(gone);
    await deleteIfPresent(session, "w1", done, look);
    expect(look).not.toHaveBeenCalled();
    expect(session.memory.wasDeleted("w1")).toBe(true);
  });

  const failures = [
    ["that found nothing", notFound],
    ["whose answer was lost", lost],
    ["that was refused, perhaps by somebody on the way", forbidden],
  ] as const;

  test.each(failures)("%s succeeds when a look shows that it is gone", async (_, failure) => {
    const { session } = fakeSession();
    await deleteIfPresent(session, "w1", fails(failure), gone);
    expect(session.memory.wasDeleted("w1")).toBe(true);
  });

  test.each(failures)("%s fails when a look shows that it is there", async (_, failure) => {
    const { session } = fakeSession();
    await expect(deleteIfPresent(session, "w1", fails(failure), there)).rejects.toBe(failure);
    expect(session.memory.wasDeleted("w1")).toBe(false);
  });

  test.each([
    ["that found nothing fails with the look's failure", notFound, unavailable],
    ["whose answer was lost fails with its own", lost, lost],
    ["that was refused fails with its own", forbidden, forbidden],
  ])("%s when the look fails", async (_, failure, thrown) => {
    const { session } = fakeSession();
    await expect(deleteIfPresent(session, "w1", fails(failure), fails(unavailable))).rejects.toBe(thrown);
    expect(session.memory.wasDeleted("w1")).toBe(false);
  });

  test("that was never sent fails without a look", async () => {
    const { session } = fakeSession();
    const look = vi.fn(gone);
    const unsent = new ConnectionError({ ...call, aftermath: "never sent" }, "Check the network.");
    await expect(deleteIfPresent(session, "w1", fails(unsent), look)).rejects.toBe(unsent);
    expect(look).not.toHaveBeenCalled();
    expect(session.memory.wasDeleted("w1")).toBe(false);
  });
});
