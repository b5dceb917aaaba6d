import type { FlowPicture, Formatter } from '@homewatt/display'
import type { Words } from './words/words.ts'

/** Above this share of home use, one source is said to carry the house alone. */
const ALONE = 0.95
/** Below this share of home use a source is not worth a word. */
const HARDLY = 0.05

/**
 * What the flow picture shows, in words for a heading and for screen readers: what the home lives on, and in
 * `detail` where else power comes from or goes to (empty when there is nothing to add).
 */
export function flowSentence(
  flow: FlowPicture,
  words: Words,
  format: Formatter,
): { headline: string; detail: string } {
  const { edges, nodes } = flow
  const say = words.flow.sentence
  if (!edges || nodes.home.w === null) return { headline: say.unknown, detail: '' }
  const power = (w: number) => format.power(w, flow.unit).text
  const batteryW = edges.solarToBattery + edges.gridToBattery
  const exportW = edges.solarToGrid + edges.batteryToGrid
  const suppliedW = edges.solarToHome + edges.batteryToHome + edges.gridToHome
  return { headline: headline(edges), detail: detail(edges) }

  function headline({ solarToHome, batteryToHome }: NonNullable<FlowPicture['edges']>): string {
    if (suppliedW === 0) return nodes.home.w === 0 ? say.idle : say.unknown
    const solar = solarToHome / suppliedW
    const battery = batteryToHome / suppliedW
    if (solar >= ALONE) return say.solarOnly
    if (battery >= ALONE) return say.batteryOnly
    if (solar + battery >= ALONE) return say.solarAndBattery
    if (solar + battery < HARDLY) return say.gridOnly
    return solar >= battery
      ? say.solarShare(format.percent(solar * 100).text)
      : say.batteryShare(format.percent(battery * 100).text)
  }

  function detail({ gridToHome }: NonNullable<FlowPicture['edges']>): string {
    if (batteryW > 0 && exportW > 0) return say.toBatteryAndGrid(power(batteryW), power(exportW))
    if (batteryW > 0) return say.toBattery(power(batteryW))
    if (exportW > 0) return say.toGrid(power(exportW))
    if (gridToHome > 0 && gridToHome < suppliedW * ALONE) return say.fromGrid(power(gridToHome))
    return nodes.home.w ? say.uses(power(nodes.home.w)) : ''
  }
}
