export async function runVerify(..._: unknown[]): Promise<0> {
  return 0;
}
