// Which part of the graph one sees: moved by dragging and arrows, zoomed by wheel, buttons and keys.

export class View {
  place = { x: 0, y: 0, width: 1100, height: 500 }
  /** All there is to see. */
  extent = { left: 0, top: 0, right: 1, bottom: 1 }
  margin = 30
  isMoved = false
  isDragged = false

  /** `changed` is called when names become readable, or too small to be. */
  constructor(changed) {
    this.changed = changed
  }

  /** Shows another part; nothing is drawn anew for it, unless names become too small to read. */
  look(place, isMoved = true) {
    const wasFar = this.isFar
    this.place = place
    this.isMoved = isMoved
    document.querySelector('svg.graph')?.setAttribute('viewBox', this.box)
    if (wasFar !== this.isFar) this.changed()
  }

  get box() {
    const { x, y, width, height } = this.place
    return `${x} ${y} ${width} ${height}`
  }

  get isFar() {
    return this.scale < 0.45
  }

  /** Wide graphs are low ones. */
  get ratio() {
    const { left, top, right, bottom } = this.extent
    return (right - left + 2 * this.margin) / (bottom - top + 2 * this.margin)
  }

  get scale() {
    return 1100 / this.place.width
  }

  showAll() {
    const { extent: { left, top, right, bottom }, margin } = this
    this.look({
      x: left - margin,
      y: top - margin,
      width: right - left + 2 * margin,
      height: bottom - top + 2 * margin,
    }, false)
  }

  zoom(factor, at) {
    const { x, y, width, height } = this.place
    const center = at ?? { x: x + width / 2, y: y + height / 2 }
    const w = Math.min(Math.max(width / factor, 200), 60000)
    const part = w / width
    this.look({
      x: center.x - (center.x - x) * part,
      y: center.y - (center.y - y) * part,
      width: w,
      height: height * part,
    })
  }

  /** The wheel scrolls the page, as everywhere; with Ctrl, or pinched, it zooms. */
  wheel(event) {
    if (!event.ctrlKey && document.activeElement !== event.currentTarget) return
    event.preventDefault()
    this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, this.point(event))
  }

  point(event) {
    const svg = event.currentTarget
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
  }

  grab(event) {
    const svg = event.currentTarget
    const factor = 1 / svg.getScreenCTM().a
    let [x, y] = [event.clientX, event.clientY]
    const start = [x, y]
    this.isDragged = false
    svg.onpointermove = (moved) => {
      if (Math.hypot(moved.clientX - start[0], moved.clientY - start[1]) > 4) this.isDragged = true
      this.look({
        ...this.place,
        x: this.place.x - (moved.clientX - x) * factor,
        y: this.place.y - (moved.clientY - y) * factor,
      })
      ;[x, y] = [moved.clientX, moved.clientY]
    }
    const drop = () => {
      svg.onpointermove = null
    }
    svg.onpointerup = drop
    svg.onpointerleave = drop
  }

  key(event) {
    const step = this.place.width / 10
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }
    if (moves[event.key]) {
      this.look({
        ...this.place,
        x: this.place.x + moves[event.key][0],
        y: this.place.y + moves[event.key][1],
      })
    } else if (event.key === '+' || event.key === '=') this.zoom(1.4)
    else if (event.key === '-') this.zoom(1 / 1.4)
    else if (event.key === '0') this.showAll()
    else return
    event.preventDefault()
  }
}
