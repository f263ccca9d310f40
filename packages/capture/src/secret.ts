const SHOWN = "[secret]";

/**
 * A value that is sent to its target and shown nowhere else: not logged, not serialised, and
 * not inspected, since a private field is invisible to all of them.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that writes it to the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }
}
