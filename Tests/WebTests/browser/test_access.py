"""The page for those who use keys or hear it, on small screens, with every section full."""

from test_page import PageTest

NAMELESS = """
  const name = element => (element.getAttribute('aria-label') ?? '') + (element.innerText ?? '') + (element.alt ?? '') +
    (element.labels?.[0]?.innerText ?? '') + (element.querySelector?.('title')?.textContent ?? '')
  return [...document.querySelectorAll('button, a, input, select, textarea, img, video, summary, [role=button], [role=img], [role=progressbar], svg')]
    .filter(element => element.checkVisibility() && !name(element).trim()).map(element => element.outerHTML.slice(0, 120))
"""

UNFOCUSED = """
  return [...document.querySelectorAll('button, a[href], input, select')]
    .filter(element => element.checkVisibility() && element.tabIndex < 0).map(element => element.outerHTML.slice(0, 120))
"""

DOUBLED = """
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
  return ids.filter((id, index) => ids.indexOf(id) !== index)
"""

PALE = """
  const parse = text => text.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor
      if (colour.startsWith('rgb(')) return parse(colour)
    }
    return [255, 255, 255]
  }
  return [...document.querySelectorAll('main p, main h2, main h3, main dd, main dt, main .tag, main button, main td, main code')]
    .filter(element => element.checkVisibility() && element.innerText?.trim() && getComputedStyle(element).color.startsWith('rgb('))
    .map(element => {
      const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x)
      return [(a + 0.05) / (b + 0.05), element.outerHTML.slice(0, 100)]
    })
    .filter(([contrast]) => contrast < 4.5)
"""


class Access(PageTest):
    def test_names_sizes_and_contrast(self):
        workspace = self.bought()
        workspace.photos(a="maroon")
        _, page = self.serve(workspace)
        page.press(".card h3")
        page.sees("#why", "photos/a.jpg")
        page.press("#history .runs .link")
        page.sees("#history .timeline", "film")
        for width in (360, 768, 1440):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    page.emulate(width, scheme=scheme)
                    self.assertEqual(page.run(NAMELESS), [])
                    self.assertEqual(page.run(UNFOCUSED), [])
                    self.assertEqual(page.run(DOUBLED), [])
                    self.assertEqual(page.run(PALE), [])
                    self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), width)
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.assertEqual(page.run("return document.querySelectorAll('main').length"), 1)
        self.assertEqual(page.run("return document.documentElement.lang"), "en")
