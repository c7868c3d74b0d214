const MOST_CHARACTERS = 64;
const KEPT_CHARACTERS = 40;

/**
 * Of a transfer that an order makes: the same however often it is asked for, and no longer than such an id may be. Two
 * that are alike in spite of their sums would be refused, and what they were for looked for elsewhere.
 */
export function transferIdWithin(orderId: string, name: string): string {
  const id = `${orderId}.${name}`;
  if (id.length <= MOST_CHARACTERS) return id;
  return `${Array.from(id)
    .slice(0, KEPT_CHARACTERS / 2)
    .join('')}.${sumOf(id, 1)}${sumOf(id, 2)}`;
}

/** Spreads well enough (FNV-1a, 32 bits); a domain knows no cryptography. */
function sumOf(text: string, seed: number): string {
  let sum = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193 + 2 * seed);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
