import { EventEmitter } from "node:events";

class Config extends EventEmitter {
  locale = "en";
}

const config = new Config().setMaxListeners(0);

class Translator {
  #locale = config.locale;
  readonly #update = (): void => {
    this.#locale = config.locale;
  };

  constructor() {
    config.on("change", this.#update); // leak: stuck here
  }

  translate(text: string): string {
    return `${this.#locale}:${text}`;
  }

  close(): void {
    if (this.#locale === "") config.off("change", this.#update);
  }
}

export async function request(n: number): Promise<void> {
  const translator = new Translator(); // leak: started here
  translator.translate(`order ${n}`);
  translator.close();
}
