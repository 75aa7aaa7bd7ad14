/**
 * Pulumi resources for SFTP To Go: credentials, SSH keys, webhooks, share links and password rotation.
 *
 * @module pulumi-sftptogo
 */

export {
  AccessError,
  type Aftermath,
  ConnectionError,
  type FailedCall,
  InputError,
  NotFoundError,
  PlanError,
  SftpToGoError,
  UnavailableError,
  UnexpectedAnswerError,
} from "./api/errors";
export {
  RotatingCredential,
  type RotatingCredentialArgs,
  type RotatingCredentialOptions,
  type RotatingLogin,
} from "./components/rotatingCredential";
export { Provider, type ProviderArgs } from "./config/explicitProvider";
export { SettingsError } from "./config/settings";
export {
  type GetCredentialArgs,
  type GetCredentialOutputArgs,
  type GetCredentialResult,
  type GetCredentialsResult,
  getCredential,
  getCredentialOutput,
  getCredentials,
  getCredentialsOutput,
} from "./credential/functions";
export {
  Credential,
  type CredentialArgs,
  type CredentialPermission,
  type CredentialState,
  type InboundRule,
  type InboundRuleAction,
  type InboundRuleArgs,
  type InboundRuleProtocol,
  type InboundRuleState,
} from "./credential/resource";
export { CredentialRotation, type CredentialRotationArgs } from "./credentialRotation/resource";
export type { FunctionOptions, FunctionOutputOptions } from "./functions/options";
export { PasswordRotation, type PasswordRotationArgs } from "./passwordRotation/resource";
export {
  type GetShareLinkArgs,
  type GetShareLinkOutputArgs,
  type GetShareLinkResult,
  type GetShareLinksResult,
  getShareLink,
  getShareLinkOutput,
  getShareLinks,
  getShareLinksOutput,
} from "./shareLink/functions";
export {
  type OnConsumed,
  ShareLink,
  type ShareLinkArgs,
  type ShareLinkPermission,
  type ShareLinkState,
} from "./shareLink/resource";
export {
  type GetSshPublicKeysArgs,
  type GetSshPublicKeysOutputArgs,
  type GetSshPublicKeysResult,
  getSshPublicKeys,
  getSshPublicKeysOutput,
  type SshPublicKeyResult,
} from "./sshPublicKey/functions";
export { SshPublicKey, type SshPublicKeyArgs } from "./sshPublicKey/resource";
export type { OutgoingSshPublicKey } from "./sshPublicKeySet/outgoing";
export { SshPublicKeySet, type SshPublicKeySetArgs } from "./sshPublicKeySet/resource";
export {
  type GetWebhookArgs,
  type GetWebhookOutputArgs,
  type GetWebhookResult,
  type GetWebhooksResult,
  getWebhook,
  getWebhookOutput,
  getWebhooks,
  getWebhooksOutput,
} from "./webhook/functions";
export {
  Webhook,
  type WebhookArgs,
  type WebhookState,
  type WebhookTopic,
  type WebhookType,
} from "./webhook/resource";
