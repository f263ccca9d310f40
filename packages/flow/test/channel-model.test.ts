import fc from "fast-check";
import { expect, test } from "vitest";
import { Channel } from "@watertight/flow";

/** What a channel of this capacity holds and who waits, kept in the plainest way. */
interface Model {
  readonly capacity: number;
  readonly values: number[];
  readonly sendersWaiting: number[];
  receiversWaiting: number;
  isClosed: boolean;
  readonly delivered: (number | "closed")[];
  readonly refused: number[];
}

interface Real {
  readonly channel: Channel<number>;
  readonly delivered: (number | "closed")[];
  readonly refused: number[];
}

type Step = fc.AsyncCommand<Model, Real>;

async function settle(real: Real, model: Model): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  expect(real.delivered).toEqual(model.delivered);
  expect(new Set(real.refused)).toEqual(new Set(model.refused));
  expect(real.channel.length).toBe(Math.min(model.values.length, model.capacity));
}

class Send implements Step {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    if (model.isClosed) model.refused.push(this.value);
    else if (model.receiversWaiting > 0) {
      model.receiversWaiting--;
      model.delivered.push(this.value);
    } else if (model.values.length < model.capacity) model.values.push(this.value);
    else model.sendersWaiting.push(this.value);
    real.channel.send(this.value).catch(() => real.refused.push(this.value));
    await settle(real, model);
  }
  toString(): string {
    return `send(${this.value})`;
  }
}

class Receive implements Step {
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    const next = model.values.shift() ?? model.sendersWaiting.shift();
    if (next !== undefined) {
      model.delivered.push(next);
      const promoted =
        model.values.length < model.capacity ? model.sendersWaiting.shift() : undefined;
      if (promoted !== undefined) model.values.push(promoted);
    } else if (model.isClosed) model.delivered.push("closed");
    else model.receiversWaiting++;
    void real.channel
      .receive()
      .then((received) => real.delivered.push(received.ok ? received.value : "closed"));
    await settle(real, model);
  }
  toString(): string {
    return "receive()";
  }
}

class Close implements Step {
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    model.isClosed = true;
    model.refused.push(...model.sendersWaiting.splice(0));
    for (; model.receiversWaiting > 0; model.receiversWaiting--) model.delivered.push("closed");
    real.channel.close();
    await settle(real, model);
  }
  toString(): string {
    return "close()";
  }
}

test("a channel does what its model does, whatever is done to it", async () => {
  const steps = fc.commands(
    [
      fc.nat(99).map((value) => new Send(value)),
      fc.constant(new Receive()),
      fc.nat(19).chain((roll) => fc.constant(roll === 0 ? new Close() : new Receive())),
    ],
    { maxCommands: 40 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(3), steps, async (capacity, commands) => {
      const channel = new Channel<number>({ capacity });
      await fc.asyncModelRun(
        () => ({
          model: {
            capacity,
            values: [],
            sendersWaiting: [],
            receiversWaiting: 0,
            isClosed: false,
            delivered: [],
            refused: [],
          },
          real: { channel, delivered: [], refused: [] },
        }),
        commands,
      );
      // Whoever still waits is let go.
      channel.close();
    }),
    { numRuns: 200 },
  );
});
