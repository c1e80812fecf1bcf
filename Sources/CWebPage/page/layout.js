// The dependency graph laid out: a column for each depth; many steps of one rule are one box, a mosaic of its states.

const nodeWidth = 176
const nodeHeight = 46
const columnGap = 56
const rowGap = 14
const tile = 9
const cellWidth = 150
const cellHeight = 26
/** A rule with more steps than this, or a folder with more sources, becomes a box. */
const fewest = 12

/** Nodes with their places, and edges between them. `opened` names the boxes whose steps are shown one by one. */
export function layOut(steps, opened) {
  const nodes = collect(steps)
  const edges = connect(nodes)
  setDepths(nodes, edges)
  const columns = place(nodes, opened)
  return { nodes, edges, columns, ...extent(nodes) }
}

function collect(steps) {
  const nodes = []
  for (const group of grouped(steps, family(steps))) {
    const members = group.map((step) => ({ name: step.target, state: step.state, step }))
    if (group.length > fewest) nodes.push(box(members, group[0].action))
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

/** Columns from left to right; in each, nodes near those that they depend on. */
function place(nodes, opened) {
  const columns = []
  for (const node of nodes) {
    measure(node, opened)
    ;(columns[node.depth] ??= []).push(node)
  }
  let x = 0
  for (const column of columns) {
    const wish = (node) =>
      node.before.length ? node.before.reduce((sum, from) => sum + middle(from), 0) / node.before.length : 0
    const wishes = new Map(column.map((node) => [node, wish(node)]))
    column.sort((a, b) => wishes.get(a) - wishes.get(b) || a.name.localeCompare(b.name))
    const height = column.reduce((sum, node) => sum + node.height + rowGap, -rowGap)
    let y = -height / 2
    for (const node of column) {
      Object.assign(node, { x, y })
      y += node.height + rowGap
    }
    x += Math.max(...column.map((node) => node.width)) + columnGap
  }
  return columns
}

const middle = (node) => node.y + node.height / 2

function measure(node, opened) {
  const count = node.members.length
  if (!node.isBox) return Object.assign(node, { width: nodeWidth, height: nodeHeight })
  if (opened.has(node.id)) {
    const across = Math.min(Math.ceil(Math.sqrt(count / 3)), 24)
    return Object.assign(node, {
      isOpen: true,
      across,
      width: across * cellWidth + 20,
      height: Math.ceil(count / across) * cellHeight + nodeHeight + 10,
    })
  }
  const across = Math.max(19, Math.ceil(Math.sqrt(count * 1.4)))
  return Object.assign(node, {
    across,
    width: across * tile + 20,
    height: Math.ceil(count / across) * tile + nodeHeight + 14,
  })
}

/** Where the member at an index stands in its box. */
export function memberPlace(node, index) {
  const [column, row] = [index % node.across, Math.floor(index / node.across)]
  return node.isOpen
    ? {
      x: node.x + 10 + column * cellWidth,
      y: node.y + nodeHeight + row * cellHeight,
      width: cellWidth - 6,
      height: cellHeight - 5,
    }
    : {
      x: node.x + 10 + column * tile,
      y: node.y + nodeHeight + row * tile,
      width: tile - 2,
      height: tile - 2,
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
