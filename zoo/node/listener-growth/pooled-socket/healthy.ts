import { EventEmitter } from "node:events";

class Connection extends EventEmitter {
  async query(sql: string): Promise<number> {
    await Promise.resolve();
    return sql.length;
  }
}

const idle = [new Connection().setMaxListeners(0)];

async function withConnection<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = idle.pop() ?? new Connection().setMaxListeners(0);
  const failed = Promise.withResolvers<never>();
  connection.on("error", failed.reject);
  try {
    return await Promise.race([use(connection), failed.promise]);
  } finally {
    connection.off("error", failed.reject);
    idle.push(connection);
  }
}

export async function request(n: number): Promise<void> {
  await withConnection((connection) => connection.query(`select ${n}`));
}
