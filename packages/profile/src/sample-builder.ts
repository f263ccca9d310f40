/** Samples, one at a time, into columns. */
import { GrowingColumn, GrowingWideColumn } from "./growing-column.ts";
import type { SampleColumns } from "./profile.ts";

/** Push the parts of a sample in any order, then {@link SampleBuilder.endSample}. */
export class SampleBuilder {
  readonly #stackOffset = new GrowingColumn();
  readonly #stack = new GrowingColumn();
  readonly #values: readonly GrowingWideColumn[];
  readonly #labelOffset = new GrowingColumn();
  readonly #labelKey = new GrowingColumn(0);
  readonly #labelString = new GrowingColumn(0);
  readonly #labelNumber = new GrowingWideColumn(0);
  readonly #labelUnit = new GrowingColumn(0);

  constructor(typeCount: number) {
    this.#values = Array.from({ length: typeCount }, () => new GrowingWideColumn());
    this.#stackOffset.push(0);
    this.#labelOffset.push(0);
  }

  /** Adds a location row, leaf first. */
  pushLocation(row: number): void {
    this.#stack.push(row);
  }

  /** Adds the value of one sample type; every type needs exactly one per sample. */
  pushValue(type: number, value: number | bigint): void {
    this.#values[type]!.push(value);
  }

  /** As {@link pushValue}, as 32-bit halves. */
  pushHalves(type: number, low: number, high: number): void {
    this.#values[type]!.pushHalves(low, high);
  }

  /** Adds a label, its texts as string indexes. */
  pushLabel(key: number, text: number, unit: number): void {
    this.#labelKey.push(key);
    this.#labelString.push(text);
    this.#labelUnit.push(unit);
  }

  /** The number of the label pushed last. */
  pushLabelNumber(value: number | bigint): void {
    this.#labelNumber.push(value);
  }

  /** As {@link pushLabelNumber}, as 32-bit halves. */
  pushLabelHalves(low: number, high: number): void {
    this.#labelNumber.pushHalves(low, high);
  }

  endSample(): void {
    this.#stackOffset.push(this.#stack.length);
    this.#labelOffset.push(this.#labelKey.length);
  }

  finish(): SampleColumns {
    return {
      count: this.#stackOffset.length - 1,
      stackOffset: this.#stackOffset.finish(),
      stack: this.#stack.finish(),
      values: this.#values.map((column) => column.finishSigned()),
      labelOffset: this.#labelOffset.finish(),
      labelKey: this.#labelKey.finish(),
      labelString: this.#labelString.finish(),
      labelNumber: this.#labelNumber.finishSigned(),
      labelUnit: this.#labelUnit.finish(),
    };
  }
}
