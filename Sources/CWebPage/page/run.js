// The live run: the rows of the terminal, wherever the build was started.

import { h } from './dom.js'
import { Live } from './live.js'
import { openBuild } from './build.js'
import { button, command, heading, progress } from './parts.js'
import { plural, span } from './words.js'

export function drawRun(page) {
  const { live, steps } = page.overview
  const failed = steps.filter((step) => step.state === 'failed').length
  return [
    heading(
      'run',
      live.building ? 'Building' : 'No build is running',
      live.building && [name(page.overview), `${live.done} of ${plural(live.total, 'step')}`].filter(Boolean).join(' · '),
      live.cutShort && 'The last one ended without a word; the next goes on from there.',
    ),
    live.building &&
    h('div', { class: 'whole' }, progress(live.total ? live.done / live.total : null, 'The whole build')),
    live.building && h('ul', { class: 'rows' }, [...page.live.rows.values()].map(row)),
    live.building && page.live.notices.map((words) => h('p', { class: 'quiet' }, words)),
    h(
      'div',
      { class: 'actions' },
      live.building && button('Cancel the build', () => cancel(page)),
      !live.building && failed > 0 &&
        button(
          `Retry ${plural(failed, 'failed step')}…`,
          () => openBuild(page, { title: 'Retry what failed', keepGoing: true }),
          { class: 'button main' },
        ),
      command(page, live.building ? 'campaign status' : failed > 0 ? 'campaign build -k' : 'campaign build'),
      live.building && live.owner && h('span', { class: 'quiet' }, live.owner),
    ),
    live.pools?.length > 0 && pools(page, live.pools),
  ]
}

/** As the history calls it, once it has a log. */
const name = ({ live, history }) => history.find((run) => run.run === live.run)?.name

function row(row) {
  const fraction = Live.fraction(row)
  const seconds = (Date.now() - row.since) / 1000
  return h(
    'li',
    { key: row.target },
    h('strong', null, row.target),
    progress(fraction, `${row.target} is being made`),
    h(
      'span',
      { class: 'clock' },
      span(Math.floor(seconds)),
      row.usual ? ` of usually ${span(row.usual)}` : '',
    ),
    h('span', { class: 'quiet' }, row.detail ?? row.action),
  )
}

/** Cancels a build of this server; one that runs in a terminal belongs to that terminal. */
async function cancel(page) {
  await page.act('Canceled: what runs at a provider stays recorded, nothing is lost', async () => {
    const { builds } = await page.api.builds()
    const running = builds.filter((build) => ['running', 'queued'].includes(build.state))
    if (!running.length) throw new Error('This build was started elsewhere: press Ctrl-C where it runs')
    for (const build of running) await page.api.cancelBuild(build.id)
  })
}

function pools(page, pools) {
  return h(
    'div',
    { class: 'pools' },
    h('h3', null, 'Pools'),
    h(
      'ul',
      null,
      pools.map((pool) => {
        const words = pool.paused ? 'Resume' : 'Pause'
        const act = () =>
          pool.paused
            ? page.act(`${pool.name} goes on`, () => page.api.resumePool(pool.name))
            : page.act(`${pool.name} starts nothing more`, () => page.api.pausePool(pool.name))
        return h(
          'li',
          { key: pool.name, class: pool.paused ? 'paused' : '' },
          h('strong', null, pool.name),
          h(
            'span',
            { class: 'quiet' },
            `${pool.running}${pool.width == null ? '' : ` of ${pool.width}`} running${
              pool.paused ? ' · paused' : ''
            }`,
          ),
          button(words, act, { 'aria-label': `${words} the pool ${pool.name}` }),
          command(page, `campaign ${pool.paused ? 'resume' : 'pause'} ${pool.name}`),
        )
      }),
    ),
  )
}
