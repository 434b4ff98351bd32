import { LossflowError } from "@lossflow/core";
import { headers, type MsgHdrs } from "@nats-io/transport-node";

const CONTENT = "Lossflow-Content";
const OFFSET = "Lossflow-Offset";
const END = "Lossflow-End";
const HEAD = "Lossflow-Head";
const PUBLISHER = "Lossflow-Publisher";

/** Where a piece of a log stands. */
export interface PiecePlace {
  /** Which content of the file, from 0: one more each time that it begins anew, truncated or rewritten. */
  readonly content: number;
  /** Where the bytes stand in that content. */
  readonly offset: number;
  /** Nothing will follow. */
  readonly end: boolean;
  /** The first bytes of the content, up to 256 of those before this piece: they tell whether a file is still the same. */
  readonly head: Uint8Array;
}

/** Some consecutive bytes of a log. */
export interface LogPiece extends PiecePlace {
  readonly run: string;
  readonly file: string;
  /** Belongs to the reader. */
  readonly bytes: Uint8Array;
}

/** Writes where a piece stands, and who publishes it, as the headers of its message. */
export function headersFromPlace({ content, offset, end, head }: PiecePlace, publisher: string): MsgHdrs {
  const header = headers();
  header.set(CONTENT, String(content));
  header.set(OFFSET, String(offset));
  if (end) header.set(END, "1");
  header.set(HEAD, Buffer.from(head).toString("base64"));
  header.set(PUBLISHER, publisher);
  return header;
}

/** Whether a message is of this publisher: its place alone might be that of another, who publishes the same file. */
export function isOfPublisher(header: MsgHdrs | undefined, publisher: string): boolean {
  return header?.get(PUBLISHER) === publisher;
}

/** Reads where a piece stands. @throws LF_STATE_UNKNOWN for a message that is no piece of a log */
export function placeFromHeaders(header: MsgHdrs | undefined): PiecePlace {
  const number = (name: string): number => {
    const text = header?.get(name) ?? "";
    if (!/^\d{1,15}$/.test(text))
      throw new LossflowError("LF_STATE_UNKNOWN", "A message among the logs is no piece of a log.");
    return Number(text);
  };
  return {
    content: number(CONTENT),
    offset: number(OFFSET),
    end: header?.has(END) === true,
    head: Buffer.from(header?.get(HEAD) ?? "", "base64"),
  };
}
