/** Requests that the body of a test sends: enough to tell one from many, few as tests send few. */
export const TEST_REQUESTS = 5;
/** How long stuck requests are waited for: as the program's own truth says. */
export const GIVE_UP_MS = Number(process.env["ZOO_GIVE_UP_MS"] ?? "150");
/** What a test waits after its body before it looks, so that closing handles are closed. */
export const REST_MS = 60;
