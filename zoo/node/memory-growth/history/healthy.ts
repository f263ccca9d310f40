class Order {
  readonly lines: { sku: number; text: string }[] = [];
}

class Store {
  readonly #history: unknown[] = [];
  #state = new Order();

  dispatch(change: (order: Order) => void): void {
    const next = new Order();
    change(next);
    this.#history.push(this.#state);
    this.#state = next;
    if (this.#history.length > 5) this.#history.shift();
  }
}

const store = new Store();

export async function request(n: number): Promise<void> {
  store.dispatch((order) => {
    for (let sku = 0; sku < 500; sku++) order.lines.push({ sku, text: `article ${n}-${sku}` });
  });
}
