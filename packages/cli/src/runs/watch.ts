export async function runWatch(..._: unknown[]): Promise<0> {
  return 0;
}
