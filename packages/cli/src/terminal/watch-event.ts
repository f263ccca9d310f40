/** One line per event of a watch, for people or for programs. */
import type { WatchEvent } from "@watertight/diagnose";
import { createPainter, inertLine, type Style } from "@watertight/finding";
import { decideColour, type ColourWish } from "./surroundings.ts";
import { writeStream } from "./write-output.ts";

/** What the command itself has to say, beside the watch's events. */
interface CommandEvent {
  readonly kind: "watching" | "stopped";
  readonly atMs: number;
  readonly text: string;
}

export interface EventWriter {
  write(event: WatchEvent | CommandEvent): Promise<void>;
}

export interface EventWriterOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly colour: ColourWish;
}

const STYLES: Readonly<Record<(WatchEvent | CommandEvent)["kind"], Style>> = {
  watching: "quiet",
  baseline: "quiet",
  "high-water": "medium",
  growth: "high",
  finding: "critical",
  converged: "good",
  lost: "high",
  recovered: "good",
  stopped: "quiet",
};

const KIND_COLUMNS = 11;

/** Writes events to a stream: `12:34:56  high-water  …`, or a JSON object a line. */
export function createEventWriter(
  stream: NodeJS.WriteStream,
  options: EventWriterOptions,
): EventWriter {
  const painter = createPainter(decideColour(options.colour, stream, options.env));
  return {
    async write(event) {
      if (options.json) {
        await writeStream(stream, `${JSON.stringify(plainEvent(event))}\n`);
        return;
      }
      const time = painter.text(new Date(event.atMs).toTimeString().slice(0, 8), "quiet");
      const kind = painter.text(event.kind.padEnd(KIND_COLUMNS), STYLES[event.kind]);
      await writeStream(stream, `${time}  ${kind} ${inertLine(describeEvent(event))}\n`);
    },
  };
}

function plainEvent({ kind, atMs, ...rest }: WatchEvent | CommandEvent): object {
  return { kind, at: new Date(atMs).toISOString(), ...rest };
}

function describeEvent(event: WatchEvent | CommandEvent): string {
  if (event.kind !== "finding") return event.text;
  const { count, unit, creator, site, severity } = event.finding;
  const frame = creator ?? site;
  const where = frame === undefined ? "" : `, open ${frame.file}:${frame.line} first`;
  return `${severity}: ${event.text} (${count.toLocaleString("en-US")} ${unit}${where})`;
}
