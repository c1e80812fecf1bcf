// Two takes of a clip side by side, in step. `s` swaps them, space plays, a number uses a take.

import { h } from './dom.js'
import { button, command, quoted } from './parts.js'
import { ago, money } from './words.js'

const reasons = ['hand or face', 'wrong movement', 'flicker', 'wrong end', 'not the style']

/** What the dialog shows, its keys, and how to fill it. `show` draws it again. */
export function openedTakes(page, card, show) {
  let takes = page.takes.get(card.target) ?? null
  let [left, right] = [0, 0]
  let videos = []

  function place() {
    const current = Math.max(0, takes.findIndex((take) => take.current))
    left = current
    right = takes.findIndex((take, index) => index !== current && !take.rejected)
    if (right < 0) right = takes.findIndex((_, index) => index !== current)
  }

  async function load() {
    try {
      takes = (await page.api.takes(card.target)).takes
      page.takes.set(card.target, takes)
      place()
    } catch (error) {
      page.tell(error.message, true)
    }
    show()
    both((video) => video.play().catch(() => {}))
  }

  const both = (act) => {
    videos = [...document.querySelectorAll('#dialog .two video')]
    videos.forEach(act)
  }

  /** The right one follows the left one. */
  function follow() {
    both(() => {})
    const [first, second] = videos
    if (second && Math.abs(first.currentTime - second.currentTime) > 0.08) {
      second.currentTime = first.currentTime
    }
  }

  function swap() {
    ;[left, right] = [right, left]
    show()
  }

  function toggle() {
    both(() => {})
    const isPaused = videos[0]?.paused
    both((video) => (isPaused ? video.play().catch(() => {}) : video.pause()))
    follow()
  }

  async function choose(take) {
    await page.act(
      `${card.id} uses take ${take.number}`,
      () => page.api.take(card.target, { number: take.number, do: 'use' }),
    )
    load()
  }

  async function reject(take, reason) {
    await page.act(
      `Take ${take.number} is rejected; the next build buys another`,
      () => page.api.take(card.target, { number: take.number, do: 'reject', reason }),
    )
    load()
  }

  const words = `campaign takes ${quoted(card.target)}`

  const side = (index, isLeft) => {
    const take = takes[index]
    if (!take) return null
    return h(
      'figure',
      { key: isLeft ? 'left' : 'right', class: take.current ? 'on' : '' },
      h('video', {
        key: take.url,
        src: take.url,
        muted: true,
        loop: true,
        playsinline: true,
        'aria-label': `Take ${take.number}`,
        ontimeupdate: isLeft ? follow : null,
      }),
      h(
        'figcaption',
        null,
        h(
          'div',
          { class: 'line' },
          h('strong', null, `Take ${take.number}`),
          take.current && h('span', { class: 'tag current' }, '✓ in the film'),
          take.rejected && h('span', { class: 'tag failed' }, `✗ ${take.rejected}`),
        ),
        h(
          'p',
          { class: 'quiet' },
          [`seed ${take.seed ?? 'unknown'}`, money(take.price), take.model ?? take.provider, ago(take.date)]
            .join(' · '),
        ),
        h(
          'div',
          { class: 'actions' },
          !take.current &&
            button(`Use take ${take.number}`, () => choose(take), { class: 'button main', key: 'use' }),
          !take.rejected && rejection(take),
        ),
        h(
          'div',
          { class: 'commands' },
          !take.current && command(page, `${words} --use ${take.number}`),
          !take.rejected && command(page, `${words} --reject ${take.number}`),
        ),
      ),
    )
  }

  const rejection = (take) =>
    h(
      'select',
      {
        'aria-label': `Reject take ${take.number}`,
        onchange: (event) => event.target.value && reject(take, event.target.value),
      },
      h('option', { value: '' }, 'Reject…'),
      reasons.map((reason) => h('option', { value: reason }, reason)),
    )

  const draw = () =>
    !takes ? h('p', { class: 'quiet' }, 'Reading the takes…') : [
      h(
        'div',
        { class: `two${takes.length < 2 ? ' one' : ''}` },
        side(left, true),
        right >= 0 && side(right, false),
      ),
      h(
        'div',
        { class: 'actions' },
        button('Play or pause', toggle, { title: 'space' }),
        right >= 0 && button('Swap', swap, { title: 's' }),
        takes.length > 2 &&
          takes.map((take, index) =>
            index !== left && button(`Beside take ${take.number}`, () => {
              right = index
              show()
            }, { key: take.number, 'aria-pressed': String(index === right) })
          ),
      ),
    ]

  function key(event) {
    if (event.target.closest('select')) return
    if (event.key === 's' && right >= 0) swap()
    else if (event.key === ' ' && !event.target.closest('button')) toggle()
    else if (/^[1-9]$/.test(event.key) && takes?.[event.key - 1]) choose(takes[event.key - 1])
    else return
    event.preventDefault()
  }

  return { draw, load, key }
}
