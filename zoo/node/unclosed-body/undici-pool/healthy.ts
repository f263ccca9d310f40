import { Pool } from "undici";

class Catalogue {
  readonly #pool = new Pool(process.env["UPSTREAM_URL"]!, { connections: 2 });

  async has(sku: number): Promise<boolean> {
    const answer = await this.#pool.request({ path: `/large?sku=${sku}`, method: "GET" });
    await answer.body.dump();
    return answer.statusCode === 200;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

const catalogue = new Catalogue();

export async function request(n: number): Promise<void> {
  await catalogue.has(n);
}

export async function stop(): Promise<void> {
  await catalogue.close();
}
