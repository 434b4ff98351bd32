import { expose } from "comlink";
import { selfEndpoint } from "#self";
import { createWorkerApi } from "./api.ts";

expose(createWorkerApi(), selfEndpoint());
