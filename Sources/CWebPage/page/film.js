// The film, and its variants side by side.

import { h } from './dom.js'
import { address, heading } from './parts.js'
import { ago, prose, size, span, tag } from './words.js'

const isVideo = (film) => /\.(mp4|mov|webm|m4v)$/i.test(film.target)

export function drawFilm({ overview }) {
  const films = overview.films
  if (!films.length) return []
  return [
    heading('film', 'The film', films.length > 1 && `${films.length} variants`),
    h('div', { class: `films${films.length > 1 ? ' many' : ''}` }, films.map(draw)),
  ]
}

function draw(film) {
  const { target, file, width, height } = film
  const source = address(film)
  return h(
    'figure',
    { key: target, class: 'film', '--ratio': width && height ? `${width} / ${height}` : '16 / 9' },
    source
      ? isVideo(film)
        ? h('video', {
          key: source,
          src: source,
          poster: file.still && `${file.still}?width=960`,
          controls: true,
          preload: 'metadata',
          playsinline: true,
          'aria-label': `The film ${target}`,
        })
        : h('img', { src: source, alt: target })
      : h('div', { class: 'empty' }, h('p', null, 'There is no film yet.')),
    h(
      'figcaption',
      null,
      h(
        'div',
        { class: 'line' },
        h('strong', null, target),
        tag(film.state),
        h(
          'span',
          { class: 'quiet' },
          [
            film.seconds && span(film.seconds),
            width && `${width}×${height}`,
            film.bytes && size(film.bytes),
            film.modified && ago(film.modified),
          ].filter(Boolean).join(' · '),
        ),
        file && h('a', { class: 'button', href: file.url, download: target.replace(/.*\//, '') }, 'Download'),
      ),
      film.reason && film.state !== 'current' &&
        h(
          'p',
          { class: 'quiet' },
          `${film.state === 'stale' ? 'Out of date, because ' : ''}`,
          prose(film.reason),
        ),
    ),
  )
}
