/** Loaded with the command line's help: nothing here may need the client. */
import { collections } from "../inventory/collections";

/** What `--only` takes. A rotation is not an object of the API: it is written where it is asked for. */
export const exportable = [...collections, "rotations"] as const;
export type Exportable = (typeof exportable)[number];
