import { usualNoticeSettings, type DeviceType } from '@homewatt/contract'

/** What a test has to know of a route to ask for it rightly. */
export type Route = {
  /** What the ids in its path (or query) name. */
  ids: 'none' | 'devices' | 'sessions' | 'buildings' | 'energy-contracts'
  /** The device types that it is there for; all of them unless said otherwise. */
  types?: readonly DeviceType[]
  /** A body that it takes; a function of the device type where that makes a difference. */
  body?: unknown
}

const none: Route = { ids: 'none' }
const devices: Route = { ids: 'devices' }
const boostable: Route = { ids: 'devices', types: ['electric-vehicles', 'wallboxes'] }

const day = { charge_percentage: 80, charge_deadline: '07:00' }
const plan = {
  mon: day,
  tue: day,
  wed: day,
  thu: day,
  fri: day,
  sat: null,
  sun: null,
  timezone: 'Europe/Berlin',
}

/** Every route of the API. A new one belongs in here before it may answer anybody: tests go by this table. */
export const routes: Record<string, Route> = {
  'GET /api/stream': none,
  'GET /api/health': none,
  'GET /api/openapi.json': none,
  'GET /api/session': none,
  'POST /api/session/end': none,
  'POST /api/sign-in': { ids: 'none', body: { return_to: 'overview' } },
  'GET /api/sign-in/callback': none,
  'POST /api/sign-in/backchannel-logout': none,
  'POST /api/embed/session': { ids: 'none', body: { token: 'x' } },
  'GET /api/demo/homes': none,
  'POST /api/demo/sign-in': { ids: 'none', body: { home: 'full' } },
  'GET /api/home': none,
  'POST /api/refresh': none,
  'GET /api/sessions': none,
  'DELETE /api/sessions': none,
  'DELETE /api/sessions/:id': { ids: 'sessions' },
  'GET /api/devices/:type/:id': devices,
  'PUT /api/devices/:type/:id': { ids: 'devices', body: { is_smart_optimization_active: true } },
  'GET /api/devices/:type/:id/charge-policy': { ids: 'devices', types: ['electric-vehicles'] },
  'PUT /api/devices/:type/:id/charge-policy': { ids: 'devices', types: ['electric-vehicles'], body: plan },
  'GET /api/charging-config': none,
  'PUT /api/charging-config': { ids: 'none', body: { mode: 'none' } },
  'POST /api/devices/:type/:id/boost': boostable,
  'DELETE /api/devices/:type/:id/boost': boostable,
  'POST /api/devices/:type/:id/actions/:n/start': devices,
  'POST /api/actions/given-up': { ids: 'none', body: { device_id: null } },
  'GET /api/history': devices,
  'DELETE /api/history': none,
  'GET /api/prices': none,
  'GET /api/history/settings': none,
  'PUT /api/history/settings': { ids: 'none', body: { is_kept: true } },
  'GET /api/audit': none,
  'GET /api/away': none,
  'PUT /api/away': { ids: 'none', body: { from: null, until: '2026-06-25T10:00:00Z' } },
  'DELETE /api/away': none,
  'GET /api/notices': none,
  'GET /api/notices/unread': none,
  'POST /api/notices/read': { ids: 'none', body: { until: '2026-06-21T10:00:00Z' } },
  'GET /api/notices/settings': none,
  'PUT /api/notices/settings': { ids: 'none', body: usualNoticeSettings },
  'PUT /api/notices/email': { ids: 'none', body: { address: 'anna@example.com' } },
  'DELETE /api/notices/email': none,
  'POST /api/notices/email/confirm': { ids: 'none', body: { code: '123456' } },
  'POST /api/notices/unsubscribe': none,
  'GET /api/push/key': none,
  'PUT /api/push/subscription': {
    ids: 'none',
    body: {
      endpoint: 'https://fcm.googleapis.com/fcm/send/x',
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    },
  },
  'POST /api/push/subscription/known': {
    ids: 'none',
    body: { endpoint: 'https://fcm.googleapis.com/fcm/send/x' },
  },
  'DELETE /api/push/subscription': {
    ids: 'none',
    body: { endpoint: 'https://fcm.googleapis.com/fcm/send/x' },
  },
  'GET /api/onboarding': none,
  'POST /api/onboarding': { ids: 'none', body: { type: 'inverters' } },
  'POST /api/onboarding/claim': none,
  'GET /api/buildings': none,
  'POST /api/buildings': { ids: 'none', body: { name: 'House' } },
  'PUT /api/buildings/:id': { ids: 'buildings', body: { name: 'House' } },
  'DELETE /api/buildings/:id': { ids: 'buildings' },
  'GET /api/energy-contracts': none,
  'POST /api/energy-contracts': { ids: 'none', body: { energy_contract_type: 'spot_hourly' } },
  'PUT /api/energy-contracts/:id': { ids: 'energy-contracts', body: { energy_contract_type: 'spot_hourly' } },
}
