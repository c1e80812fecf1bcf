"""What a person decides on the page: how to build, which take, what to cancel; and what there is to choose from."""

import json

from lab import until
from test_page import PageTest

VARIANTS = """
campaign variants

build/wide.mp4: source.txt
    $ ffmpeg -nostdin -y -loglevel error -f lavfi -i testsrc=s=160x90:d=1 -pix_fmt yuv420p "$out"

build/tall.mp4: source.txt
    $ ffmpeg -nostdin -y -loglevel error -f lavfi -i testsrc=s=90x160:d=1 -pix_fmt yuv420p "$out"
"""

WORDS = """
campaign {name}

build/a.txt: source.txt
    $ cp "$in" "$out"
"""


class Steering(PageTest):
    card = ".card[data-target='build/clips/hook.mp4']"

    def write(self, page, field, words):
        """Fills in a field of a dialog, and leaves it."""
        element = page.element(field)
        element.clear()
        element.send_keys(words)
        page.run("arguments[0].blur()", element)

    def test_options_of_a_build(self):
        """With another setting, in part, for less: each change shows what it comes to, and the command for it."""
        workspace = self.shop()
        workspace.campaign("build", code=4)
        workspace.campaign("approve", "build/pairs.json")
        _, page = self.serve(workspace)
        page.press("#bar button", "Build")
        page.sees("dialog", "at most $0.10")
        page.press("dialog summary")
        self.write(page, "dialog label input[list]", "build/clips/hook.mp4")
        page.sees("dialog", "at most $0.05")
        self.write(page, "dialog input[placeholder='12']", "nonsense")
        page.sees("dialog .because", "nonsense")
        page.driver.get_log("browser")
        self.write(page, "dialog input[placeholder='12']", "24")
        self.write(page, "dialog input[type=number]", "0.06")
        page.sees("dialog .command", "campaign build --set fps=24 --max-cost 0.06 build/clips/hook.mp4")
        before = self.rehearsal.jobs
        self.accept(page, "Spend up to $0.05")
        page.sees(self.card, "one take")
        page.sees(self.card, "fps changed: 24 -> 12")
        self.assertEqual(self.rehearsal.jobs, before + 1)
        command = "return fetch('/api/v1/builds').then(answer => answer.json()).then(list => list.builds[0].command)"
        self.assertIn("--set fps=24 --max-cost 0.06 build/clips/hook.mp4", page.run(command))

    def test_the_price_is_without_what_waits_for_approval(self):
        workspace = self.shop()
        workspace.campaign("build", code=4)
        _, page = self.serve(workspace)
        page.sees("#money", "$0.10 waits for your approval")
        self.assertNotIn("next build", page.text("#money"))
        page.press("#needs button[aria-label='Approve hook']")
        page.sees("#money", "the next build would cost up to $0.05, $0.05 waits for your approval")
        page.press("#bar button", "Build")
        page.sees("dialog", "at most $0.05")
        page.sees("dialog", "What waits for your approval, for $0.05, is not made")
        before = self.rehearsal.jobs
        self.accept(page, "Spend up to $0.05")
        page.sees(self.card, "one take")
        page.sees("#run", "No build is running")
        self.assertEqual(self.rehearsal.jobs, before + 1)

    def test_rejects_a_take(self):
        workspace = self.bought()
        _, page = self.serve(workspace)
        page.press(f"{self.card} h3")
        page.press(".card.chosen button", "Look closer")
        page.sees("dialog", "campaign takes build/clips/hook.mp4 --reject 1")
        page.run("const choice = document.querySelector('dialog figure select'); choice.value = 'flicker'; choice.onchange({target: choice})")
        page.sees("dialog", "✗ flicker")
        page.press("dialog button", "Close")
        page.sees("#storyboard", "1 of 2 clips current")
        takes = json.loads(workspace.campaign("takes", "--json", "build/clips/hook.mp4"))["takes"]
        self.assertEqual([take["rejected"] for take in takes], ["flicker"])
        page.press("#bar button", "Build")
        page.sees("dialog", "at most $0.05")
        self.accept(page, "Spend up to $0.05")
        page.sees(self.card, "take 2 of 2")

    def test_cancels_a_paid_request(self):
        """The build is canceled first: what it has ordered goes on, and is canceled by itself."""
        workspace = self.shop()
        workspace.campaign("build", code=4)
        workspace.campaign("approve", "build/pairs.json", "hook")
        self.rehearsal.ask("/_script", [{"on": "create", "do": "stick"}])
        _, page = self.serve(workspace)
        page.press("#bar button", "Build")
        self.accept(page, "Spend up to $")
        page.sees("#money .flights", "build/clips/hook.mp4")
        sums = "return [...document.querySelectorAll('#money .sums dd')].slice(0, 2).map(sum => sum.firstChild.data)"
        self.assertEqual(page.run(sums), ["$0", "$0.05"], "what is reserved is not spent yet")
        page.press("#run button", "Cancel the build")
        page.sees("#run", "No build is running")
        self.assertIn("campaign cancel build/clips/hook.mp4", page.text("#money .flights"))
        page.press("#money .flights button", "Cancel")
        page.sees("#money", "0 requests in flight")
        self.assertEqual(self.rehearsal.ask("/_ledger")["jobs"][-1]["status"], "canceled")

    def test_variants_side_by_side(self):
        workspace = self.open(VARIANTS)
        workspace.write("source.txt", "words\n")
        workspace.campaign("build")
        _, page = self.serve(workspace)
        page.sees("#film", "2 variants")
        shapes = """
          return [...document.querySelectorAll('#film figure')].map(figure => {
            const [film, box] = [figure.querySelector('video'), figure.getBoundingClientRect()]
            return [film.videoWidth, film.videoHeight, box.left, Math.round(box.bottom)]
          })"""
        until(lambda: all(shape[0] for shape in page.run(shapes)), "both films are read")
        wide, tall = sorted(page.run(shapes), key=lambda shape: shape[1])
        self.assertEqual((wide[:2], tall[:2]), ([160, 90], [90, 160]))
        self.assertNotEqual(wide[2], tall[2], "they stand side by side")
        self.assertEqual(wide[3], tall[3], "on one line")

    def test_campaigns_of_a_folder(self):
        workspace = self.open(None)
        for name in ("lodge", "villa"):
            workspace.write(f"{name}/Campaignfile", WORDS.format(name=name))
            workspace.write(f"{name}/source.txt", "words\n")
        workspace.campaign("build", "-C", "villa")
        _, page = self.serve(workspace)
        page.sees("#campaigns", "2 campaigns")
        states = "return [...document.querySelectorAll('.campaigns li')].map(row => row.innerText.split('\\n').map(word => word.trim()))"
        self.assertEqual([[row[0], row[-1]] for row in page.run(states)],
                         [["lodge", "↻ out of date"], ["villa", "✓ current"]])
        workspace.campaign("build", "-C", "lodge")
        until(lambda: page.text("#campaigns").count("✓ current") == 2, "the list follows what happens")
        page.press(".campaigns a", "villa")
        page.sees("#needs", "Nothing. villa is current.")
        self.assertIn("campaign build -C villa", page.text("#run"))
        workspace.write("villa/Campaignfile", "campaign villa\n\nnonsense\n")
        page.sees("#needs", "nonsense starts no statement")
        self.assertEqual(page.text("#bar nav"), "Needs")
        page.press("#bar .up")
        page.sees("#campaigns", "✗ has mistakes")

    def test_shows_a_changed_photo_beside_what_it_was(self):
        workspace = self.bought()
        _, page = self.serve(workspace)
        seen = "return [...document.querySelectorAll('.card .stills img')].every(image => image.complete && image.naturalWidth > 1)"
        until(lambda: page.run(seen), "all photos are seen")
        workspace.photos(a="maroon")
        page.sees(self.card, "out of date")
        page.press(f"{self.card} h3")
        page.sees("#why .pair", "before")
        colours = """
          return [...document.querySelectorAll('#why .pair img')].filter(image => image.complete && image.naturalWidth > 1).map(image => {
            const canvas = document.createElement('canvas').getContext('2d')
            canvas.drawImage(image, 0, 0)
            return [...canvas.getImageData(9, 9, 1, 1).data].slice(0, 3).map(part => Math.round(part / 64))
          })"""
        until(lambda: page.run(colours) == [[0, 2, 2], [2, 0, 0]], "teal before, maroon now")

    def test_clips_of_pairs_that_are_chosen_anew(self):
        workspace = self.bought()
        workspace.write("pairs.txt", "[]")
        _, page = self.serve(workspace)
        page.sees(self.card, "depends")
        self.assertNotIn("$", page.text(self.card))
        self.assertNotIn("true", page.text(self.card))

    def test_leaves_no_connection_behind(self):
        """A browser has six connections for a server, and keeps pages for the way back."""
        workspace = self.shop()
        server, page = self.serve(workspace)
        for _ in range(8):
            page.open(server.address)
        page.run("history.go(-2)")
        page.sees("#bar", "live")
        workspace.write("Campaignfile", "campaign villa\n\nnonsense\n")
        page.sees("#needs", "nonsense starts no statement", 5)
