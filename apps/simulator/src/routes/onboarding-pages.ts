import type { DeviceType, OnboardingDeviceType } from '@homewatt/contract'
import { OnboardingDeviceType as DeviceCode } from '@homewatt/contract'
import { credentialFields, escape, hidden, layout, message, wordsIn } from '../connect-page.ts'
import type { Context } from '../context.ts'
import { chance, keyOf } from '../hash.ts'
import { models } from '../homes/cast.ts'
import { page, seeOther, type Answer } from '../http.ts'
import type { OnboardingSession } from '../onboarding.ts'
import type { Call, Route } from '../router.ts'
import { ocppUrl } from './onboarding.ts'

/**
 * The Connect pages of an onboarding session: choose what it is and who made it, sign in at the manufacturer, and
 * consent. Then the device is there. A wallbox is claimed instead: it calls by itself once it knows the address.
 */
export function onboardingPages(context: Context): Route[] {
  return [
    {
      method: 'GET',
      template: '/connect',
      bearer: false,
      handler: (call) =>
        withSession(context, call, call.request.query, (session, type, maker) => {
          if (type === null) return page(typePage(session))
          if (type === 'wb') return page(claimPage(context, call, session, false))
          if (maker === null) return page(makerPage(session, type))
          if (session.signedInTo !== maker) return page(signInPage(session, type, maker, false))
          return page(consentPage(session, type, maker))
        }),
    },
    {
      method: 'POST',
      template: '/connect',
      bearer: false,
      handler: (call) => {
        const form = call.request.form()
        return withSession(context, call, form, (session, type, maker) => {
          const decision = form.get('decision')
          if (decision === 'cancel' || form.get('password') === 'fail') {
            session.signedInTo = null
            return seeOther(session.cancelUrl)
          }
          if (type === 'wb' && decision === 'check') return checked(context, call, session)
          if (type === null || maker === null) return seeOther(stepUrl(session, type, null))
          if (decision === 'sign-in') {
            if (form.get('password') === 'wrong') return page(signInPage(session, type, maker, true), 401)
            session.signedInTo = maker
            return seeOther(stepUrl(session, type, maker))
          }
          if (decision === 'allow' && session.signedInTo === maker)
            return connected(context, session, type, maker, call.nowMs)
          return seeOther(stepUrl(session, type, maker))
        })
      },
    },
  ]
}

const typeOf = {
  hp: 'heat-pumps',
  ev: 'electric-vehicles',
  iv: 'inverters',
  wb: 'wallboxes',
} satisfies Record<OnboardingDeviceType, DeviceType>

function withSession(
  { onboarding, world }: Context,
  { nowMs }: Call,
  fields: URLSearchParams,
  then: (session: OnboardingSession, type: OnboardingDeviceType | null, maker: string | null) => Answer,
): Answer {
  const session = onboarding.session(fields.get('onboarding_session_id') ?? '')
  const home = session && world.homeAt(session.userId, nowMs)
  const open =
    home?.user.deleted_at === null && session && session.deviceId === null && session.expiresMs > nowMs
  const w = wordsIn(session?.language ?? 'en')
  if (!open) return page(message(w.invalid, w.startAgain, session?.language), 410)
  const asked = DeviceCode.options.find((code) => code === fields.get('type')) ?? null
  const type = session.deviceType ?? asked
  const maker = type && makersOf(type).find((name) => name === fields.get('maker'))
  return then(session, type, maker ?? null)
}

/** The consent was given: now there is a device. */
function connected(
  { world }: Context,
  session: OnboardingSession,
  type: OnboardingDeviceType,
  maker: string,
  nowMs: number,
): Answer {
  const home = world.homeAt(session.userId, nowMs)
  const [manufacturer, model, year] = foundAt(session, type, maker)
  if (!home) throw new RangeError('A session without a home.')
  const device = world.install(
    home,
    {
      type: typeOf[type],
      manufacturer,
      model,
      year,
      buildingId: home.buildings.some(({ id }) => id === session.buildingId) ? session.buildingId : null,
      optimised: session.optimised,
      authenticated: true,
    },
    nowMs,
  )
  device.facts['price_zone'] = session.priceZone
  session.deviceId = device.id
  return seeOther(session.successUrl)
}

function checked(context: Context, call: Call, session: OnboardingSession): Answer {
  const by = context.onboarding.token(session.claimToken ?? '')?.claimedBy
  if (!by) return page(claimPage(context, call, session, true))
  session.deviceId = by.wallboxId
  return seeOther(session.successUrl)
}

const makersOf = (type: OnboardingDeviceType) => models[typeOf[type]].map(([maker]) => maker)

/** The device that a manufacturer's account turns out to hold. */
function foundAt(session: OnboardingSession, type: OnboardingDeviceType, maker: string) {
  const offered = models[typeOf[type]].filter(([name]) => name === maker)
  const found = offered[Math.floor(chance(keyOf(session.id, maker), 0) * offered.length)]
  if (!found) throw new RangeError(`${maker} makes no such device.`)
  return found
}

function stepUrl(session: OnboardingSession, type: OnboardingDeviceType | null, maker: string | null) {
  const query = new URLSearchParams({ onboarding_session_id: session.id })
  if (type) query.set('type', type)
  if (maker) query.set('maker', maker)
  return `/connect?${query}`
}

function typePage(session: OnboardingSession): string {
  const w = wordsIn(session.language)
  const choices = DeviceCode.options.map(
    (type) => `<button name="type" value="${type}">${w.types[type]}</button>`,
  )
  return choicePage(session, w.chooseType, {}, choices)
}

function makerPage(session: OnboardingSession, type: OnboardingDeviceType): string {
  const w = wordsIn(session.language)
  const choices = makersOf(type).map(
    (maker) => `<button name="maker" value="${escape(maker)}">${escape(maker)}</button>`,
  )
  return choicePage(session, w.chooseMaker(w.types[type]), { type }, choices)
}

function choicePage(
  session: OnboardingSession,
  title: string,
  fields: Record<string, string>,
  choices: string[],
): string {
  return layout(
    title,
    `<form class="choice" action="/connect">${hidden({ onboarding_session_id: session.id, ...fields })}
${choices.join('\n')}
</form>
${cancelForm(session)}`,
    session.language,
  )
}

function signInPage(
  session: OnboardingSession,
  type: OnboardingDeviceType,
  maker: string,
  failed: boolean,
): string {
  const w = wordsIn(session.language)
  return layout(
    w.connect(maker),
    `<p>${escape(w.signIn(maker))}</p>
<form method="post" action="/connect">${hidden({ onboarding_session_id: session.id, type, maker })}
${credentialFields(w, failed ? w.refused : null)}
<button name="decision" value="sign-in">${w.signInButton}</button>
</form>
${cancelForm(session)}`,
    session.language,
  )
}

function consentPage(session: OnboardingSession, type: OnboardingDeviceType, maker: string): string {
  const w = wordsIn(session.language)
  const [manufacturer, model, year] = foundAt(session, type, maker)
  const device = `${manufacturer} ${model}${year === null ? '' : ` (${year})`}`
  return layout(
    w.consent,
    `<p>${escape(w.found(device))}</p><p>${w.asks}</p>
<form method="post" action="/connect">${hidden({ onboarding_session_id: session.id, type, maker })}
<button name="decision" value="allow">${w.allow}</button>
<button name="decision" value="cancel">${w.cancel}</button>
</form>`,
    session.language,
  )
}

function claimPage({ onboarding }: Context, call: Call, session: OnboardingSession, asked: boolean): string {
  const w = wordsIn(session.language)
  const shown = onboarding.token(session.claimToken ?? '')
  if (!shown || shown.expiresMs <= call.nowMs)
    session.claimToken = onboarding.mint(session.userId, call.nowMs).token
  return layout(
    w.claim,
    `<p>${w.claimHow}</p><p><code>${escape(ocppUrl(call, session.claimToken ?? ''))}</code></p>
${asked ? `<p role="status">${w.claimWaiting}</p>` : ''}
<form method="post" action="/connect">${hidden({ onboarding_session_id: session.id, type: 'wb' })}
<button name="decision" value="check">${w.claimCheck}</button>
</form>
${cancelForm(session)}`,
    session.language,
  )
}

const cancelForm = (session: OnboardingSession) =>
  `<form method="post" action="/connect">${hidden({ onboarding_session_id: session.id })}
<button name="decision" value="cancel">${wordsIn(session.language).cancel}</button></form>`
