/**
 * Marker comments in the Go sources. A leak's lines are read from where the comment is,
 * so that editing a service never leaves its ground truth behind:
 *
 *     <-ctx.Done() // leak: stuck here
 *     go s.expire(ctx) // leak: started here (sessions)
 */
const MARKER = /\/\/ leak: (stuck|also stuck|started) here(?: \(([\w-]+)\))?/;
/** A top-level function of gofmt'd source: `func (c *checkout) place(`, `func follow[T any](`. */
const FUNCTION = /^func (?:\((?:\w+ )?(\*?)(\w+)(?:\[[^\]]*\])?\) )?(\w+)/;
/** Every marker of one source, in line order. `file` is its path below `zoo/go`. */
export function findMarkers(source, file) {
  const markers = [];
  let enclosing = "";
  for (const [index, text] of source.split("\n").entries()) {
    const declared = FUNCTION.exec(text);
    if (declared) enclosing = symbolPattern(file, declared);
    const found = MARKER.exec(text);
    if (!found) continue;
    markers.push({
      kind: found[1],
      mark: found[2],
      file,
      line: index + 1,
      function: enclosing,
    });
  }
  return markers;
}
/** `(*checkout).place` of `channel-send/early-return` as the runtime prints it, closures and generics allowed. */
function symbolPattern(file, declared) {
  const [, , receiver, name] = declared;
  const owner = receiver === undefined ? "" : `(\\(\\*${receiver}[^)]*\\)|${receiver}[^.]*)\\.`;
  const folder = file.slice(0, file.lastIndexOf("/")).replaceAll(".", "\\.");
  return `(${folder}|main)\\.${owner}${name}(\\[\\.\\.\\.\\])?([.-].*)?$`;
}
//# sourceMappingURL=markers.js.map
