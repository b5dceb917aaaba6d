export type { Arming, BoostButton, BoostPhase, Deadline } from './boost.ts'
export { listStaleMs, pollAfterMs } from './cadence.ts'
export { connectStep, hasReportedSince, newDeviceOf, type ConnectStep } from './connect.ts'
export { connection, type Connection } from './connection.ts'
export { deviceName } from './device-name.ts'
export { vehicleView, type ChargeStatus, type VehicleView } from './electric-vehicle.ts'
export { deadlineVerdict, type DeadlineVerdict, type Verdict, type VerdictCause } from './deadline.ts'
export { energyOf, selfConsumption, selfSufficiency, type Energy, type PowerSample } from './energy.ts'
export { flowChildren, type FlowChild } from './flow-children.ts'
export {
  flowEdges,
  flowPicture,
  type BatteryNode,
  type FlowEdge,
  type FlowNodes,
  type FlowPicture,
  type GridNode,
} from './flows.ts'
export { formatter, type Formatter } from './format.ts'
export {
  CLOCK_TOLERANCE_MS,
  DEFAULT_INTERVAL_S,
  freshness,
  type Freshness,
  type FreshnessLevel,
  type StaleCause,
} from './freshness.ts'
export { heatPumpView, type HeatPumpStatus, type HeatPumpView } from './heat-pump.ts'
export { homeView, type DeviceView, type HomeView } from './home.ts'
export { learnInterval } from './interval.ts'
export { centsPerKwh, hourPrice, type HourPrice } from './hour-price.ts'
export { inverterView, type InverterView } from './inverter.ts'
export { largestRemainder } from './largest-remainder.ts'
export { nextReadingAt } from './next-reading.ts'
export { noticeText, type NoticeText } from './notice-text.ts'
export type { Pause } from './pause.ts'
export type { Parts } from './parts.ts'
export { reasonSentence } from './reason-sentence.ts'
export type { Reason, ReasonNext } from './reasons.ts'
export { freshnessSentence } from './sentences.ts'
export {
  configComplaints,
  planComplaints,
  settingsComplaints,
  type SettingsComplaint,
  type SettingsComplaints,
} from './settings-check.ts'
export type { FieldName, Quantity, Shown, Tile } from './shown.ts'
export { isWithdrawn, staleness, type Staleness } from './staleness.ts'
export {
  clockChange,
  dayOf,
  isTimeZone,
  minuteOfDay,
  momentOf,
  timeOfMinute,
  wallTime,
  weekdayOf,
  type ClockChange,
  type WallTime,
} from './wall-clock.ts'
export { wallboxView, type WallboxOnline, type WallboxStatus, type WallboxView } from './wallbox.ts'
export {
  nextDeadline,
  nextDeadlines,
  plannedDeadline,
  zoneOf,
  type Deadlines,
  type Occurrence,
} from './weekly-plan.ts'
export { isTimeOfDay } from './times.ts'
export { de } from './words/de.ts'
export { en } from './words/en.ts'
export { displayWords } from './words/index.ts'
export type { DisplayWords, Language } from './words/words.ts'
export { noticesDe } from './words/notices-de.ts'
export { noticesEn } from './words/notices-en.ts'
export type { NoticeParts, NoticeWords } from './words/notices.ts'
