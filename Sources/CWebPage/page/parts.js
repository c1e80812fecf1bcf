// Small pieces that many sections use.

import { h } from './dom.js'

/** Commands that mean something else by another profile. */
const isByProfile = /^campaign (approve|build|explain|graph|plan|status|takes) ?(?!.*--profile )/

/** What one would type instead, in the folder that is served and by the profile that is shown; a click copies it. */
export function command(page, words) {
  const folder = page.overview?.folder ?? '.'
  const profile = page.api?.profile
  const options = [
    folder !== '.' && !words.includes(' -C ') && ` -C ${quoted(folder)}`,
    profile && isByProfile.test(words) && ` --profile ${quoted(profile)}`,
  ].filter(Boolean).join('')
  const text = words.replace(/^campaign \S+/, (start) => start + options)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      page.tell(`Copied: ${text}`)
    } catch {
      page.tell(text)
    }
  }
  return h(
    'button',
    {
      class: 'command',
      type: 'button',
      onclick: copy,
      title: 'The same in a terminal; click to copy',
      'aria-label': `Copy the command ${text}`,
    },
    // Lines end between words, not at their hyphens.
    h('code', null, text.split(' ').flatMap((word, index) => [index > 0 && ' ', h('span', null, word)])),
  )
}

export const button = (words, onclick, properties = {}) =>
  h('button', { type: 'button', class: 'button', ...properties, onclick }, words)

/** A heading with the words that sum a section up. */
export const heading = (id, words, ...summary) =>
  h(
    'header',
    { class: 'heading' },
    h('h2', { id: `${id}-title` }, words),
    h('p', { class: 'quiet' }, summary),
  )

/** A photo, or a frame of a film: a small picture of it where the server has one; another when the file has changed. */
export const picture = (file, words, { width = 640, at, version = file.version } = {}) =>
  h('img', {
    src: file.still
      ? [`${file.still}?width=${width}`, at && `at=${at}`, version && `v=${version}`].filter(Boolean).join('&')
      : file.url,
    alt: words,
    loading: 'lazy',
    decoding: 'async',
  })

/** Where a film is; a new version has a new address, so that a player shows it. */
export const address = ({ file, etag }) =>
  file && (etag ? `${file.url}?v=${encodeURIComponent(etag.replaceAll('"', ''))}` : file.url)

/** A bar that fills; without a fraction it says that it does not know. */
export const progress = (fraction, words) =>
  h('span', {
    class: `progress${fraction == null ? ' unknown' : ''}`,
    role: 'progressbar',
    'aria-label': words,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    'aria-valuenow': fraction == null ? null : Math.round(fraction * 100),
    '--part': fraction ?? 0,
  }, h('span', null))

/** A word that a shell takes for one: quoted if it must be. */
export const quoted = (word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** The command line of a build request. */
export function buildCommand(page, request = {}) {
  const { profile = page.api.profile, set = {}, targets = [], force = [], keepGoing, maxCost, seed } = request
  const words = ['campaign build', profile && `--profile ${quoted(profile)}`]
  words.push(
    ...Object.entries(set).map(([name, value]) => `--set ${quoted(`${name}=${value}`)}`),
    ...force.map((target) => `--force ${quoted(target)}`),
    seed && `--seed ${seed}`,
    keepGoing && '-k',
  )
  words.push(maxCost > 0 && `--max-cost ${maxCost.toFixed(2)}`, ...targets.map(quoted))
  return words.filter(Boolean).join(' ')
}
