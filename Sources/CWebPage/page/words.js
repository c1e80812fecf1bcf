// How things are said: states, money, time. Every state has a glyph and a word, so that no one depends on its colour.

import { h } from './dom.js'

const states = {
  current: ['✓', 'current'],
  kept: ['✓', 'kept'],
  edited: ['✎', 'edited by hand'],
  stale: ['↻', 'out of date'],
  restorable: ['↺', 'comes back free'],
  undecided: ['∴', 'depends'],
  queued: ['⋯', 'queued'],
  running: ['▸', 'running'],
  making: ['▸', 'being made'],
  building: ['▸', 'building'],
  waiting: ['◆', 'waits for you'],
  awaiting: ['◆', 'waits for you'],
  failed: ['✗', 'failed'],
  invalid: ['✗', 'has mistakes'],
  missing: ['○', 'not made yet'],
  later: ['○', 'known later'],
  source: ['▫', 'yours'],
}

/** The state as the style sheet knows it: few colours, many words. */
const tones = {
  kept: 'current',
  edited: 'current',
  restorable: 'stale',
  making: 'running',
  building: 'running',
  awaiting: 'waiting',
  invalid: 'failed',
  undecided: 'queued',
  missing: 'queued',
  later: 'queued',
  source: 'queued',
}

export const tone = (state) => tones[state] ?? (states[state] ? state : 'queued')
export const glyph = (state) => states[state]?.[0] ?? '·'
export const stateWord = (state) => states[state]?.[1] ?? state

/** A state's glyph and word. */
export const tag = (state, words) =>
  h(
    'span',
    { class: `tag ${tone(state)}` },
    h('span', { 'aria-hidden': 'true' }, glyph(state)),
    ' ',
    words ?? stateWord(state),
  )

/** `$0.60`; what costs nothing is free. Amounts come as decimal text or numbers of dollars. */
export function money(amount, nothing = 'free') {
  const dollars = Number(amount ?? 0)
  if (!dollars) return nothing
  return dollars < 0.01 ? `$${dollars.toFixed(4)}` : `$${dollars.toFixed(2)}`
}

/** What prices come to, without the dust of binary fractions. */
export const total = (prices) => Math.round(prices.reduce((sum, price) => sum + Number(price ?? 0), 0) * 1e6) / 1e6

export const isPaid = (amount) => Number(amount ?? 0) > 0

/** `41s`, `2m 05s`, `1h 12m`. */
export function span(seconds) {
  const whole = Math.round(seconds ?? 0)
  if (whole < 60) return seconds < 10 && seconds % 1 ? `${seconds.toFixed(1)}s` : `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`
  return `${Math.floor(whole / 3600)}h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`
}

/** `just now`, `5 minutes ago`, `yesterday`, `12 Nov 2026`. */
export function ago(date, now = Date.now()) {
  const moment = instant(date)
  const seconds = (now - moment) / 1000
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return plural(Math.floor(seconds / 60), 'minute') + ' ago'
  if (seconds < 86400) return plural(Math.floor(seconds / 3600), 'hour') + ' ago'
  if (seconds < 172800) return 'yesterday'
  return moment.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** A date, from ISO text or seconds since 1970. */
const instant = (date) => new Date(typeof date === 'number' ? date * 1000 : date)

export const plural = (count, word) => `${count.toLocaleString()} ${word}${count === 1 ? '' : 's'}`

export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** The last part of a path, without its ending: `build/clips/hook.mp4` is `hook`. */
export const shortName = (path) => path.replace(/.*\//, '').replace(/\.[^.]*$/, '')

/** Short names, with their folder where two are the same: `clips/hook` and `notes/hook`. */
export function shortNames(paths) {
  const names = paths.map(shortName)
  const once = new Set()
  const twice = new Set(names.filter((name) => once.size === once.add(name).size))
  return paths.map((path, at) =>
    twice.has(names[at]) ? path.split('/').slice(-2).join('/').replace(/\.[^./]*$/, '') : names[at]
  )
}

/** Text with `code` in backticks set as code. */
export const prose = (text) => text.split('`').map((part, at) => (at % 2 ? h('code', null, part) : part))
