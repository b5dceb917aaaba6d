/** Numbers as they go on the wire; never a negative zero. */
export const tenth = (x: number) => Math.round(x * 10) / 10 || 0
export const thousandth = (x: number) => Math.round(x * 1000) / 1000 || 0
