/**
 * Handlers that do nothing: no request, no comparison, no validation. They return what a credential's handlers
 * return, value by value as long.
 */
const { randomBytes } = require("node:crypto");

let config;

const outputs = (inputs) => ({
  ...inputs,
  __defaults: undefined,
  __baseUrl: config.get("sftptogo:baseUrl"),
  __managed: "homeDirectory,permission,state",
  chrootDirectory: "/",
  createdAt: Date.now(),
  expiration: null,
  host: "stone-bright-13999.sftptogo.com",
  inboundRules: [
    {
      action: "allow",
      description: "Allow all inbound traffic from anywhere",
      id: "63d515d0-8c3c-4017-b591-2a5e3a96ca93",
      protocol: "SFTP",
      source: "0.0.0.0/0",
      state: "enabled",
    },
  ],
  isDefault: false,
  organizationId: config.get("sftptogo:organizationId"),
  password: randomBytes(10).toString("hex"),
  passwordCreatedAt: new Date().toISOString(),
  storeSecrets: true,
});

const withoutUndefined = (values) => JSON.parse(JSON.stringify(values));

exports.handlers = {
  configure: async (request) => {
    config = request.config;
  },
  check: async (_olds, news) => ({
    inputs: {
      ...news,
      __defaults: "alias,userName",
      alias: `partner-${news.homeDirectory.slice(10)}`,
      userName: `partner-${news.homeDirectory.slice(10)}-a99e3c00`,
    },
    failures: [],
  }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({
    id: randomBytes(15).toString("hex"),
    outs: withoutUndefined(outputs(inputs)),
  }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => {},
};
