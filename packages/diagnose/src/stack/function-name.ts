/**
 * Go's symbol names, taken apart. The grammar is the linker's: an import path, a
 * dot, then the function with its receiver, closure numbers and instantiation.
 */

/**
 * The import path of a function, e.g. `net/http` for `net/http.(*conn).serve`.
 * Dots in the path's last element are unescaped (`gopkg.in/yaml%2ev3` → `gopkg.in/yaml.v3`).
 */
export function packageOf(functionName: string): string {
  const receiverAt = functionName.search(/[([]/);
  const head = receiverAt < 0 ? functionName : functionName.slice(0, receiverAt);
  const dot = head.indexOf(".", head.lastIndexOf("/") + 1);
  return (dot < 0 ? head : head.slice(0, dot)).replaceAll("%2e", ".");
}

/**
 * A function's name without what changes between builds and versions: type
 * arguments (`[...]`), the wrapper around a `go` or `defer` statement (`.gowrap1`,
 * `·dwrap·2`, `.deferwrap1`) and the method-value suffix (`-fm`).
 */
export function normaliseFunctionName(functionName: string): string {
  const bare = functionName.includes("[") ? dropTypeArguments(functionName) : functionName;
  return bare.replace(/(?:\.(?:gowrap|deferwrap)\d+|·dwrap·\d+|-fm)+$/, "");
}

function dropTypeArguments(name: string): string {
  let depth = 0;
  let kept = "";
  for (const character of name) {
    if (character === "[") depth++;
    if (depth === 0) kept += character;
    if (character === "]" && depth > 0) depth--;
  }
  return kept;
}

/**
 * The function around a closure, one level up: `main.serve.func1` for `main.serve.func1.2`, `main.serve` for
 * `main.serve.func1`; undefined when the function is no closure.
 */
export function parentFunction(functionName: string): string | undefined {
  const name = normaliseFunctionName(functionName);
  const parent = name.replace(/(?:-range\d+)?\.(?:func)?\d+$/, "");
  return parent === name ? undefined : parent;
}

/** The function that a closure was written in: `main.serve` for `main.serve.func1.2`. */
export function enclosingFunction(functionName: string): string {
  return normaliseFunctionName(functionName).replace(
    /(?:\.func\d+(?:\.\d+)*|\.\d+|-range\d+)+$/,
    "",
  );
}

/** The type of a method, `main.(*cache)` for `main.(*cache).Get.func1`; undefined for a plain function. */
export function receiverOf(functionName: string): string | undefined {
  return /^(.*\.\(\*?[^()]+\))\.[^.]+/.exec(functionName)?.[1];
}
