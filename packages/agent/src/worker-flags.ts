/**
 * What a thread of the agent's is started with: of the host's flags only the conditions by which packages are
 * resolved. Its preloads and whatever else it was given are not for the thread, least of all the agent itself.
 */

/** A condition stands behind its flag, or after an equals sign; both are how Node is started. */
const FLAGS: ReadonlySet<string> = new Set(["--conditions", "-C"]);

/** The conditions among the flags of a process, each as one argument: a worker takes no other. */
export function keepConditions(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag, at) => {
    const [name = "", condition] = flag.split("=", 2);
    if (!FLAGS.has(name)) return [];
    const value = condition ?? flags[at + 1];
    return value === undefined ? [] : [`--conditions=${value}`];
  });
}
