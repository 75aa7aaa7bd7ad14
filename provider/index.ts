/**
 * Pulumi resources for SFTP To Go: credentials, SSH keys, webhooks, share links and password rotation.
 *
 * @packageDocumentation
 */
export {
  Credential,
  type CredentialArgs,
  type InboundRule,
  type InboundRuleArgs,
} from "./credential/resource";
export { Provider, type ProviderArgs } from "./dynamic/explicitProvider";
export type { FunctionOptions } from "./functions/call";
export {
  type CredentialResult,
  type GetCredentialArgs,
  getCredential,
  getCredentialOutput,
  getCredentials,
  getCredentialsOutput,
} from "./functions/credentials";
export {
  type GetShareLinkArgs,
  getShareLink,
  getShareLinkOutput,
  getShareLinks,
  getShareLinksOutput,
  type ShareLinkResult,
} from "./functions/shareLinks";
export {
  type GetSshPublicKeysArgs,
  getSshPublicKeys,
  getSshPublicKeysOutput,
  type SshPublicKeyResult,
} from "./functions/sshPublicKeys";
export {
  type GetWebhookArgs,
  getWebhook,
  getWebhookOutput,
  getWebhooks,
  getWebhooksOutput,
  type WebhookResult,
} from "./functions/webhooks";
export { PasswordRotation, type PasswordRotationArgs } from "./passwordRotation/resource";
export { ShareLink, type ShareLinkArgs } from "./shareLink/resource";
export { SshPublicKey, type SshPublicKeyArgs } from "./sshPublicKey/resource";
export { Webhook, type WebhookArgs } from "./webhook/resource";
