/**
 * Pulumi resources for SFTP To Go: credentials, SSH keys, webhooks, share links and password rotation.
 *
 * @packageDocumentation
 */

export { Provider, type ProviderArgs } from "./config/explicitProvider";
export {
  type CredentialResult,
  type GetCredentialArgs,
  getCredential,
  getCredentialOutput,
  getCredentials,
  getCredentialsOutput,
} from "./credential/functions";
export {
  Credential,
  type CredentialArgs,
  type InboundRule,
  type InboundRuleArgs,
} from "./credential/resource";
export type { FunctionOptions } from "./functions/invoke";
export { PasswordRotation, type PasswordRotationArgs } from "./passwordRotation/resource";
export {
  type GetShareLinkArgs,
  getShareLink,
  getShareLinkOutput,
  getShareLinks,
  getShareLinksOutput,
  type ShareLinkResult,
} from "./shareLink/functions";
export { ShareLink, type ShareLinkArgs } from "./shareLink/resource";
export {
  type GetSshPublicKeysArgs,
  getSshPublicKeys,
  getSshPublicKeysOutput,
  type SshPublicKeyResult,
} from "./sshPublicKey/functions";
export { SshPublicKey, type SshPublicKeyArgs } from "./sshPublicKey/resource";
export {
  type GetWebhookArgs,
  getWebhook,
  getWebhookOutput,
  getWebhooks,
  getWebhooksOutput,
  type WebhookResult,
} from "./webhook/functions";
export { Webhook, type WebhookArgs } from "./webhook/resource";
