/** What to call a device: manufacturer and model, as far as they are known. */
export function deviceName(device: { manufacturer: string | null; model: string | null }): string | null {
  const manufacturer = device.manufacturer?.trim() ?? ''
  const model = device.model?.trim() ?? ''
  // Some models carry the maker's name already.
  if (model.toLowerCase().startsWith(manufacturer.toLowerCase())) return model || null
  return `${manufacturer} ${model}`.trim()
}
