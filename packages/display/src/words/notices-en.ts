import type { NoticeWords } from './notices.ts'

const devices = (n: number) => (n === 1 ? 'One device' : `${n} devices`)

export const noticesEn: NoticeWords = {
  title: {
    deadline_at_risk: ({ device, at }) => `${device} may not be ready by ${at ?? 'its deadline'}`,
    deadline_safe: ({ device }) => `${device} is on time after all`,
    deadline_missed: ({ device }) => `${device} was not ready in time`,
    disconnected: ({ device }) => `${device} has to be reconnected`,
    action_needed: ({ device }) => `${device} needs you`,
    repaired: ({ device }) => `${device} is connected again`,
    boost_started: ({ device }) => `${device} charges now`,
    boost_failed: ({ device }) => `${device} did not start to charge`,
    boost_finished: ({ device }) => `Charge Now has ended: ${device}`,
    target_reached: ({ device, level }) => `${device} is charged${level ? ` to ${level}` : ''}`,
    data_old: ({ device }) => `No news from ${device}`,
    data_back: ({ device }) => `${device} reports again`,
    away_begun: () => 'Your time away has begun',
    away_not_paused: () => 'Not everything could be paused yet',
    away_reminder: () => 'Your home is getting ready for you',
    away_ended: () => 'Welcome back',
    away_not_resumed: () => 'Not everything runs again yet',
  },
  body: {
    deadline_at_risk: ({ level, target, canBoost, unplugged, plugInBy }) =>
      [
        level && target ? `It has ${level} and should have ${target}.` : '',
        unplugged ? `It is not plugged in: plug it in ${plugInBy ? `by ${plugInBy}` : 'soon'}.` : '',
        canBoost && !unplugged ? 'Charge Now still gets it as far as possible.' : '',
      ]
        .filter(Boolean)
        .join(' ') || 'It may have less than you asked for.',
    deadline_safe: ({ level }) => (level ? `It has ${level} now.` : 'Nothing to do.'),
    deadline_missed: ({ level, target }) =>
      level && target ? `It had ${level} instead of ${target}.` : 'It had less than you asked for.',
    disconnected: () => 'The link to the manufacturer has lapsed. Until it is renewed nothing is optimised.',
    action_needed: () => 'Something has to be done before it can go on. Open it to see what.',
    repaired: () => 'Nothing more to do.',
    boost_started: ({ level }) => (level ? `It started at ${level}.` : 'Charge Now has started.'),
    boost_failed: () =>
      'Charge Now was asked for, and the device did not begin. Try once more, or plug in anew.',
    boost_finished: ({ level, unplugged }) =>
      [unplugged ? 'The cable was unplugged.' : '', level ? `It has ${level}.` : '']
        .filter(Boolean)
        .join(' ') || 'Smart charging goes on as before.',
    target_reached: ({ target }) => (target ? `The target was ${target}.` : 'The target is reached.'),
    data_old: ({ at }) => `${at ? `Last report: ${at}. ` : ''}What you see of it may have changed.`,
    data_back: () => 'Its values are up to date.',
    away_begun: ({ count, at }) =>
      `${count === 0 ? 'No device had to be paused' : `${devices(count)} paused`}${at ? `, until ${at}` : ''}.`,
    away_not_paused: () => 'The devices cannot be reached at present. We go on trying.',
    away_reminder: ({ at }) =>
      `Optimisation starts again${at ? `: ${at}` : ' soon'}. You can change that if you come later.`,
    away_ended: ({ count }) =>
      count === 0 ? 'No device had to be switched on again.' : `${devices(count)} optimised again.`,
    away_not_resumed: () => 'Some devices cannot be reached at present. We go on trying.',
  },
  topic: {
    deadline: { label: 'Charge deadlines', explained: 'When a car may not be ready in time' },
    connection: {
      label: 'Connection',
      explained: 'When a device has to be reconnected, and when it works again',
    },
    boost: { label: 'Charge Now', explained: 'When it starts, ends, or does not start' },
    target: { label: 'Charged', explained: 'When a car has the level you asked for' },
    data: { label: 'Old values', explained: 'When a device stays silent, and when it reports again' },
    away: { label: 'Away', explained: 'When your time away begins and ends, and the evening before' },
  },
  summary: (n) => `${n} messages from your home`,
  mail: {
    greeting: 'Hello,',
    open: 'Open your home',
    reason: (brand) => `You get this mail because you asked ${brand} for it.`,
    unsubscribe: 'No more mails',
    code: {
      subject: (brand) => `Your code for ${brand}`,
      text: (code, minutes) => `Your code is ${code}. It is good for ${minutes} minutes.`,
      ignore: 'If you did not ask for it, you need not do anything.',
    },
  },
}
