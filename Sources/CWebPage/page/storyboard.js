// The storyboard: a card for each pair. Two stills; the clip between them plays while one points at it.

import { h } from './dom.js'
import { Live } from './live.js'
import { openReroll } from './build.js'
import { openTakes } from './dialogs.js'
import { address, button, command, heading, picture, progress, quoted } from './parts.js'
import { money, plural, prose, tag } from './words.js'

export function drawStoryboard(page) {
  const cards = page.overview.storyboard
  if (!cards.length) return laterOnly(page)
  const current = cards.filter((card) => card.state === 'current').length
  return [
    heading(
      'storyboard',
      'The storyboard',
      cards.some(isOpen) ? 'as it was chosen last; the next build looks again' : `${current} of ${plural(cards.length, 'clip')} current`,
    ),
    h('ol', { class: 'cards' }, cards.map((card, index) => draw(page, card, cards[index + 1]))),
  ]
}

/** Nothing is known of the clips before the pairs are chosen; say so. */
function laterOnly({ overview }) {
  if (!overview.later?.length) return []
  return [
    heading('storyboard', 'The storyboard'),
    h(
      'p',
      { class: 'quiet' },
      overview.later.map((
        { pattern, after },
      ) => [h('code', null, pattern), ' is known once ', h('code', null, after), ' is made. ']),
    ),
  ]
}

function draw(page, card, next) {
  const isChosen = page.selected === card.target
  const row = page.live.rows.get(card.target)
  return h(
    'li',
    {
      key: card.target,
      class: `card${isChosen ? ' chosen' : ''}`,
      tabindex: 0,
      'aria-label': `Clip ${card.id}`,
      'data-target': card.target,
      onfocus: (event) => choose(page, card, event),
      onmouseenter: (event) => play(event.currentTarget),
      onmouseleave: (event) => rest(event.currentTarget),
      onblur: (event) => event.currentTarget.matches(':hover') || rest(event.currentTarget),
    },
    media(card),
    h(
      'div',
      { class: 'line' },
      h('h3', null, card.id),
      tag(row ? 'running' : card.state),
      isOpen(card) || h('span', { class: 'price' }, money(card.price || card.reroll)),
    ),
    row &&
      h(
        'div',
        { class: 'making' },
        progress(Live.fraction(row), `${card.id} is being made`),
        h('span', { class: 'quiet' }, row.detail || 'being made'),
      ),
    facts(card),
    card.prompt && h('p', { class: 'prompt' }, card.prompt),
    isChosen && card.choice && h('p', { class: 'quiet' }, card.choice),
    because(card),
    isChosen && tools(page, card, next),
  )
}

/** Why it is not current, in a line. */
function because({ state, reasons }) {
  if (!reasons?.length || state === 'current') return null
  if (state === 'waiting') return h('p', { class: 'quiet' }, `Its pair in ${reasons[0]} waits for your approval.`)
  return h('p', { class: 'because' }, prose(reasons[0]))
}

/** The clip lies over the stills, and is only loaded when somebody looks. */
const media = (card) => {
  const film = address(card)
  return h(
    'div',
    { class: `media${film ? ' playable' : ''}` },
    h(
      'div',
      { class: 'stills' },
      card.first && picture(card.first, `${card.id} begins with ${card.first.path}`),
      card.last && picture(card.last, `${card.id} ends with ${card.last.path}`),
    ),
    film &&
      h('video', {
        key: film,
        'data-src': film,
        muted: true,
        loop: true,
        playsinline: true,
        preload: 'none',
        'aria-label': `Clip ${card.id}`,
        onclick: (event) => toggle(event.currentTarget.closest('.card')),
      }),
  )
}

const facts = (card) => {
  const words = [
    card.take && card.takes > 1 ? `take ${card.take} of ${card.takes}` : card.takes === 1 && 'one take',
    card.seed != null && card.takes > 0 && `seed ${card.seed}`,
    card.maker,
  ]
  return h('p', { class: 'facts' }, words.filter(Boolean).join(' · '))
}

function tools(page, card, next) {
  return h(
    'div',
    { class: 'tools' },
    takes(page, card),
    h(
      'div',
      { class: 'actions' },
      isAwaiting(card) && button('Keep', () => keep(page, card), { class: 'button main', title: 'k' }),
      !isOpen(card) && button(card.paid ? `Reroll… ${money(card.reroll)}` : 'Make again…', () => openReroll(page, card), {
        title: 'r',
      }),
      card.takes > 0 &&
        button(card.takes > 1 ? 'Compare takes' : 'Look closer', () => openTakes(page, card), { title: 't' }),
      button('Why', () => document.getElementById('why').scrollIntoView(), { title: 'w' }),
    ),
    !isOpen(card) && command(page, `campaign build --force ${quoted(card.target)}`),
    next && joint(card, next),
  )
}

/** The takes of a chosen card as numbers to choose from. */
function takes(page, card) {
  if (!(card.takes > 1)) return null
  const known = page.takes.get(card.target)
  if (!known) return h('p', { class: 'quiet' }, 'Reading the takes…')
  return h(
    'div',
    { class: 'takes', role: 'group', 'aria-label': `Takes of ${card.id}` },
    known.map((take) =>
      h('button', {
        key: take.number,
        type: 'button',
        class: `take${take.current ? ' on' : ''}${take.rejected ? ' rejected' : ''}`,
        'aria-pressed': String(Boolean(take.current)),
        title: `seed ${take.seed ?? 'unknown'}, ${money(take.price)}${
          take.rejected ? `, rejected: ${take.rejected}` : ''
        }`,
        onclick: () => chooseTake(page, card, take.number),
      }, `Take ${take.number}`)
    ),
  )
}

/** Where films of this kind break: the last frame of a clip beside the first of the next; photos until both are made. */
const joint = (card, next) => {
  const isMade = card.file && next.file
  const [end, start] = isMade ? [card.file, next.file] : [card.last, next.first]
  if (!end || !start) return null
  return h(
    'figure',
    { class: 'joint' },
    h(
      'div',
      { class: 'stills' },
      picture(end, `The end of ${card.id}`, { width: 320, at: isMade && 'end' }),
      picture(start, `The beginning of ${next.id}`, { width: 320, at: isMade && 'start' }),
    ),
    h(
      'figcaption',
      { class: 'quiet' },
      `The cut from ${card.id} to ${next.id}${isMade ? '' : ', by their photos'}`,
    ),
  )
}

// MARK: - What one can do with a card; the keys do the same

/** Whether there will be this clip is known once the pairs are chosen anew. */
const isOpen = (card) => card.state === 'undecided'
const isAwaiting = (card) => card.state === 'waiting' || card.state === 'awaiting'

function choose(page, card, event) {
  play(event.currentTarget)
  page.select(card.target)
}

export function chooseTake(page, card, number) {
  if (number > (card.takes ?? 0)) return page.tell(`${card.id} has ${plural(card.takes ?? 0, 'take')}`)
  return page.act(`${card.id} uses take ${number}`, () => page.api.take(card.target, { number, do: 'use' }))
}

/** Approves a clip's pair; a clip that waits for nobody is kept as it is. */
export function keep(page, card) {
  const need = page.overview.needs.find((need) => need.items?.some((item) => item.id === card.id))
  if (!need) return page.tell(`${card.id} is kept as it is`)
  return page.act(`Approved ${card.id}`, () => page.api.approve(need.target, [card.id]))
}

export function toggle(element) {
  const video = element?.querySelector('video')
  if (video?.paused ?? true) play(element, true)
  else rest(element)
}

const still = matchMedia('(prefers-reduced-motion: reduce)')

/** Shows the clip; for those who want no motion only when they ask for it. */
function play(element, isAsked = false) {
  const video = element.querySelector('.media video')
  if (!video || (still.matches && !isAsked)) return
  if (!video.src) video.src = video.dataset.src
  element.dataset.playing = ''
  video.play().catch(() => {})
}

function rest(element) {
  const video = element.querySelector('.media video')
  delete element.dataset.playing
  video?.pause()
}
