/**
 * What a provider would do that is written in an afternoon: axios with axios-retry as it comes, a POST for a
 * create, a PATCH for an update, a list for a read. The same faults, the same judge.
 */
import axios from "axios";
import axiosRetry from "axios-retry";
import type { Flavor, World } from "#world";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";

type Fields = Readonly<Record<string, string>>;

const fieldsOf: Readonly<
  Record<Exclude<Kind, "PasswordRotation" | "CredentialRotation" | "SshPublicKeySet">, Fields>
> = {
  Credential: { userName: "UserName", alias: "Alias", permission: "Permission", password: "Password" },
  SshPublicKey: { sshPublicKeyBody: "SshPublicKeyBody" },
  Webhook: {
    url: "Url",
    topics: "Topics",
    alias: "Alias",
    authorizationHeader: "AuthorizationHeader",
    state: "State",
  },
  ShareLink: {
    path: "Path",
    permission: "Permission",
    notes: "Notes",
    password: "Password",
    accessLimit: "AccessLimit",
  },
};

function collection(kind: Kind, inputs: Plain): string {
  if (kind === "SshPublicKey") return `/users/${inputs.credentialId}/ssh-public-keys`;
  return kind === "Webhook" ? "/webhooks" : kind === "ShareLink" ? "/portal-links" : "/users";
}

function toBody(kind: Kind, inputs: Plain): Plain {
  if (kind === "PasswordRotation" || kind === "CredentialRotation" || kind === "SshPublicKeySet") return {};
  const fields = Object.entries(fieldsOf[kind]).filter(([key]) => inputs[key] !== undefined);
  const body: Plain = Object.fromEntries(fields.map(([key, name]) => [name, inputs[key]]));
  if (kind === "ShareLink") body.Type = "share";
  return body;
}

/** The rules as the API takes them: in an update only. */
function rulesOf(inputs: Plain): Plain | undefined {
  const rules = inputs.inboundRules as readonly { source: string; protocol?: string }[] | undefined;
  const InboundRules = rules?.map(({ source, protocol = "*" }) => ({ Source: source, Protocol: protocol }));
  return InboundRules && { Settings: { Network: { InboundRules } } };
}

export const baseline: Flavor = (world: World, kind: Kind) => {
  const { url, organizationId, apiKey } = world.emulator;
  const api = axios.create({
    baseURL: `${url}/organizations/${organizationId}`,
    headers: { Authorization: `Bearer ${apiKey}` },
    timeout: world.requestTimeoutSeconds * 1_000,
    proxy: false,
  });
  axiosRetry(api);

  async function objectOf(id: string, inputs: Plain): Promise<Plain | undefined> {
    const { data } = await api.get(collection(kind, inputs));
    const own = kind === "PasswordRotation" ? inputs.credentialId : id.split("/").at(-1);
    return data.find((each: { Id: string }) => each.Id === own);
  }

  return {
    async check(_olds, news) {
      const { __provider, __resourceUrn, __importId, ...inputs } = news;
      return { inputs, failures: [] };
    },
    async diff(_id, olds, news) {
      const declared = (values: Plain) =>
        JSON.stringify(Object.keys(news).map((key) => (key.startsWith("__") ? "" : values[key])));
      const changes = declared(olds.inputs as Plain) !== declared(news);
      const replaces = kind === "PasswordRotation" || kind === "SshPublicKey" ? ["inputs"] : [];
      return { changes, replaces: changes ? replaces : [] };
    },
    async create(inputs) {
      if (kind === "PasswordRotation") {
        const { password: Password, credentialId } = inputs;
        await api.post(`/users/${credentialId}/credential-rotations`, Password ? { Password } : {});
        return { id: `${credentialId}/${world.clock.now()}`, outs: { inputs } };
      }
      const path = collection(kind, inputs);
      const { data } = await api.post(path, toBody(kind, inputs));
      if (!data.Id) throw new Error("no id in the answer");
      const rules = rulesOf(inputs);
      if (rules) await api.patch(`${path}/${data.Id}`, rules);
      return {
        id: kind === "SshPublicKey" ? `${inputs.credentialId}/${data.Id}` : data.Id,
        outs: { inputs },
      };
    },
    async read(id, olds) {
      const object = await objectOf(id, (olds?.inputs ?? {}) as Plain);
      return object === undefined ? { id: "", props: {} } : { id, props: olds ?? {} };
    },
    async update(id, _olds, news) {
      const path = `${collection(kind, news)}/${id.split("/").at(-1)}`;
      if (kind !== "SshPublicKey") await api.patch(path, { ...toBody(kind, news), ...rulesOf(news) });
      return { outs: { inputs: news } };
    },
    async delete(id, olds) {
      if (kind === "PasswordRotation") return;
      try {
        await api.delete(`${collection(kind, olds?.inputs as Plain)}/${id.split("/").at(-1)}`);
      } catch (error) {
        if (!axios.isAxiosError(error) || error.response?.status !== 404) throw error;
      }
    },
  };
};
