/** The lists of the API, by the names that the commands give them. */
export const collections = ["credentials", "keys", "webhooks", "links"] as const;
export type Collection = (typeof collections)[number];
