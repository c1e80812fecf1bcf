// Money: spent, reserved, allowed; for each usable clip; what was not spent again.

import { h } from './dom.js'
import { button, command, heading } from './parts.js'
import { ago, isPaid, money, plural, total } from './words.js'

export function drawMoney(page) {
  const { money: sums, live } = page.overview
  // What is in flight counts as spent until it is known what it has cost: here it has its own figure.
  const spent = Math.max(0, total([sums.spent, -sums.reserved]))
  const budget = Number(sums.budget ?? 0)
  if (isIdle(sums)) {
    return [heading('money', 'Money'), h('p', { class: 'quiet' }, 'Nothing was spent, and the next build is free.')]
  }
  return [
    heading(
      'money',
      'Money',
      [
        isPaid(sums.planned) &&
        `${live.building ? 'what is left to buy costs' : 'the next build would cost'} up to ${money(sums.planned)}`,
        isPaid(sums.awaited) && `${money(sums.awaited)} waits for your approval`,
      ].filter(Boolean).join(', '),
    ),
    h(
      'dl',
      { class: 'sums' },
      sum('Spent', money(spent, '$0'), limits(sums)),
      sum('Reserved', money(sums.reserved, '$0'), plural(sums.inFlight.length, 'request') + ' in flight'),
      sum(
        'A usable clip',
        sums.perUsableClip ? money(sums.perUsableClip) : '–',
        plural(sums.usableClips ?? 0, 'clip'),
      ),
      sum('Not spent again', money(sums.saved, '$0'), 'saved by reuse', 'saved'),
    ),
    budget > 0 && gauge(spent, Number(sums.reserved), budget),
    sums.byProvider?.length > 0 && table(sums.byProvider),
    sums.inFlight.length > 0 && inFlight(page, sums.inFlight),
  ]
}

/** Nothing was bought, is on its way or would be. */
const isIdle = ({ spent, reserved, planned, awaited, budget, inFlight, byProvider = [] }) =>
  ![spent, reserved, planned, awaited, budget].some(isPaid) && !inFlight.length && !byProvider.length

/** What may be spent, as far as the Campaignfile says so. */
const limits = ({ budget, month, monthBudget, runBudget }) =>
  [
    budget != null && `of ${money(budget, '$0')}`,
    monthBudget != null && `${money(month, '$0')} of ${money(monthBudget, '$0')} this month`,
    runBudget != null && `at most ${money(runBudget, '$0')} a build`,
  ].filter(Boolean).join(' · ')

const sum = (name, amount, detail, kind = '') =>
  h('div', { class: kind }, h('dt', null, name), h('dd', null, amount, h('small', null, detail)))

const gauge = (spent, reserved, budget) =>
  h(
    'div',
    {
      class: 'gauge',
      role: 'img',
      'aria-label': `${money(spent, '$0')} spent and ${money(reserved, '$0')} reserved of ${money(budget)}`,
      '--spent': Math.min(1, spent / budget),
      '--reserved': Math.min(1, reserved / budget),
    },
    h('span', null),
    h('span', null),
  )

const table = (rows) =>
  h(
    'table',
    { class: 'providers' },
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        h('th', { scope: 'col' }, 'Provider'),
        h('th', { scope: 'col' }, 'Requests'),
        h('th', { scope: 'col' }, 'Cost'),
      ),
    ),
    h(
      'tbody',
      null,
      rows.map((row) =>
        h(
          'tr',
          { key: row.name },
          h('td', null, row.name),
          h('td', null, row.attempts),
          h('td', null, money(row.cost)),
        )
      ),
    ),
  )

function inFlight(page, requests) {
  const cancel = (targets) => () =>
    page.act('Asked the provider to cancel', () => page.api.cancelRequests(targets))
  return h(
    'div',
    { class: 'flights' },
    h('h3', null, 'In flight'),
    h(
      'ul',
      null,
      requests.map((request) =>
        h(
          'li',
          { key: request.id ?? request.target },
          h('strong', null, request.target),
          h(
            'span',
            { class: 'quiet' },
            `${request.provider}${request.id ? ` ${request.id}` : ''} · up to ${money(request.cost)} · sent ${
              ago(request.since)
            }`,
          ),
          button('Cancel', cancel([request.target]), {
            'aria-label': `Cancel the request for ${request.target}`,
          }),
          command(page, `campaign cancel ${request.target}`),
        )
      ),
    ),
  )
}
