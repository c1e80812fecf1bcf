// The dependency graph: steps and their states, many steps of one rule folded into one box, searched by name.

import { h } from './dom.js'
import { layOut, memberPlace, nodesInLine } from './layout.js'
import { button, command, heading } from './parts.js'
import { View } from './view.js'
import { glyph, plural, shortName, stateWord, tone } from './words.js'

const narrow = matchMedia('(max-width: 900px)')

export class Graph {
  opened = new Set()
  sought = ''
  view = new View(() => this.page.redraw())
  steps = null
  /** On a narrow screen: the graph runs from top to bottom, all of it is shown, and the page itself scrolls and zooms. */
  inLine = null

  constructor() {
    this.fit()
    addEventListener('resize', () => {
      this.fit()
      this.page?.redraw()
    })
  }

  fit() {
    this.inLine = narrow.matches ? nodesInLine(document.documentElement.clientWidth) : null
  }

  draw(page) {
    const { steps } = page.overview
    if (!steps.length) return []
    this.page = page
    this.arrange(steps)
    const shown = [steps, page.selected, this.sought, this.shape, this.view.isFar]
    if (shown.every((value, index) => value === this.shown?.[index])) return this.drawn
    this.shown = shown
    const { nodes, edges } = this.layout
    const near = this.relatives(page.selected)
    const line = this.inLine ? fall : curve
    this.drawn = [
      heading('graph', 'The dependency graph', plural(steps.length, 'step'), ' · ', counts(steps)),
      this.toolbar(page),
      h(
        'svg',
        {
          class: `graph${this.view.isFar ? ' far' : ''}`,
          viewBox: this.view.box,
          '--ratio': this.view.ratio,
          tabindex: 0,
          role: 'group',
          key: 'graph',
          'aria-label': `Graph of ${
            plural(steps.length, 'step')
          }. Arrows move, plus and minus zoom, zero shows all.`,
          onpointerdown: this.inLine ? null : (event) => this.view.grab(event),
          onkeydown: (event) => this.view.key(event),
          onwheel: this.inLine ? null : (event) => this.view.wheel(event),
        },
        h('path', { class: 'edges', d: edges.map(line).join('') }),
        near &&
          h('path', {
            class: 'edges near',
            d: edges.filter(({ from, to }) => near.has(from) && near.has(to)).map(line).join(''),
          }),
        nodes.map((node) => (node.isBox ? this.boxOf(node, near) : this.nodeOf(node, near))),
      ),
      legend(),
    ]
    return this.drawn
  }

  /** Lays out anew when a step came or went or a box was opened; a change of state only changes colours. */
  arrange(steps) {
    const { inLine } = this
    const shape = [inLine, ...this.opened].join()
    if (steps === this.steps && this.shape === shape) return
    const targets = steps.map((step) => step.target).join()
    const isNew = targets !== this.targets || this.shape !== shape
    this.steps = steps
    this.targets = targets
    this.shape = shape
    this.layout = layOut(steps, this.opened, inLine)
    this.view.margin = inLine ? 8 : 30
    this.view.extent = this.layout.extent
    if (isNew && (inLine || !this.view.isMoved)) this.view.showAll()
  }

  get found() {
    return this.sought ? this.steps.filter((step) => step.target.includes(this.sought)) : []
  }

  toolbar(page) {
    const { found } = this
    return h(
      'div',
      { class: 'actions graph-tools' },
      h('input', {
        type: 'search',
        placeholder: 'Find a step',
        'aria-label': 'Find a step',
        value: this.sought,
        oninput: (event) => {
          this.sought = event.target.value.trim()
          page.redraw()
        },
        onkeydown: (event) => event.key === 'Enter' && this.found[0] && this.goTo(this.found[0].target),
      }),
      this.sought && h(
        'span',
        { class: 'quiet', role: 'status' },
        found.length
          ? `${plural(found.length, 'step')}; Enter goes to ${shortName(found[0].target)}`
          : 'no step',
      ),
      !this.inLine && [
        button('−', () => this.view.zoom(1 / 1.4), { 'aria-label': 'Zoom out', key: 'out' }),
        button('+', () => this.view.zoom(1.4), { 'aria-label': 'Zoom in', key: 'in' }),
        button('All', () => this.view.showAll(), { 'aria-label': 'Show the whole graph', key: 'all' }),
      ],
      command(page, 'campaign graph'),
    )
  }

  nodeOf(node, near) {
    const { state, name } = node
    return h(
      'g',
      {
        key: node.id,
        'data-target': node.name,
        class: this.classes(node, near),
        onclick: () => this.choose(node.step && node.id),
        role: node.step ? 'button' : 'img',
        tabindex: node.step ? 0 : null,
        'aria-label': `${name}, ${stateWord(state)}`,
        onkeydown: (event) => event.key === 'Enter' && this.page.select(node.id),
      },
      h('title', null, `${name}: ${stateWord(state)}`),
      h('rect', { x: node.x, y: node.y, width: node.width, height: node.height, rx: 9 }),
      h('text', { x: node.x + 14, y: node.y + 20, class: 'glyph' }, glyph(state)),
      h('text', { x: node.x + 34, y: node.y + 20 }, cut(shortName(name), 20)),
      h(
        'text',
        { x: node.x + 34, y: node.y + 36, class: 'small' },
        node.step ? cut(node.step.action === '$' ? 'shell' : node.step.action, 22) : cut(name, 24),
      ),
    )
  }

  boxOf(node, near) {
    const toggle = () => {
      if (this.view.isDragged) return
      if (!this.opened.delete(node.id)) this.opened.add(node.id)
      this.view.isMoved = false
      this.arrange(this.steps)
      if (this.opened.has(node.id) && this.view.scale < 0.7) this.approach(node.id)
      this.page.redraw()
    }
    return h(
      'g',
      { key: node.id, class: `box ${this.classes(node, near)}` },
      h(
        'g',
        {
          key: 'head',
          class: 'head',
          onclick: toggle,
          role: 'button',
          tabindex: 0,
          'aria-expanded': String(Boolean(node.isOpen)),
          'aria-label': `${node.name}, ${node.members.length} files: ${counts(node.members)}`,
          onkeydown: (event) => event.key === 'Enter' && toggle(),
        },
        h('title', null, `${node.name}: ${counts(node.members)}`),
        h('rect', { x: node.x, y: node.y, width: node.width, height: node.height, rx: 9 }),
        h('text', { x: node.x + 12, y: node.y + 19 }, `${node.isOpen ? '▾' : '▸'} ${cut(node.name, 24)}`),
        h(
          'text',
          { x: node.x + 12, y: node.y + 35, class: 'small' },
          node.action === 'sources'
            ? plural(node.members.length, 'source')
            : `${node.members.length.toLocaleString()} × ${node.action}`,
        ),
        this.inLine && node.action !== 'sources' &&
          h(
            'text',
            { x: node.x + node.width - 12, y: node.y + 35, class: 'small sums' },
            sums(node.members, (state, count) => `${glyph(state)} ${count.toLocaleString()}`).join('  '),
          ),
      ),
      node.isOpen
        ? node.members.map((member, index) => this.cell(node, member, index))
        : mosaic(node, this.sought),
    )
  }

  cell(node, member, index) {
    const { x, y, width, height } = memberPlace(node, index)
    const isChosen = this.page.selected === member.name
    return h(
      'g',
      {
        key: member.name,
        'data-target': member.name,
        class: `cell ${tone(member.state)}${isChosen ? ' chosen' : ''}${
          this.isFound(member.name) ? ' found' : ''
        }`,
        onclick: () => this.choose(member.step && member.name),
      },
      h('title', null, `${member.name}: ${stateWord(member.state)}`),
      h('rect', { x, y, width, height, rx: 5 }),
      h('text', { x: x + 8, y: y + height / 2 + 4.5 }, `${glyph(member.state)} ${cut(shortName(member.name), 17)}`),
    )
  }

  classes(node, near) {
    const isChosen = this.page.selected && node.members.some((member) => member.name === this.page.selected)
    const words = [
      tone(node.state ?? 'later'),
      isChosen && 'chosen',
      near && !near.has(node) && 'away',
      !node.isBox && this.isFound(node.name) && 'found',
    ]
    return `node ${words.filter(Boolean).join(' ')}`
  }

  isFound(name) {
    return this.sought !== '' && name.includes(this.sought)
  }

  /** The chosen node with all that it is made from and all that is made from it. */
  relatives(target) {
    const start = target &&
      this.layout.nodes.find((node) => node.members.some((member) => member.name === target))
    if (!start) return null
    const near = new Set([start])
    const walk = (node, next) => {
      for (const other of next(node)) {
        if (near.has(other)) continue
        near.add(other)
        walk(other, next)
      }
    }
    walk(start, (node) => node.before)
    walk(start, (node) => this.layout.edges.filter((edge) => edge.from === node).map((edge) => edge.to))
    return near
  }

  /** Who drags the graph does not mean the node that the pointer ends on. */
  choose(target) {
    if (target && !this.view.isDragged) this.page.select(target)
  }

  /** Shows the top of a box so near that its names can be read. */
  approach(id) {
    const { x, y } = this.layout.nodes.find((node) => node.id === id)
    this.view.look({ x: x - 40, y: y - 40, width: 1100, height: 1100 / this.view.ratio })
  }

  /** Shows a step, opening the box that it is in. */
  goTo(target) {
    const node = this.layout.nodes.find((node) => node.members.some((member) => member.name === target))
    if (node.isBox && !this.opened.has(node.id)) {
      this.opened.add(node.id)
      this.view.isMoved = true
      this.arrange(this.steps)
    }
    this.page.select(target)
    this.page.redraw()
    if (this.inLine) return requestAnimationFrame(() => elementOf(target).scrollIntoView({ block: 'center' }))
    const open = this.layout.nodes.find((other) => other.id === node.id)
    const index = open.members.findIndex((member) => member.name === target)
    const place = open.isBox ? memberPlace(open, index) : open
    this.view.look({ x: place.x + place.width / 2 - 450, y: place.y - 190, width: 900, height: 400 })
  }
}

const fall = ({ from, to }) => {
  const [x, y, toX, toY] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y]
  return `M${x} ${y}C${x} ${(y + toY) / 2} ${toX} ${(y + toY) / 2} ${toX} ${toY}`
}

const curve = ({ from, to }) => {
  const [x, y, toX, toY] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2]
  const bend = Math.max(30, (toX - x) / 2)
  return `M${x} ${y}C${x + bend} ${y} ${toX - bend} ${toY} ${toX} ${toY}`
}

const elementOf = (target) => document.querySelector(`.graph [data-target="${CSS.escape(target)}"]`)

/** One square a step, one path a state: thousands of steps are a handful of elements. */
function mosaic(node, sought) {
  const paths = new Map()
  node.members.forEach((member, index) => {
    const { x, y, width, height } = memberPlace(node, index)
    const name = sought !== '' && member.name.includes(sought) ? 'found' : tone(member.state)
    paths.set(name, `${paths.get(name) ?? ''}M${x} ${y}h${width}v${height}h${-width}z`)
  })
  return [...paths].map(([name, d]) => h('path', { key: name, class: `tiles ${name}`, d }))
}

/** How many steps are in each state. */
function sums(steps, words) {
  const sums = new Map()
  for (const step of steps) sums.set(step.state, (sums.get(step.state) ?? 0) + 1)
  return [...sums].map(([state, count]) => words(state, count))
}

const counts = (steps) =>
  sums(steps, (state, count) => {
    const words = count === 1 ? stateWord(state) : stateWord(state).replace(/^(wait|depend|come)s/, '$1')
    return `${glyph(state)} ${count.toLocaleString()} ${words}`
  }).join(', ')

const legend = () =>
  h(
    'p',
    { class: 'legend' },
    ['current', 'stale', 'running', 'queued', 'waiting', 'failed', 'source'].map((state) =>
      h(
        'span',
        { key: state, class: tone(state) },
        h('i', { class: state === 'source' ? 'source' : tone(state), 'aria-hidden': 'true' }),
        ' ',
        glyph(state),
        ' ',
        state === 'queued' ? 'queued, depends' : stateWord(state),
      )
    ),
  )

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
