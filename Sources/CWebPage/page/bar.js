// The bar at the top and the line at the bottom: which campaign, how it stands, and is this page still told the truth.

import { h } from './dom.js'
import { button } from './parts.js'
import { openBuild } from './build.js'
import { glyph, plural, stateWord, tag, tone } from './words.js'

const sections = {
  needs: 'Needs',
  film: 'Film',
  storyboard: 'Storyboard',
  money: 'Money',
  run: 'Run',
  why: 'Why',
  history: 'History',
  graph: 'Graph',
}

export function drawBar(page) {
  const { overview } = page
  if (!overview) return [h('a', { class: 'name', href: '/' }, 'campaign'), connection(page)]
  return [
    page.campaigns.length > 1 && h('a', { class: 'up', href: '/', 'aria-label': 'All campaigns' }, '←'),
    h('a', { class: 'name', href: '#needs' }, overview.name),
    h('span', { key: 'state', role: 'status' }, tag(overview.state, barWords(overview))),
    h(
      'nav',
      { 'aria-label': 'Sections' },
      Object.entries(sections)
        .filter(([id]) => !document.getElementById(id).hidden)
        .map(([id, words]) => h('a', { key: id, href: `#${id}` }, words)),
    ),
    connection(page),
    profiles(page),
    button('Build…', () => openBuild(page, { title: 'Build the film' }), {
      class: 'button main',
      key: 'build',
      disabled: overview.live.building || overview.state === 'invalid',
    }),
  ]
}

/** `5 of 7` while a build runs; else the word of the state. */
const barWords = ({ state, live }) => (live.building ? `${live.done} of ${live.total}` : stateWord(state))

function connection(page) {
  const words = page.connected ? 'live' : page.problem ? 'not connected' : 'connecting'
  return h(
    'span',
    { class: `connection ${page.connected ? 'on' : 'off'}`, key: 'connection', role: 'status' },
    h('span', { 'aria-hidden': 'true' }, page.connected ? '●' : '○'),
    ' ',
    words,
  )
}

function profiles({ overview, api }) {
  if (!overview.profiles?.length) return null
  const choose = (event) => {
    const query = new URLSearchParams(location.search)
    if (event.target.value) query.set('profile', event.target.value)
    else query.delete('profile')
    location.search = query
  }
  const chosen = api.profile ?? ''
  return h(
    'select',
    { class: 'profile', key: 'profile', 'aria-label': 'Profile', onchange: choose },
    h('option', { value: '', selected: chosen === '' }, 'no profile'),
    overview.profiles.map((name) => h('option', { value: name, selected: name === chosen }, name)),
  )
}

/** The title and the icon of the tab carry the state: `✓ 5/7 lakeside-villa`. */
export function drawTitle({ overview, connected }) {
  if (!overview) return
  const { live } = overview
  const count = live.building ? ` ${live.done}/${live.total}` : ''
  document.title = `${connected ? '' : '⚠ '}${glyph(overview.state)}${count} ${overview.name}`
  const kind = tone(overview.state)
  const address = `/icon-${kind === 'queued' ? 'stale' : kind}.svg`
  const link = document.querySelector('link[rel=icon]')
  if (link.getAttribute('href') !== address) link.setAttribute('href', address)
}

export function drawFoot({ overview }) {
  const keys = [['←→', 'move'], ['space', 'play'], ['k', 'keep'], ['r', 'reroll'], ['1…9', 'take'], [
    't',
    'compare takes',
  ], ['w', 'why']]
  return [
    overview &&
    h(
      'p',
      { class: 'keys' },
      keys.map(([key, words]) => h('span', { key }, h('kbd', null, key), ' ', words)),
    ),
    h(
      'p',
      { class: 'quiet' },
      overview ? `${plural(overview.steps.length, 'step')}. ` : '',
      h('a', { href: '/api/v1/openapi.json' }, 'HTTP API'),
    ),
  ]
}
