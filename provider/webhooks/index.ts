/**
 * Verifies and reads deliveries, in the service that receives webhooks. It loads nothing of Pulumi.
 *
 * @module pulumi-sftptogo/webhooks
 */
export {
  type FileEvent,
  type FileTopic,
  type PingEvent,
  parseWebhook,
  type UnknownEvent,
  type WebhookActor,
  type WebhookEvent,
  type WebhookEventBase,
  type WebhookHeaders,
} from "./parseWebhook";
export { WebhookError, type WebhookErrorReason } from "./refusal";
export { type Delivery, isSigned } from "./signature";
