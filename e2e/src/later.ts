/**
 * For `--import`: the process lives `LATER_MS` later than its machine does. So a night or a week passes over a gateway
 * by starting it again.
 */
const laterMs = Number(process.env['LATER_MS'] ?? 0)
const presentMs = Date.now.bind(Date)

Date.now = () => presentMs() + laterMs
globalThis.Date = new Proxy(Date, {
  construct: (date, parts, type) =>
    Reflect.construct(date, parts.length > 0 ? parts : [Date.now()], type) as Date,
})
