// The keys of the storyboard. They do what the buttons of a card do.

import { openReroll } from './build.js'
import { openTakes } from './dialogs.js'
import { chooseTake, keep, toggle } from './storyboard.js'

export function onKey(page, event) {
  if (
    event.ctrlKey || event.metaKey || event.altKey || !page.overview || document.querySelector('dialog[open]')
  ) return
  if (event.target.closest('input, select, textarea, video, .graph')) return
  const isOnControl = event.target.closest('button, a, summary')
  const cards = page.overview.storyboard
  const index = cards.findIndex((card) => card.target === page.selected)
  const card = cards[index]
  const act = {
    ArrowRight: () => focus(cards[Math.min(index + 1, cards.length - 1)]),
    ArrowLeft: () => focus(cards[Math.max(index - 1, 0)]),
    ' ': card && !isOnControl && (() => toggle(element(card))),
    k: card && (() => keep(page, card)),
    r: card && card.state !== 'undecided' && (() => openReroll(page, card)),
    t: card?.takes > 0 && (() => openTakes(page, card)),
    w: card && (() => document.getElementById('why').scrollIntoView()),
  }[event.key] ?? (card && /^[1-9]$/.test(event.key) && (() => chooseTake(page, card, Number(event.key))))
  if (!act) return
  event.preventDefault()
  act()
}

const element = (card) => document.querySelector(`.card[data-target="${CSS.escape(card.target)}"]`)

function focus(card) {
  if (!card) return
  element(card)?.focus()
  element(card)?.scrollIntoView({ block: 'nearest' })
}
