/** One life of every resource on the real engine: what `npm test` has of it. */
import { openRealStage } from "../harness/stage/real.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { livedKinds } from "../lifecycle/describeLifecycle/subjects.js";

describeLifecycle(livedKinds, () => openRealStage(), ["life"]);
