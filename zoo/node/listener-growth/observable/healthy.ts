type Observer<T> = (value: T) => void;

class Subject<T> {
  readonly #observers = new Set<Observer<T>>();

  subscribe(observer: Observer<T>): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  next(value: T): void {
    for (const observer of this.#observers) observer(value);
  }
}

const rates = new Subject<number>();

export async function request(n: number): Promise<void> {
  let last = 0;
  const unsubscribe = rates.subscribe((rate) => (last = rate));
  rates.next(n);
  unsubscribe();
}
