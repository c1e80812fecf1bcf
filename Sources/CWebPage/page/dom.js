// Elements from data: `h` describes, `patch` changes the page as little as is needed, so that a film plays on, a field
// keeps its focus and nothing jumps while the state of a build comes in.

const svgTags = new Set(['svg', 'g', 'path', 'rect', 'text', 'title', 'use', 'circle'])

/** Describes an element: `h('button', {class: 'plain', onclick: act}, 'Build')`. `key` tells siblings apart. */
export function h(tag, properties, ...children) {
  const wanted = children.flat(Infinity).filter(isShown)
  return {
    tag,
    properties: properties ?? {},
    children: wanted.map((child) => (child.tag ? child : String(child))),
  }
}

/** What a condition that does not hold leaves behind is nothing. */
const isShown = (child) => child != null && typeof child !== 'boolean' && child !== ''

/** Makes the children of `parent` what `nodes` describe. */
export function patch(parent, nodes) {
  const wanted = [nodes].flat(Infinity).filter(isShown)
  const old = new Map()
  for (const child of parent.childNodes) {
    const name = identity(child.described ?? child.data)
    if (old.has(name)) old.get(name).push(child)
    else old.set(name, [child])
  }
  const kept = wanted.map((node) => old.get(identity(node))?.shift())
  for (const rest of old.values()) for (const child of rest) child.remove()
  let place = parent.firstChild
  wanted.forEach((node, index) => {
    const child = kept[index] ?? create(node)
    if (child === place) place = place.nextSibling
    else parent.insertBefore(child, place)
    if (typeof node !== 'string') update(child, node)
    else if (child.data !== node) child.data = node
  })
}

function identity(node) {
  return node?.tag ? `${node.tag} ${node.properties.key ?? ''}` : '#text'
}

function create(node) {
  if (typeof node === 'string') return document.createTextNode(node)
  return svgTags.has(node.tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', node.tag)
    : document.createElement(node.tag)
}

/** What is described by the very same object as before needs no look. */
function update(element, node) {
  if (element.described === node) return
  const before = element.described?.properties ?? {}
  for (const name of Object.keys(before)) if (!(name in node.properties)) set(element, name, null)
  for (const [name, value] of Object.entries(node.properties)) {
    if (before[name] !== value) set(element, name, value)
  }
  element.described = node
  patch(element, node.children)
}

/** `on…` and `muted` are properties; `--…` sets a style's variable; the rest are attributes. */
function set(element, name, value) {
  if (name === 'key') return
  if (name.startsWith('on')) element[name] = value && handler(value)
  else if (name === 'muted') element.muted = value
  else if (name.startsWith('--')) element.style.setProperty(name, value)
  else if (value == null || value === false) element.removeAttribute(name)
  else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value === true ? '' : value)
  }
  if (name === 'value') element.value = value ?? ''
}

/** A handler that returns false would keep the browser from doing its part, as `condition && act()` does by chance. */
const handler = (act) => (event) => {
  act(event)
}
