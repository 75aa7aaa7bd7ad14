/** No network but nock's. Apart from `setup.ts`, since nock gets between any socket once it is loaded. */
import nock from "nock";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { organizationId } from "./setup";

/** No network; an interceptor that nobody used fails its test. */
export function withoutNetwork(): void {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    const leftovers = nock.pendingMocks();
    nock.abortPendingRequests();
    nock.cleanAll();
    expect(leftovers).toEqual([]);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

/** Interceptors below the organization. */
export function api(): nock.Scope {
  return nock(`https://api.sftptogo.com/organizations/${organizationId}`);
}
