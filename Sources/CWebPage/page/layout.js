// The dependency graph laid out: a column for each depth, or lines where a screen has no room for columns; many steps of
// one rule are one box, a mosaic of its states.

const nodeWidth = 176
const nodeHeight = 46
const columnGap = 56
const rowGap = 14
const lineGap = 34
/** A rule with more steps than this becomes a box; where room is scarce sooner. */
const fewest = 8
const fewestInLines = 3

/** How many nodes a line has room for; a phone shows two at about their size. */
export const nodesInLine = (width) => Math.max(2, Math.floor((width - 50) / (nodeWidth + rowGap)))

/** Nodes with their places, and edges between them. `opened` names the boxes whose steps are shown one by one;
 `inLine` is how many nodes a line has, null for columns. */
export function layOut(steps, opened, inLine) {
  const room = inLine && inLine * (nodeWidth + rowGap) - rowGap
  const nodes = collect(steps, room ? fewestInLines : fewest)
  const edges = connect(nodes)
  setDepths(nodes, edges)
  const levels = []
  for (const node of nodes) {
    measure(node, opened, room)
    ;(levels[node.depth] ??= []).push(node)
  }
  if (room) placeInLines(levels, room)
  else placeInColumns(levels)
  return { nodes, edges, ...extent(nodes) }
}

function collect(steps, most) {
  const nodes = []
  for (const group of grouped(steps, family(steps))) {
    const members = group.map((step) => ({ name: step.target, state: step.state, step }))
    if (group.length > most) nodes.push(box(members, group[0].action))
    else nodes.push(...members.map(single))
  }
  const made = new Set(steps.flatMap((step) => step.outputs))
  const sources = [...new Set(steps.flatMap((step) => step.inputs))].filter((path) => !made.has(path))
  for (const group of grouped(sources, folder)) {
    const members = group.map((name) => ({ name, state: 'source' }))
    if (group.length > 3) nodes.push(box(members, 'sources'))
    else nodes.push(...members.map(single))
  }
  return nodes
}

/** What makes steps alike: one rule; or, where there are too many rules to show, one action in one folder. */
function family(steps) {
  const rules = new Set(steps.map((step) => step.site))
  return rules.size > 80 ? (step) => `${step.action} ${folder(step.target)}` : (step) => step.site
}

const folder = (path) => path.replace(/[^/]*$/, '')
const single = (member) => ({ ...member, id: member.name, members: [member] })

function grouped(items, name) {
  const groups = new Map()
  for (const item of items) {
    const key = name(item)
    if (groups.has(key)) groups.get(key).push(item)
    else groups.set(key, [item])
  }
  return groups.values()
}

const box = (members, action) => ({
  id: `box ${members[0].name}`,
  name: commonName(members.map((member) => member.name)),
  action,
  isBox: true,
  members,
})

/** `build/clips/….mp4` for many clips. */
function commonName(names) {
  let start = names[0]
  for (const name of names) while (!name.startsWith(start)) start = start.slice(0, -1)
  const ending = names[0].match(/\.[^./]*$/)?.[0] ?? ''
  return `${start.replace(/[^/]*$/, '')}…${names.every((name) => name.endsWith(ending)) ? ending : ''}`
}

function connect(nodes) {
  const maker = new Map()
  for (const node of nodes) {
    for (const { name, step } of node.members) {
      for (const path of step?.outputs ?? [name]) maker.set(path, node)
    }
  }
  const edges = new Map()
  for (const node of nodes) {
    for (const { step } of node.members) {
      for (const input of step?.inputs ?? []) {
        const from = maker.get(input)
        if (from && from !== node) edges.set(`${from.id}\n${node.id}`, { from, to: node })
      }
    }
  }
  return [...edges.values()]
}

function setDepths(nodes, edges) {
  for (const node of nodes) node.before = []
  for (const { from, to } of edges) to.before.push(from)
  const depth = (node) => {
    if (node.depth != null) return node.depth
    node.depth = 0
    node.depth = node.before.length ? 1 + Math.max(...node.before.map(depth)) : 0
    return node.depth
  }
  nodes.forEach(depth)
}

/** Columns from left to right. */
function placeInColumns(columns) {
  let x = 0
  for (const column of columns) {
    order(column, (node) => node.y + node.height / 2)
    let y = -column.reduce((sum, node) => sum + node.height + rowGap, -rowGap) / 2
    for (const node of column) {
      Object.assign(node, { x, y })
      y += node.height + rowGap
    }
    x += Math.max(...column.map((node) => node.width)) + columnGap
  }
}

/** Lines from top to bottom, as many for each depth as it needs. */
function placeInLines(levels, room) {
  let y = 0
  for (const level of levels) {
    order(level, (node) => node.x + node.width / 2)
    for (const line of lines(level, room)) {
      let x = (room - widthOf(line)) / 2
      for (const node of line) {
        Object.assign(node, { x, y })
        x += node.width + rowGap
      }
      y += Math.max(...line.map((node) => node.height)) + rowGap
    }
    y += lineGap - rowGap
  }
}

function lines(level, room) {
  const lines = [[]]
  for (const node of level) {
    if (widthOf([...lines.at(-1), node]) > room) lines.push([])
    lines.at(-1).push(node)
  }
  return lines
}

const widthOf = (line) => line.reduce((sum, node) => sum + node.width + rowGap, -rowGap)

/** Nodes near those that they depend on. */
function order(nodes, middle) {
  const wish = ({ before }) => before.reduce((sum, from) => sum + middle(from), 0) / (before.length || 1)
  const wishes = new Map(nodes.map((node) => [node, wish(node)]))
  nodes.sort((a, b) => wishes.get(a) - wishes.get(b) || a.name.localeCompare(b.name))
}

function measure(node, opened, room) {
  const count = node.members.length
  if (!node.isBox) return Object.assign(node, { width: nodeWidth, height: nodeHeight })
  const isOpen = opened.has(node.id)
  // In lines a finger has to meet one.
  const [cellWidth, cellHeight, gap, end] = isOpen ? [150, room ? 36 : 26, 5, 10] : [9, 9, 2, 14]
  const across = room
    ? Math.floor((room - 20) / cellWidth)
    : isOpen
    ? Math.min(Math.ceil(Math.sqrt(count / 3)), 24)
    : Math.max(19, Math.ceil(Math.sqrt(count * 1.4)))
  return Object.assign(node, {
    isOpen,
    across,
    cellWidth: room && isOpen ? (room - 20) / across : cellWidth,
    cellHeight,
    gap,
    width: room ?? across * cellWidth + 20,
    height: Math.ceil(count / across) * cellHeight + nodeHeight + end,
  })
}

/** Where the member at an index stands in its box. */
export function memberPlace(node, index) {
  return {
    x: node.x + 10 + (index % node.across) * node.cellWidth,
    y: node.y + nodeHeight + Math.floor(index / node.across) * node.cellHeight,
    width: node.cellWidth - node.gap,
    height: node.cellHeight - node.gap,
  }
}

function extent(nodes) {
  const all = { left: 0, top: 0, right: 1, bottom: 1 }
  for (const node of nodes) {
    all.top = Math.min(all.top, node.y)
    all.right = Math.max(all.right, node.x + node.width)
    all.bottom = Math.max(all.bottom, node.y + node.height)
  }
  return { extent: all }
}
