/** Servers and sockets that stay open, and answers that nobody reads. */
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { collectGarbage } from "@watertight/capture/in-process";
import { serverUrl } from "../server.ts";
import type { LeakyBody } from "./leaky-body.ts";

export const CONNECTIONS: readonly LeakyBody[] = [
  {
    name: "a server",
    cause: "handle-leak",
    line: "createServer().listen(",
    run: async (cleanUp) => {
      const server = http.createServer().listen(0, "127.0.0.1");
      cleanUp(() => server.close());
      await once(server, "listening");
    },
  },
  {
    name: "a socket",
    cause: "handle-leak",
    line: "net.connect(",
    run: async (cleanUp) => {
      const socket = net.connect(Number(new URL(serverUrl()).port), "127.0.0.1");
      cleanUp(() => socket.destroy());
      await once(socket, "connect");
    },
  },
  {
    name: "a fetch body that nobody reads",
    cause: "unclosed-body",
    line: "await fetch(",
    run: async (cleanUp) => {
      const response = await fetch(`${serverUrl()}/large`);
      cleanUp(() => response.body?.cancel());
    },
  },
  {
    name: "a fetch body that is collected before anybody looks",
    cause: "unclosed-body",
    line: "await fetch(",
    run: async () => {
      const status = async (): Promise<number> => {
        const { status: code } = await fetch(`${serverUrl()}/large`); // its body is dropped
        return code;
      };
      await status();
      collectGarbage();
      await sleep(1);
    },
  },
  {
    name: "a pool of undici that the body makes itself",
    cause: "handle-leak",
    line: "new Pool(",
    run: async (cleanUp) => {
      const pool = new Pool(serverUrl());
      cleanUp(() => pool.close());
      const { body } = await pool.request({ path: "/", method: "GET" });
      await body.text();
    },
  },
  {
    name: "an http response that nobody reads",
    cause: "unclosed-body",
    line: "http.get(",
    run: async (cleanUp) => {
      const request = http.get(`${serverUrl()}/large`);
      cleanUp(() => request.destroy());
      await once(request, "response");
    },
  },
];
