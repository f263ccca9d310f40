/** The agent as a plugin of Fastify. */
import { type MountOptions, settleMount } from "../agent-options.ts";
import { handleAgentRequest } from "../handle-request.ts";
import { openObservers } from "../observers.ts";

/** The parts of Fastify that are used here; the agent does not depend on it. */
interface FastifyLike {
  get(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
  addHook(name: "onClose", hook: () => Promise<void>): unknown;
}

interface FastifyRequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly authorization?: string | undefined };
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike;
  headers(values: Record<string, string>): FastifyReplyLike;
  send(body: unknown): unknown;
}

/**
 * Serves the profiles below the prefix.
 *
 *     await app.register(agentFastify, { token });
 */
export async function agentFastify(fastify: FastifyLike, options: MountOptions): Promise<void> {
  // A prefix that Fastify gives to a plugin is in front of its routes already.
  const settings = settleMount(options);
  const observers = openObservers(settings);
  fastify.addHook("onClose", () => observers.close());
  const answer = async (request: FastifyRequestLike, reply: FastifyReplyLike): Promise<unknown> => {
    const { status, headers, body } = await handleAgentRequest(
      { method: request.method, url: request.url, authorization: request.headers.authorization },
      observers,
    );
    return reply
      .code(status)
      .headers({ ...headers })
      .send(
        typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.length),
      );
  };
  fastify.get(settings.prefix, answer);
  fastify.get(`${settings.prefix}/*`, answer);
}
