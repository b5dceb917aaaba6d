/** The few words that numbers of minutes and days need; shared by the formatter and the word lists. */
export const ages = {
  en: {
    justNow: 'just now',
    minutesAgo: (n: string) => `${n} min ago`,
    hoursAgo: (n: string) => `${n} h ago`,
    daysAgo: (n: number, text: string) => (n === 1 ? '1 day ago' : `${text} days ago`),
    yesterday: 'yesterday',
    tomorrow: 'tomorrow',
    timeOfDay: (text: string) => text,
  },
  de: {
    justNow: 'gerade eben',
    minutesAgo: (n: string) => `vor ${n} min`,
    hoursAgo: (n: string) => `vor ${n} Std.`,
    daysAgo: (n: number, text: string) => (n === 1 ? 'vor 1 Tag' : `vor ${text} Tagen`),
    yesterday: 'gestern',
    tomorrow: 'morgen',
    timeOfDay: (text: string) => `${text} Uhr`,
  },
} as const
