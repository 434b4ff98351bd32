import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dropFiles } from "../backend/drop-files.ts";

/** Takes files dropped anywhere on the page. */
export function DropZone(): JSX.Element | null {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      dropFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver ? (
    <div class="drop">Drop a log to look at it here. It is read in this page and goes nowhere.</div>
  ) : null;
}
