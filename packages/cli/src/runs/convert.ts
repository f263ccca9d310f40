export async function runConvert(..._: unknown[]): Promise<0> {
  return 0;
}
