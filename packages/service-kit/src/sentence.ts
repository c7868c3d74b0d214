/**
 * Begins a sentence. A name is left as it is, since `Store-381` is another code than `store-381`: only a plain word is
 * begun with a capital.
 */
export const asSentence = (text: string): string =>
  /^\p{Ll}+(?=[\s,.;:’'?!]|$)/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
