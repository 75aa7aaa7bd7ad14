/** A kind that there is not, for the tests of what follows from fields of whatever kind. */
import { flag, listOf, number, text } from "../../provider/lifecycle/fields/vocabulary";

export const thingFields = {
  name: text({
    api: "Name",
    byDefault: ({ name }) => `${name}-default`,
    validate: (value) => (value === "bad" ? [{ reason: "is bad" }] : []),
  }),
  folder: text({
    api: "Folder",
    clears: "/",
    same: (declared, server) => String(declared ?? "/").toLowerCase() === server,
  }),
  owner: text({ api: "Owner", required: true, replaces: true }),
  password: text({
    api: "Password",
    secret: true,
    hashed: true,
    validate: () => [{ reason: "is weak", path: "[0]" }],
  }),
  token: text({ api: "Token", secret: true, clears: "", unseen: true }),
  until: number({ api: "Until", validate: () => [{ reason: "is past", onlyNew: true }] }),
  limit: number({
    api: "Limit",
    write: (limit): string => `${limit}/s`,
    read: (_, known) => known,
    validate: () => [{ reason: "is much", severity: "warning" }],
  }),
  body: text({ api: "Body", validate: () => [{ reason: "is a private key", holdsSecret: true }] }),
  rules: listOf<object>()({ api: "Rules" }),
  mode: text({ fallback: "keep" }),
  quiet: flag({ fallback: false, stays: true }),
  host: text({ output: true, api: "Host" }),
  key: text({ output: true, secret: true, api: "Key" }),
};
