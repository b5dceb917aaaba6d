/** A browser's own words, cut down to what its owner knows it by, for example `Firefox · Linux`; `null` if none. */
export function clientName(userAgent: string | undefined): string | null {
  const text = (userAgent ?? '').slice(0, 400)
  const named = [browsers, systems].map((all) => all.find(([, pattern]) => pattern.test(text))?.[0])
  return named.filter((name) => name !== undefined).join(' · ') || null
}

/** Most name others too, for old times' sake: the first that fits is meant. */
const browsers: [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
]

const systems: [string, RegExp][] = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\b(?:Linux|X11)\b/],
]
