import * as v from 'valibot'
import { Building, BuildingWrite } from './buildings.ts'
import { DeviceType } from './device.ts'
import { EnergyContract, EnergyContractWrite } from './energy-contracts.ts'
import { uuid } from './fields.ts'

/** Connecting devices, and what belongs to the home around them, as the gateway's own API has it. */

/** Body of `POST /api/onboarding`. */
export const ConnectStart = v.strictObject({
  type: DeviceType,
  /** Where the device stands; left out where there is nothing to choose from. */
  building_id: v.optional(v.nullable(uuid)),
})
export type ConnectStart = v.InferOutput<typeof ConnectStart>

/** Its answer: the Connect page, checked against the allowed hosts. */
export const ConnectStarted = v.object({ redirect_url: v.string() })
export type ConnectStarted = v.InferOutput<typeof ConnectStarted>

/** A device that somebody set out to connect. Which one it became is read off the home: it is not among `known`. */
export const PendingConnect = v.object({
  type: DeviceType,
  began_at: v.string(),
  /** Ids of the devices of this type that were there before. */
  known: v.array(v.string()),
})
export type PendingConnect = v.InferOutput<typeof PendingConnect>

/** `GET /api/onboarding`: the connection begun last, until its device has reported, or its session is over. */
export const ConnectState = v.object({ pending: v.nullable(PendingConnect) })
export type ConnectState = v.InferOutput<typeof ConnectState>

/** Answer of `POST /api/onboarding/claim`: what a charger has to be told so that it calls by itself. */
export const ClaimTicket = v.object({
  token: v.string(),
  /** Where the charger connects to (OCPP). */
  wss_url: v.string(),
  expires_at: v.string(),
})
export type ClaimTicket = v.InferOutput<typeof ClaimTicket>

/** `GET|POST /api/buildings`, `PUT /api/buildings/{id}`. */
export const Buildings = v.object({ buildings: v.array(Building) })
export type Buildings = v.InferOutput<typeof Buildings>

/** Body of the writes: every field that is offered, and no other. */
export const BuildingForm = v.strictObject(BuildingWrite.entries)
export type BuildingForm = v.InferOutput<typeof BuildingForm>

/** `GET /api/energy-contracts`. */
export const EnergyContracts = v.object({ contracts: v.array(EnergyContract) })
export type EnergyContracts = v.InferOutput<typeof EnergyContracts>

/** Body of `POST /api/energy-contracts` and `PUT /api/energy-contracts/{id}`. */
export const EnergyContractForm = v.strictObject(EnergyContractWrite.entries)
export type EnergyContractForm = v.InferOutput<typeof EnergyContractForm>
