import { watch } from "node:fs";

let stale = 0;

function render(path: string): string {
  const watcher = watch(path, () => (stale += 1)); // leak: stuck here
  const html = `<main>${path}</main>`;
  if (html === "") watcher.close();
  return html;
}

export async function request(): Promise<void> {
  render(import.meta.filename); // leak: started here
}
