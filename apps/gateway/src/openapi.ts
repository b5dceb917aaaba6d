import {
  ActionGivenUp,
  ActionStart,
  AuditTrail,
  AwayAnswer,
  AwayWish,
  Beat,
  BoostAnswer,
  BuildingForm,
  Buildings,
  ClaimTicket,
  ChargePlan,
  ChargePlanAnswer,
  ChargingConfigAnswer,
  ChargingConfigChange,
  ConnectStart,
  ConnectStarted,
  ConnectState,
  DemoHomes,
  DemoSignIn,
  DeviceAnswer,
  deviceSettings,
  DeviceType,
  EmailCode,
  EmailOutcome,
  EmailWish,
  EmbedSignIn,
  EnergyContractForm,
  EnergyContracts,
  GatewayError,
  History,
  HistorySettings,
  HistoryState,
  HomeChange,
  HomePrices,
  HomeSnapshot,
  NoticeList,
  NoticeSettings,
  NoticeSettingsAnswer,
  NoticesRead,
  NoticesUnread,
  PushKey,
  PushSubscriptionEnd,
  PushSubscriptionKnown,
  PushSubscriptionWish,
  Release,
  Saved,
  Session,
  SessionList,
  SignedOut,
  SignInStart,
  SignInStarted,
} from '@homewatt/contract'
import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

/** The gateway's API in OpenAPI 3.1, made from the same schemas that the code goes by. */
export function openApi() {
  const device = [
    parameter('type', schemaOf(DeviceType)),
    parameter('id', { type: 'string', format: 'uuid' }),
  ]
  const record = parameter('id', { type: 'string', format: 'uuid' })
  const write = [{ name: 'x-homewatt', in: 'header', required: true, schema: { const: '1' } }]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Homewatt gateway',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/api/health': {
        get: {
          summary: 'Whether this process is to be given requests',
          responses: { 200: { description: 'Yes' }, 503: { description: 'No: it is about to stop' } },
        },
      },
      '/api/session': {
        get: {
          summary:
            'Who is signed in, without saying who, and what is switched off here: its routes answer 404, its fields of a device are refused',
          ...answers(Session),
        },
      },
      '/api/session/end': {
        post: {
          summary: 'Sign out; the answer says where to sign out of the issuer too',
          parameters: write,
          ...answers(SignedOut),
        },
      },
      '/api/sessions': {
        get: { summary: 'Where the person is signed in', ...answers(SessionList) },
        delete: {
          summary: 'End all sessions of the person but this one',
          parameters: write,
          responses: { 204: { description: 'Done' }, ...failures },
        },
      },
      '/api/sessions/{id}': {
        delete: {
          summary: 'End one session of the person',
          parameters: [parameter('id', { type: 'string' }), ...write],
          responses: { 204: { description: 'Done' }, ...failures },
        },
      },
      '/api/sign-in': {
        post: {
          summary: 'Begin to sign in; not there in the demo',
          parameters: write,
          requestBody: { required: true, content: json(SignInStart) },
          ...answers(SignInStarted),
        },
      },
      '/api/sign-in/callback': {
        get: {
          summary: 'Where the OpenID provider sends people back to',
          responses: {
            200: { description: 'Signed in; a page that moves on by itself' },
            303: { description: 'Not signed in; `/sign-in?reason=…` says why' },
          },
        },
      },
      '/api/sign-in/backchannel-logout': {
        post: {
          summary: 'OpenID Connect back-channel logout',
          requestBody: {
            required: true,
            content: {
              'application/x-www-form-urlencoded': {
                schema: {
                  type: 'object',
                  required: ['logout_token'],
                  properties: { logout_token: { type: 'string' } },
                },
              },
            },
          },
          responses: {
            200: { description: 'The sessions are over' },
            default: {
              description: 'Not believed, or not now; told as OpenID Connect tells it',
              content: {
                'application/json': {
                  schema: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
                },
              },
            },
          },
        },
      },
      '/api/embed/session': {
        post: {
          summary: 'Swap a token of the partner for a session; only where the tenant has set that up',
          parameters: write,
          requestBody: { required: true, content: json(EmbedSignIn) },
          responses: { 204: { description: 'The session cookie is set' }, ...failures },
        },
      },
      '/api/home': { get: { summary: 'The home as last known', ...answers(HomeSnapshot) } },
      '/api/stream': {
        get: {
          summary:
            'The home and its changes as server-sent events: one `snapshot`, the `release` of the pages, then `change` and `beat`',
          responses: {
            200: {
              description: 'Data of the events, as JSON',
              content: {
                'text/event-stream': {
                  schema: { oneOf: [HomeSnapshot, Release, HomeChange, Beat].map(schemaOf) },
                },
              },
            },
            ...failures,
          },
        },
      },
      '/api/refresh': {
        post: { summary: 'Ask the Partner API anew', parameters: write, ...answers(HomeSnapshot) },
      },
      '/api/devices/{type}/{id}': {
        get: { summary: 'One device with its actions', parameters: device, ...answers(DeviceAnswer) },
        put: {
          summary: 'Change settings of a device: those of its type that are named; what is left out stays',
          parameters: [...device, ...write],
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: { anyOf: Object.values(deviceSettings).map(schemaOf) } },
            },
          },
          ...answers(Saved),
        },
      },
      '/api/devices/{type}/{id}/charge-policy': {
        get: { summary: 'The weekly plan of a vehicle', parameters: device, ...answers(ChargePlanAnswer) },
        put: {
          summary: 'Write the weekly plan of a vehicle, whole',
          parameters: [...device, ...write],
          requestBody: { required: true, content: json(ChargePlan) },
          ...answers(Saved),
        },
      },
      '/api/charging-config': {
        get: { summary: 'How all charging devices are steered', ...answers(ChargingConfigAnswer) },
        put: {
          summary: 'Steer all charging devices in another way; what is left out stays',
          parameters: write,
          requestBody: { required: true, content: json(ChargingConfigChange) },
          ...answers(Saved),
        },
      },
      '/api/devices/{type}/{id}/boost': {
        post: {
          summary: 'Charge now, or arm it for the next plug-in',
          parameters: [...device, ...write],
          ...answers(BoostAnswer),
        },
        delete: {
          summary: 'Disarm; ends the running boost of a wallbox',
          parameters: [...device, ...write],
          ...answers(BoostAnswer),
        },
      },
      '/api/devices/{type}/{id}/actions/{n}/start': {
        post: {
          summary: 'Start what the partner asks of the user',
          parameters: [...device, parameter('n', { type: 'integer', minimum: 0 }), ...write],
          ...answers(ActionStart),
        },
      },
      '/api/actions/given-up': {
        post: {
          summary:
            'The user came back from the partner without having done it; that something was done is seen by itself',
          parameters: write,
          requestBody: { required: false, content: json(ActionGivenUp) },
          responses: { 204: { description: 'The partner is told, if anything was under way' }, ...failures },
        },
      },
      '/api/onboarding': {
        get: { summary: 'The device that somebody set out to connect last', ...answers(ConnectState) },
        post: {
          summary: 'Begin to connect a device; the answer says where to send the browser',
          parameters: write,
          requestBody: { required: true, content: json(ConnectStart) },
          ...answers(ConnectStarted),
        },
      },
      '/api/onboarding/claim': {
        post: {
          summary: 'What a wallbox has to be told so that it calls by itself',
          parameters: write,
          ...answers(ClaimTicket),
        },
      },
      '/api/prices': {
        get: { summary: 'What power costs today, as far as it is known', ...answers(HomePrices) },
      },
      '/api/buildings': {
        get: { summary: 'The buildings of the home', ...answers(Buildings) },
        post: {
          summary: 'Add a building',
          parameters: write,
          requestBody: { required: true, content: json(BuildingForm) },
          ...answers(Saved),
        },
      },
      '/api/buildings/{id}': {
        put: {
          summary: 'Change a building',
          parameters: [record, ...write],
          requestBody: { required: true, content: json(BuildingForm) },
          ...answers(Saved),
        },
        delete: {
          summary: 'Remove a building; its devices stay',
          parameters: [record, ...write],
          ...answers(Saved),
        },
      },
      '/api/energy-contracts': {
        get: { summary: 'How the home pays for electricity', ...answers(EnergyContracts) },
        post: {
          summary: 'Add an energy contract',
          parameters: write,
          requestBody: { required: true, content: json(EnergyContractForm) },
          ...answers(Saved),
        },
      },
      '/api/energy-contracts/{id}': {
        put: {
          summary: 'Change an energy contract; what is left out stays',
          parameters: [record, ...write],
          requestBody: { required: true, content: json(EnergyContractForm) },
          ...answers(Saved),
        },
      },
      '/api/history': {
        get: {
          summary: 'What a device reported, as it was kept',
          parameters: [
            asked('from', { type: 'string', format: 'date-time' }),
            asked('to', { type: 'string', format: 'date-time' }),
            asked('type', schemaOf(DeviceType)),
            asked('id', { type: 'string', format: 'uuid' }),
          ],
          ...answers(History),
        },
        delete: {
          summary: 'Delete all history of this user',
          parameters: write,
          responses: { 204: { description: 'Deleted' }, ...failures },
        },
      },
      '/api/history/settings': {
        get: {
          summary: 'Whether history is kept for this user, and can be just now',
          ...answers(HistoryState),
        },
        put: {
          summary: 'Keep history from now on, or no longer',
          parameters: write,
          requestBody: { required: true, content: json(HistorySettings) },
          ...answers(HistorySettings),
        },
      },
      '/api/audit': {
        get: {
          summary: 'What was told to the devices of this user, newest first',
          parameters: [before],
          ...answers(AuditTrail),
        },
      },
      '/api/away': {
        get: { summary: 'The time away, if there is one', ...answers(AwayAnswer) },
        put: {
          summary:
            'Switch optimisation off on all devices from one moment to another; moves the end while it lasts',
          parameters: write,
          requestBody: { required: true, content: json(AwayWish) },
          ...answers(AwayAnswer),
        },
        delete: {
          summary: 'End it now; what was switched off is switched on again',
          parameters: write,
          ...answers(AwayAnswer),
        },
      },
      '/api/notices': {
        get: {
          summary: 'What happened, newest first',
          parameters: [before],
          ...answers(NoticeList),
        },
      },
      '/api/notices/unread': { get: { summary: 'How many are not read', ...answers(NoticesUnread) } },
      '/api/notices/read': {
        post: {
          summary: 'All up to a moment are read',
          parameters: write,
          requestBody: { required: true, content: json(NoticesRead) },
          ...answers(NoticesUnread),
        },
      },
      '/api/notices/settings': {
        get: { summary: 'What is told, when and where', ...answers(NoticeSettingsAnswer) },
        put: {
          summary: 'Choose what is told, and quiet hours',
          parameters: write,
          requestBody: { required: true, content: json(NoticeSettings) },
          ...answers(NoticeSettingsAnswer),
        },
      },
      '/api/notices/email': {
        put: {
          summary: 'Send a code to the address that mail is wanted at',
          parameters: write,
          requestBody: { required: true, content: json(EmailWish) },
          ...answers(EmailOutcome),
        },
        delete: { summary: 'No more mail', parameters: write, ...answers(EmailOutcome) },
      },
      '/api/notices/email/confirm': {
        post: {
          summary: 'The code that was sent to the address',
          parameters: write,
          requestBody: { required: true, content: json(EmailCode) },
          ...answers(EmailOutcome),
        },
      },
      '/api/notices/unsubscribe': {
        post: {
          summary: 'No more mail, by the link in it (RFC 8058); needs neither session nor header',
          parameters: [asked('token', { type: 'string' })],
          responses: { 204: { description: 'Done, if there was anything to do' }, ...failures },
        },
      },
      '/api/push/key': { get: { summary: 'What a browser subscribes with', ...answers(PushKey) } },
      '/api/push/subscription': {
        put: {
          summary: 'This browser gets messages',
          parameters: write,
          requestBody: { required: true, content: json(PushSubscriptionWish) },
          responses: { 204: { description: 'Done' }, ...failures },
        },
        delete: {
          summary: 'This browser gets messages no more',
          parameters: write,
          requestBody: { required: true, content: json(PushSubscriptionEnd) },
          responses: { 204: { description: 'Done' }, ...failures },
        },
      },
      '/api/push/subscription/known': {
        post: {
          summary: 'Whether this browser still gets messages: its push service may have ended that',
          parameters: write,
          requestBody: { required: true, content: json(PushSubscriptionEnd) },
          ...answers(PushSubscriptionKnown),
        },
      },
      '/api/demo/homes': { get: { summary: 'Homes of the simulator', ...answers(DemoHomes) } },
      '/api/demo/sign-in': {
        post: {
          summary: 'Enter a home of the simulator',
          parameters: write,
          requestBody: { required: true, content: json(DemoSignIn) },
          responses: { 204: { description: 'The session cookie is set' }, ...failures },
        },
      },
    },
  }
}

const parameter = (name: string, schema: object) => ({ name, in: 'path', required: true, schema })

const asked = (name: string, schema: object) => ({ name, in: 'query', required: true, schema })

const before = {
  ...asked('before', { type: 'string' }),
  required: false,
  description: '`next` of the list that this one goes on from, or a time with its zone',
}

/** In the dialect of OpenAPI 3.1, which therefore need not be named. */
function schemaOf(schema: GenericSchema): object {
  const json = toJsonSchema(schema, { target: 'draft-2020-12', errorMode: 'ignore', typeMode: 'output' })
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== '$schema'))
}

const json = (schema: GenericSchema) => ({ 'application/json': { schema: schemaOf(schema) } })

const failures = { default: { description: 'A failure, told by its code', content: json(GatewayError) } }

const answers = (schema: GenericSchema) => ({
  responses: { 200: { description: 'Done', content: json(schema) }, ...failures },
})
