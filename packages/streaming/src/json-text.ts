/** An output's value that is written as JSON already, since it is stored as well. */
export class JsonText {
  /** `id` and `version` are what the text says: a repeat of the output is told by them. */
  constructor(
    readonly text: string,
    readonly id: string,
    readonly version: number,
  ) {}
}
export const jsonOf = (value: object): string => (value instanceof JsonText ? value.text : JSON.stringify(value));
