const drafts: Promise<string>[] = [];

async function render(page: number): Promise<string> {
  await Promise.resolve();
  if (page > 0) throw new RangeError(`no page ${page}`);
  return "<html>";
}

function build(page: number): Promise<string> {
  return new Promise(async (resolve, reject) => {
    try {
      resolve(await render(page));
    } catch (error) {
      reject(error as Error);
    }
  });
}

async function publish(page: number): Promise<void> {
  const draft = build(page);
  drafts.push(draft);
  await draft.catch(() => "");
  drafts.splice(drafts.indexOf(draft), 1);
}

export async function request(n: number): Promise<void> {
  await publish(n);
}
