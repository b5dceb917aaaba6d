// Joins a slider of two ends with the two fields that hold its numbers. The fields are what is sent.

for (const slider of document.querySelectorAll('[data-slider]')) join(slider)

function join(slider) {
  const form = slider.closest('form')
  const used = slider.querySelector('[data-used]')
  const ends = [...slider.querySelectorAll('input[data-for]')]
  const fields = ends.map((end) => form?.elements.namedItem(end.dataset.for))
  if (fields.some((field) => !field)) return
  const [floor, ceiling] = ends

  function draw() {
    used.setAttribute('x', floor.value)
    used.setAttribute('width', Math.max(0, ceiling.value - floor.value))
  }
  /** What is in a field that is no level leaves the end where it is, for the field to be looked at. */
  function follow() {
    for (const [n, end] of ends.entries()) {
      const level = Number(fields[n].value.replace(',', '.'))
      if (fields[n].value !== '' && level >= 0 && level <= 100) end.value = String(level)
    }
    draw()
  }
  function moved(end, n) {
    if (Number(floor.value) > Number(ceiling.value)) end.value = n === 0 ? ceiling.value : floor.value
    fields[n].value = end.value
    draw()
  }
  for (const [n, end] of ends.entries()) {
    end.addEventListener('input', () => moved(end, n))
    fields[n].addEventListener('input', follow)
  }
  ceiling.value = '100'
  floor.value = '0'
  follow()
  slider.hidden = false
}
