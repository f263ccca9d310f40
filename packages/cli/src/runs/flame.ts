export async function runFlame(..._: unknown[]): Promise<0> {
  return 0;
}
