/** The path of a request without what tells one from the next: `/orders/42` is `/orders/:id`. */

const PATH_CHARACTERS_MAX = 128;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
/** A number, or what is long and has one in it: a UUID, a hash, a key. */
const IDENTITY = /^(?:\d+|(?=.*\d)[\w~=-]{16,})$/;

/** Query and identities left out, so that the result holds no personal data and groups well. */
export function templatePath(url: string): string {
  const query = url.indexOf("?");
  const path = (query < 0 ? url : url.slice(0, query)).slice(0, PATH_CHARACTERS_MAX);
  if (!hasDigit(path)) return path;
  return path
    .split("/")
    .map((part) => (IDENTITY.test(part) ? ":id" : part))
    .join("/");
}

function hasDigit(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= DIGIT_0 && code <= DIGIT_9) return true;
  }
  return false;
}
