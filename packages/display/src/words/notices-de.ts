import type { NoticeWords } from './notices.ts'

const devices = (n: number) => (n === 1 ? 'Ein Gerät' : `${n} Geräte`)

export const noticesDe: NoticeWords = {
  title: {
    deadline_at_risk: ({ device, at }) =>
      `${device} ist vielleicht nicht rechtzeitig geladen${at ? ` (${at})` : ''}`,
    deadline_safe: ({ device }) => `${device} wird doch rechtzeitig fertig`,
    deadline_missed: ({ device }) => `${device} war nicht rechtzeitig geladen`,
    disconnected: ({ device }) => `${device} muss neu verbunden werden`,
    action_needed: ({ device }) => `${device} braucht dich`,
    repaired: ({ device }) => `${device} ist wieder verbunden`,
    boost_started: ({ device }) => `${device} lädt jetzt`,
    boost_failed: ({ device }) => `${device} hat nicht begonnen zu laden`,
    boost_finished: ({ device }) => `„Jetzt laden“ ist beendet: ${device}`,
    target_reached: ({ device, level }) => `${device} ist geladen${level ? ` auf ${level}` : ''}`,
    data_old: ({ device }) => `Nichts Neues von ${device}`,
    data_back: ({ device }) => `${device} meldet sich wieder`,
    away_begun: () => 'Deine Abwesenheit hat begonnen',
    away_not_paused: () => 'Noch nicht alles konnte pausiert werden',
    away_reminder: () => 'Dein Zuhause bereitet sich auf dich vor',
    away_ended: () => 'Willkommen zurück',
    away_not_resumed: () => 'Noch nicht alles läuft wieder',
  },
  body: {
    deadline_at_risk: ({ level, target, canBoost, unplugged, plugInBy }) =>
      [
        level && target ? `Stand: ${level}, Ziel: ${target}.` : '',
        unplugged ? `Es ist nicht angesteckt: steck es ${plugInBy ? `bis ${plugInBy}` : 'bald'} an.` : '',
        canBoost && !unplugged ? '„Jetzt laden“ bringt es noch so weit wie möglich.' : '',
      ]
        .filter(Boolean)
        .join(' ') || 'Es könnte weniger sein als gewünscht.',
    deadline_safe: ({ level }) => (level ? `Stand jetzt: ${level}.` : 'Es ist nichts zu tun.'),
    deadline_missed: ({ level, target }) =>
      level && target ? `Erreicht waren ${level} statt ${target}.` : 'Es war weniger als gewünscht.',
    disconnected: () =>
      'Die Verbindung zum Hersteller ist abgelaufen. Bis sie erneuert ist, wird nichts optimiert.',
    action_needed: () => 'Bevor es weitergehen kann, ist etwas zu tun. Öffne das Gerät, um zu sehen, was.',
    repaired: () => 'Es ist nichts mehr zu tun.',
    boost_started: ({ level }) => (level ? `Begonnen bei ${level}.` : '„Jetzt laden“ hat begonnen.'),
    boost_failed: () =>
      '„Jetzt laden“ war gewünscht, aber das Gerät hat nicht begonnen. Versuch es noch einmal oder steck neu an.',
    boost_finished: ({ level, unplugged }) =>
      [unplugged ? 'Das Kabel wurde abgezogen.' : '', level ? `Stand jetzt: ${level}.` : '']
        .filter(Boolean)
        .join(' ') || 'Die Optimierung geht weiter wie zuvor.',
    target_reached: ({ target }) => (target ? `Das Ziel war ${target}.` : 'Das Ziel ist erreicht.'),
    data_old: ({ at }) =>
      `${at ? `Letzte Meldung: ${at}. ` : ''}Was du davon siehst, kann sich geändert haben.`,
    data_back: () => 'Die Werte sind wieder aktuell.',
    away_begun: ({ count, at }) =>
      `${count === 0 ? 'Kein Gerät musste pausiert werden' : `${devices(count)} pausiert`}${at ? `, bis ${at}` : ''}.`,
    away_not_paused: () => 'Die Geräte sind im Moment nicht erreichbar. Wir versuchen es weiter.',
    away_reminder: ({ at }) =>
      `Die Optimierung beginnt wieder${at ? `: ${at}` : ''}. Du kannst das ändern, wenn du später kommst.`,
    away_ended: ({ count }) =>
      count === 0
        ? 'Kein Gerät musste wieder eingeschaltet werden.'
        : `${devices(count)} ${count === 1 ? 'wird' : 'werden'} wieder optimiert.`,
    away_not_resumed: () => 'Einige Geräte sind im Moment nicht erreichbar. Wir versuchen es weiter.',
  },
  topic: {
    deadline: { label: 'Ladeziele', explained: 'Wenn ein Auto vielleicht nicht rechtzeitig fertig wird' },
    connection: {
      label: 'Verbindung',
      explained: 'Wenn ein Gerät neu verbunden werden muss und wenn es wieder geht',
    },
    boost: { label: 'Jetzt laden', explained: 'Wenn es beginnt, endet oder nicht beginnt' },
    target: { label: 'Geladen', explained: 'Wenn ein Auto den gewünschten Ladestand hat' },
    data: { label: 'Alte Werte', explained: 'Wenn ein Gerät schweigt und wenn es sich wieder meldet' },
    away: { label: 'Abwesenheit', explained: 'Wenn sie beginnt und endet, und am Abend davor' },
  },
  summary: (n) => `${n} Nachrichten von deinem Zuhause`,
  mail: {
    greeting: 'Hallo,',
    open: 'Zuhause öffnen',
    reason: (brand) => `Du bekommst diese E-Mail, weil du sie bei ${brand} eingeschaltet hast.`,
    unsubscribe: 'Keine E-Mails mehr',
    code: {
      subject: (brand) => `Dein Code für ${brand}`,
      text: (code, minutes) => `Dein Code lautet ${code}. Er gilt ${minutes} Minuten.`,
      ignore: 'Wenn du ihn nicht angefordert hast, musst du nichts tun.',
    },
  },
}
