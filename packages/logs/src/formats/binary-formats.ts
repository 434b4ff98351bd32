import { TfeventsReader } from "../binary/tfevents-reader.ts";
import { WandbReader } from "../binary/wandb-reader.ts";
import { CASTAGNOLI, Crc32 } from "../bytes/crc32.ts";
import type { FormatFamily } from "../format.ts";

/** TensorBoard event files: known by the checksum of the first length. */
export const tfeventsFormats: FormatFamily = {
  formats: [{ id: "tfevents", title: "TensorBoard event file", kind: "binary" }],
  detect({ bytes, name }) {
    if (bytes.length < 12) return /tfevents/.test(name) ? { id: "tfevents", confidence: 0.8 } : null;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const crc = new Crc32(CASTAGNOLI).of(bytes, 0, 8);
    const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
    return masked === view.getUint32(8, true) ? { id: "tfevents", confidence: 1 } : null;
  },
  open: (track) => new TfeventsReader(track),
};

/** Weights & Biases' own file: known by its first bytes. */
export const wandbFormats: FormatFamily = {
  formats: [{ id: "wandb", title: "Weights & Biases .wandb", kind: "binary" }],
  detect: ({ bytes }) =>
    bytes[0] === 0x3a && bytes[1] === 0x57 && bytes[2] === 0x26 && bytes[3] === 0x42
      ? { id: "wandb", confidence: 1 }
      : null,
  open: (track) => new WandbReader(track),
};
