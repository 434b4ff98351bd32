import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./page.css";
import { App } from "./app.tsx";
import { addBackend } from "./backend/backends.ts";
import { LiveBackend } from "./backend/live-backend.ts";
import { ReportBackend } from "./backend/report-backend.ts";

const report = document.getElementById("lossflow-report")?.textContent ?? null;
addBackend(report === null ? new LiveBackend() : new ReportBackend(report));
render(<App takesFiles={report === null} />, document.getElementById("app")!);
