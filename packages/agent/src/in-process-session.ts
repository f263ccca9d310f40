/** The inspector of this process, without a port: `node:inspector`. */
import { Session } from "node:inspector";
import { CaptureError, type InspectorSession } from "@watertight/capture/in-process";

/** A session to the thread that calls, or from a worker to the main thread. */
export function openInProcessSession(thread: "own" | "main"): InspectorSession {
  const session = new Session();
  if (thread === "main") session.connectToMainThread();
  else session.connect();
  return {
    post: <T>(method: string, params: object = {}) =>
      new Promise<T>((resolve, reject) => {
        session.post(method, params, (error, result) => {
          if (error) reject(new CaptureError("WT_CAPTURE_INSPECTOR", error.message));
          else resolve(result as T);
        });
      }),
    on(event, listener) {
      const forward = (message: { readonly params: never }): void => listener(message.params);
      session.on(event, forward);
      return () => void session.off(event, forward);
    },
    close: async () => session.disconnect(),
  };
}
