import { isStorableName, STORABLE_NAME_RULE } from '@shelfline/contracts/storable-name';

/**
 * Fields that the standard does not name travel on with an item, into Kafka and MongoDB. What neither can carry is
 * found here, at the border: names that mean an operator or a prototype, text that is no Unicode, endless nesting.
 */
export const MAX_DEPTH = 20;
export const MAX_ITEM_BYTES = 64 * 1024;

const LONE_SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();

/** What is wrong with a JSON value, with the path of its place; undefined when nothing is. */
export function findUnstorable(value: unknown): string | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, depth } = next;
    if (typeof next.value === 'string') {
      if (LONE_SURROGATE.test(next.value)) return `${path} holds half a character (a lone surrogate)`;
      continue;
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (depth > MAX_DEPTH) return `fields are nested more than ${MAX_DEPTH} deep`;
    for (const [name, inner] of Object.entries(next.value)) {
      const problem = problemOfName(name);
      if (problem) return `field ${JSON.stringify(name.slice(0, 60))} ${problem}`;
      open.push({ value: inner, path: path === '' ? name : `${path}.${name}`, depth: depth + 1 });
    }
  }
  return undefined;
}

function problemOfName(name: string): string | undefined {
  if (!isStorableName(name)) return `has no usable name: ${STORABLE_NAME_RULE}`;
  return LONE_SURROGATE.test(name) ? 'has half a character (a lone surrogate) in its name' : undefined;
}

/** Size of a value as JSON, exact where it matters; call after `findUnstorable`, which bounds the nesting. */
export function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  // A UTF-16 unit takes at most 3 bytes of UTF-8.
  return text.length * 3 <= MAX_ITEM_BYTES ? text.length : encoder.encode(text).length;
}
