import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dropFailure, dropFiles } from "../backend/drop-files.ts";
import { useValue } from "../state/value.ts";
import { label } from "../text/label.ts";

/** Takes files dropped anywhere on the page. */
export function DropZone(): JSX.Element | null {
  const failure = useValue(dropFailure);
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
  if (isOver)
    return (
      <div class="drop">
        Drop a log, or a table of predictions (Arrow, Parquet, CSV, JSON lines). It is read in this page and
        goes nowhere.
      </div>
    );
  if (failure === null) return null;
  return (
    <p class="failure toast" role="alert">
      {label(failure)}{" "}
      <button type="button" onClick={() => dropFailure.set(null)}>
        Close
      </button>
    </p>
  );
}
