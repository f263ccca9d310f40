/** Reads source maps in a thread of its own: a map of some megabytes takes tens of milliseconds to decode. */
import { parentPort, workerData } from "node:worker_threads";
import { type ColumnFrame, SourceMaps } from "@watertight/capture";

const maps = new SourceMaps();
const places = workerData as readonly ColumnFrame[];
parentPort?.postMessage(await Promise.all(places.map((place) => maps.place(place))));
