import type { Outcome } from '@homewatt/ui'
import type { AccountApi, CareApi, ConnectApi, GatewayApi, PricesApi, SettingsApi } from '@homewatt/queries'
import type { Language } from '@homewatt/ui/words'

declare global {
  namespace App {
    interface Locals {
      /** The gateway, asked in the name of whoever asks us. */
      api: GatewayApi
      /** The same, for what a household decides. */
      settings: SettingsApi
      /** And for times away and messages. */
      care: CareApi
      /** For connecting devices, and the home around them. */
      connect: ConnectApi
      /** For what was done, where one is signed in, and what is kept. */
      account: AccountApi
      /** For what power costs. */
      prices: PricesApi
      language: Language
      /** BCP 47, for numbers and dates. */
      locale: string
    }
    interface Error {
      message: string
    }
    interface PageData {
      language: Language
    }
    interface Platform {
      /** As `node:http` gave it; not there while developing. */
      req?: object
    }
    interface ActionData {
      outcome?: Outcome
      /** Where signing in or out goes on, away from here. */
      continueTo?: string
      signedOut?: true
    }
  }
}

export {}
