// The list of campaigns below one folder.

import { h } from './dom.js'
import { heading } from './parts.js'
import { plural, tag } from './words.js'

export function drawCampaigns({ campaigns, api, problem }) {
  if (api || !campaigns.length) {
    return [h('p', { class: 'lede' }, problem ? `${problem.message}.` : 'Reading…')]
  }
  return [
    heading('campaigns', 'Campaigns', plural(campaigns.length, 'campaign')),
    h(
      'ul',
      { class: 'campaigns' },
      campaigns.map(({ id, name, folder, state }) =>
        h(
          'li',
          { key: id },
          h(
            'a',
            { href: `/?campaign=${encodeURIComponent(id)}` },
            h('strong', null, name),
            h('span', { class: 'quiet' }, folder),
            tag(state),
          ),
        )
      ),
    ),
  ]
}
