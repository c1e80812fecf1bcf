// The page: keeps what is known of one campaign, draws it, and draws it again when an event says that it changed.

import * as api from './api.js'
import { patch } from './dom.js'
import { listen } from './stream.js'
import { Live } from './live.js'
import { drawBar, drawFoot, drawTitle } from './bar.js'
import { drawNeeds } from './needs.js'
import { drawFilm } from './film.js'
import { drawStoryboard } from './storyboard.js'
import { drawMoney } from './money.js'
import { drawRun } from './run.js'
import { drawWhy } from './why.js'
import { drawHistory, follow } from './history.js'
import { Graph } from './graph.js'
import { drawCampaigns } from './campaigns.js'
import { openToken } from './dialogs.js'
import { onKey } from './keys.js'

const at = (id) => document.getElementById(id)

/** All that the page knows. Sections read it and call its methods; nothing else is kept anywhere. */
const page = {
  campaigns: [],
  api: null,
  overview: null,
  connected: false,
  problem: null,
  live: new Live(),
  graph: new Graph(),
  /** The target whose card, node or row is chosen; its explanation, when it has come. */
  selected: null,
  explanation: null,
  /** Takes by target, for cards on which they were asked for. */
  takes: new Map(),
  /** The run whose timeline is open. */
  run: null,

  redraw() {
    if (drawing) return
    drawing = requestAnimationFrame(() => {
      drawing = 0
      draw()
    })
  },

  /** Ends when all that was asked of the server is done: a price before that would be one of the past. */
  acting: null,

  act(words, action) {
    const done = attempt(words, action)
    const before = page.acting
    page.acting = done.then(() => before).then(() => {})
    return done
  },

  tell,

  select(target) {
    if (page.selected === target) return
    page.selected = target
    page.explanation = null
    page.redraw()
    if (!target) return
    explain(target)
    readTakes().then(page.redraw)
  },
}

let drawing = 0
let telling = 0

/** Does something that the server may refuse; says what came of it, and shows the new state. */
async function attempt(words, action) {
  try {
    const result = await action()
    tell(words)
    refresh()
    return result
  } catch (error) {
    if (error.status === 401 || error.status === 403) openToken(() => page.act(words, action))
    else tell(error.help ? `${error.message}. ${error.help}` : error.message, true)
    return null
  }
}

function tell(words, isBad = false) {
  const box = at('told')
  box.textContent = words
  box.className = `told shown${isBad ? ' bad' : ''}`
  clearTimeout(telling)
  telling = setTimeout(() => (box.className = 'told'), isBad ? 12000 : 5000)
}

/** Reads the takes of the chosen clip, and again those that were read before. */
async function readTakes() {
  const chosen = page.overview.storyboard.find((card) => card.target === page.selected)
  if (chosen?.takes > 1 && !page.takes.has(chosen.target)) page.takes.set(chosen.target, null)
  for (const target of page.takes.keys()) page.takes.set(target, (await page.api.takes(target)).takes)
}

async function explain(target) {
  try {
    const explanation = await page.api.explain(target)
    if (page.selected === target) page.explanation = explanation
  } catch (error) {
    if (page.selected === target) page.explanation = { problem: error.message }
  }
  page.redraw()
}

function draw() {
  drawTitle(page)
  patch(at('foot'), drawFoot(page))
  const sections = page.overview?.state === 'invalid'
    ? { needs: drawNeeds }
    : page.overview
    ? {
      needs: drawNeeds,
      film: drawFilm,
      storyboard: drawStoryboard,
      money: drawMoney,
      run: drawRun,
      why: drawWhy,
      history: drawHistory,
      graph: () => page.graph.draw(page),
    }
    : { campaigns: drawCampaigns }
  for (const section of document.querySelectorAll('main > section')) {
    const nodes = sections[section.id]?.(page) ?? []
    section.hidden = nodes.length === 0
    patch(section, nodes)
  }
  // Last: it leads to what is shown.
  patch(at('bar'), drawBar(page))
}

let refreshing = false
let isStale = false

/** Fetches the state once more. While that is under way, or was a moment ago, once more follows: a build with a
 thousand events a second must not become a thousand requests. */
async function refresh() {
  isStale = true
  if (refreshing) return
  refreshing = true
  while (isStale) {
    isStale = false
    const began = performance.now()
    await fetchState()
    const pause = Math.max(250, 3 * (performance.now() - began))
    // At once: nothing else of a hidden page is drawn.
    drawTitle(page)
    page.redraw()
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  refreshing = false
}

async function fetchState() {
  try {
    page.overview = await page.api.overview()
    page.problem = null
    page.connected ||= document.hidden
    page.live.settle(page.overview)
    await readTakes()
    if (page.selected) explain(page.selected)
    follow(page)
  } catch (error) {
    page.problem = error
    page.connected &&= !document.hidden
    if (error.status === 401) askForToken()
    else if (error.status) tell(error.message, true)
  }
}

function askForToken() {
  if (!at('dialog').open) openToken(() => location.reload())
}

/** Without a campaign there is no stream of events: the list is read every few seconds. */
async function watchList() {
  try {
    page.campaigns = await api.campaigns()
    page.connected = true
  } catch {
    page.connected = false
  }
  page.redraw()
  setTimeout(watchList, 3000)
}

async function start() {
  const query = new URLSearchParams(location.search)
  document.addEventListener('keydown', (event) => onKey(page, event))
  page.redraw()
  try {
    page.campaigns = await api.campaigns()
  } catch (error) {
    page.problem = error
    page.redraw()
    if (error.status === 401) askForToken()
    else setTimeout(start, 2000)
    return
  }
  const id = query.get('campaign') ?? (page.campaigns.length === 1 ? page.campaigns[0].id : null)
  if (id == null) return watchList()
  page.api = api.campaign(id, query.get('profile') ?? undefined)
  await fetchState()
  page.redraw()
  setInterval(() => page.overview?.live.building && page.redraw(), 1000)
  // Hidden, it has no stream: it asks, so that its title and icon are seldom older than this, at most a minute where
  // the browser slows the clocks of tabs that are long hidden, and warn when there is no answer.
  setInterval(() => document.hidden && refresh(), 10_000)
  listen(page.api.events, page.overview?.live.event, {
    opened() {
      page.connected = true
      refresh()
    },
    closed(isRefused) {
      page.connected = false
      page.redraw()
      // Why is not told to streams; a server that was started again may have another token.
      if (isRefused) refresh()
    },
    event(event) {
      if (page.live.take(event)) refresh()
      else page.redraw()
    },
  })
}

start()
