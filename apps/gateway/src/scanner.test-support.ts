/** Looks through what leaves the gateway for what must not: things of another home, and secrets. */
export type Scanner = {
  /** A word that only this owner may see. */
  owns(owner: number, word: string): void
  /** A text that nobody may see. `isKept` when the store has to know it. */
  secret(name: string, text: string, isKept?: boolean): void
  /** What is in a text that this owner must not see, and whether anything of the own is. */
  scan(text: string, owner: number): { wrong: string[]; isOwnSeen: boolean }
  /** What is in a log or a file of the store that has no business there. */
  scanFile(bytes: Buffer, mayHaveIds: boolean): string[]
}

/** A text that says whose it is, to be put wherever a text of a home can stand. */
export const mark = (owner: number, what: string) => `mark-${String(owner).padStart(4, '0')}-${what}`

export function createScanner(): Scanner {
  const owners = new Map<string, number>()
  const secrets = new Map<string, { name: string; isKept: boolean }>()
  return {
    owns: (owner, word) => void owners.set(word, owner),
    secret(name, text, isKept = false) {
      for (const word of wordsIn(text)) secrets.set(word, { name, isKept })
    },
    scan(text, owner) {
      const wrong: string[] = []
      let isOwnSeen = false
      const saw = (whose: number, what: string) => {
        if (whose === owner) isOwnSeen = true
        else wrong.push(`${what} of home ${whose}`)
      }
      for (const [found, whose] of text.matchAll(marks)) saw(Number(whose), found)
      for (const word of wordsIn(text)) {
        const whose = owners.get(word)
        if (whose !== undefined) saw(whose, word)
        const secret = secrets.get(word)
        if (secret) wrong.push(secret.name)
      }
      return { wrong, isOwnSeen }
    },
    scanFile(bytes, mayHaveIds) {
      const text = bytes.toString('latin1')
      const wrong = [...text.matchAll(marks)].map(([found]) => found)
      for (const word of wordsIn(text)) {
        const secret = secrets.get(word)
        if (secret && !(mayHaveIds && secret.isKept)) wrong.push(secret.name)
        if (!mayHaveIds && owners.has(word)) wrong.push(word)
      }
      // Words may run into each other in a file.
      for (const [word, { name, isKept }] of secrets) if (!isKept && text.includes(word)) wrong.push(name)
      return [...new Set(wrong)]
    },
  }
}

const marks = /mark-(\d{4})-[a-z]+/g

/** Ids, tokens, halves of secrets: whatever is long enough to mean one thing only. */
const wordsIn = (text: string) => text.match(/[A-Za-z0-9_-]{16,}/g) ?? []
