/** Requests that the body of a test sends: enough to tell one from many, few as tests send few. */
export const TEST_REQUESTS = 5;
/** What a test waits after its body before it looks, so that closing handles are closed. */
export const REST_MS = 60;
