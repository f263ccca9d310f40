/** Opens standard output before a detector starts to look: it is nobody's leak. */
import process from "node:process";

export const outputDescriptor: number = process.stdout.fd;
