import type { Update } from "../../../src/plot/run-state.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";

/** What the page asks of the worker that reads dropped files. */
export type DropRequest =
  | { readonly kind: "read"; readonly file: File }
  | { readonly kind: "windows"; readonly id: number; readonly request: WindowRequest };

/** What the worker tells the page. */
export type DropReply =
  | { readonly kind: "update"; readonly update: Update }
  | { readonly kind: "windows"; readonly id: number; readonly bytes: ArrayBuffer }
  | { readonly kind: "refused"; readonly id: number; readonly sentence: string };
