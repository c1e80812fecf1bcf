"""What a person sees and does on the page, in a real browser, against the real server and the fake provider."""

import json
import unittest

from selenium.webdriver.common.keys import Keys

from browser import Page, launch
from lab import Rehearsal, Server, Workspace, until

SHOP = """
campaign villa

size = 64x36
fps  = 12
by   = replicate wan-video/wan-2.2-i2v-fast

build/pairs.json: pairs.txt
    approve = yes
    $ cp "$in" "$out"

build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in build/pairs.json
    generate-clip
    duration = 5s
    prompt   = {pair.prompt}

build/film.mp4: build/clips/{pair.id}.mp4
    combine
"""

PAIRS = """[
  {"id": "hook", "first": "photos/a.jpg", "last": "photos/b.jpg", "prompt": "Slowly in.", "reason": "the same pool"},
  {"id": "lobby", "first": "photos/b.jpg", "last": "photos/c.jpg", "prompt": "Slowly out.", "reason": "the same light"}
]
"""

WORKSHOP = """
campaign workshop

build/first.txt: source.txt
    $ echo starting; while ! test -e go; do sleep 0.02; done; cp "$in" "$out"

build/second.txt: build/first.txt
    $ test -e allowed || { echo "the paper is out" >&2; exit 3; }; cp "$in" "$out"
"""


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.driver = launch()
        cls.addClassCleanup(cls.driver.quit)
        cls.rehearsal = Rehearsal()
        cls.addClassCleanup(cls.rehearsal.end)

    def open(self, campaignfile):
        """A workspace, its server, and the page."""
        workspace = Workspace(campaignfile, self.rehearsal.environment)
        self.addCleanup(workspace.remove)
        return workspace

    def serve(self, workspace):
        server = Server(workspace)
        self.addCleanup(lambda: server.end())
        page = Page(self.driver)
        page.open(server.address)
        self.addCleanup(lambda: self.assertEqual(page.complaints(), []))
        return server, page

    def shop(self):
        workspace = self.open(SHOP)
        workspace.photos(a="teal", b="navy", c="olive")
        workspace.write("pairs.txt", PAIRS)
        return workspace

    def bought(self):
        """A shop whose film is there."""
        workspace = self.shop()
        workspace.campaign("build", code=4)
        workspace.campaign("approve", "build/pairs.json")
        workspace.campaign("build", "--max-cost", "5")
        return workspace

    def accept(self, page, words):
        """Confirms what a dialog proposes."""
        page.press("dialog button", words)
        until(lambda: not page.run("return document.querySelector('dialog').open"), "the dialog closes")


class Film(PageTest):
    def test_a_film_without_a_terminal(self):
        """Build, approve one pair, then the rest, see the price, buy, watch, download."""
        workspace = self.shop()
        _, page = self.serve(workspace)
        page.press("#bar button", "Build")
        page.sees("dialog", "pairs.json")
        self.accept(page, "Build")

        page.sees("#needs", "hook")
        stills = "return [...document.querySelectorAll('#needs .items img')].filter(i => i.complete && i.naturalWidth > 1).length"
        until(lambda: page.run(stills) == 4, "two stills of each pair")
        before = self.rehearsal.jobs
        page.press("#needs button[aria-label='Approve hook']")
        until(lambda: page.run("return document.querySelectorAll('#needs .items li').length") == 1, "one pair is left")
        page.press("#needs button[aria-label='Approve lobby']")
        page.sees("#needs", "Nothing")
        self.assertEqual(self.rehearsal.jobs, before, "approving bought something")

        page.press("#bar button", "Build")
        page.sees("dialog", "at most $")
        self.assertEqual(self.rehearsal.jobs, before, "showing the price bought something")
        self.accept(page, "Spend up to $")
        page.sees("#bar", "current")
        page.sees("#needs", "Nothing. The film is current.")
        page.sees("#storyboard", "2 of 2 clips current")
        self.assertEqual(self.rehearsal.jobs, before + 2)
        self.assertTrue(page.driver.title.startswith("✓"), page.driver.title)

        self.plays(page, "#film video")
        size = """
          const link = document.querySelector('#film a[download]')
          return fetch(link.href).then(answer => answer.blob()).then(blob => blob.size)"""
        self.assertGreater(page.run(size), 1000)

    def test_rejects_a_pair(self):
        """A pair that nobody wants is taken out, is never bought, and its neighbour is a film of its own."""
        workspace = self.shop()
        workspace.campaign("build", code=4)
        _, page = self.serve(workspace)
        page.sees("#needs .items", "hook")
        self.assertIn("campaign approve build/pairs.json hook --reject", page.text("#needs .items"))
        page.press("#needs button[aria-label='Reject hook']")
        until(lambda: page.run("return document.querySelectorAll('#needs .items li').length") == 1, "one pair is left")
        self.assertEqual([pair["id"] for pair in json.loads(workspace.read("build/pairs.json"))], ["lobby"])
        before = self.rehearsal.jobs
        page.press("#needs button[aria-label='Approve lobby']")
        page.press("#bar button", "Build")
        page.sees("dialog", "at most $")
        self.accept(page, "Spend up to $")
        page.sees("#storyboard", "1 of 1 clip current")
        self.assertEqual(self.rehearsal.jobs, before + 1)

    def plays(self, page, selector):
        """A video plays, and seeks to a place of which only a range was fetched."""
        element = page.element(selector)
        page.run("arguments[0].muted = true; arguments[0].play()", element)
        until(lambda: page.run("return arguments[0].currentTime", element) > 0.2, "the film plays")
        page.run("arguments[0].pause(); arguments[0].currentTime = arguments[0].duration * 0.75", element)
        until(lambda: page.run("return !arguments[0].seeking && arguments[0].readyState >= 2", element), "the film seeks")
        length, at = page.run("return [arguments[0].duration, arguments[0].currentTime]", element)
        self.assertAlmostEqual(at, length * 0.75, delta=0.2)

    def test_reroll_and_take(self):
        """By keys: choose a clip, see the price of another take, refuse, buy, and go back to the first."""
        workspace = self.bought()
        _, page = self.serve(workspace)
        before = self.rehearsal.jobs
        page.sees("#storyboard", "2 of 2 clips current")
        page.keys(Keys.ARROW_RIGHT)
        page.sees(".card.chosen", "hook")
        clip = page.element(".card.chosen video")
        until(lambda: page.run("return arguments[0].currentTime", clip) > 0.1, "the chosen clip plays")
        page.keys(" ")
        until(lambda: page.run("return arguments[0].paused", clip), "space pauses it")

        page.sees(".card.chosen .joint", "The cut from hook to lobby")
        cut = "return [...document.querySelectorAll('.joint img')].map(image => new URL(image.src).searchParams.get('at'))"
        self.assertEqual(page.run(cut), ["end", "start"])

        page.keys("r")
        page.sees("dialog", "at most $")
        page.keys(Keys.ESCAPE)
        self.assertEqual(self.rehearsal.jobs, before, "a proposal bought something")
        page.keys("r")
        page.sees("dialog", "at most $")
        self.accept(page, "Spend up to $")
        page.sees(".card[data-target='build/clips/hook.mp4']", "take 2 of 2")
        page.sees("#bar", "current")
        self.assertEqual(self.rehearsal.jobs, before + 1)

        page.press(".card[data-target='build/clips/hook.mp4'] h3")
        page.press(".card.chosen .take", "Take 1")
        page.sees(".card.chosen", "take 1 of 2")
        takes = json.loads(workspace.campaign("takes", "--json", "build/clips/hook.mp4"))["takes"]
        self.assertEqual([take["current"] for take in takes], [True, False])
        page.press("#bar button", "Build")
        page.sees("dialog", "free")
        self.accept(page, "Build")
        page.sees("#needs", "Nothing. The film is current.")
        self.assertEqual(self.rehearsal.jobs, before + 1, "going back bought something")

        page.press("#history .runs > li:nth-child(3) .link")
        page.sees("#history", "free: hook to take 2")
        self.assertIn("--restore", page.text("#history .restoration"))
        page.press("#history .restoration button", "Restore this version")
        page.sees(".card[data-target='build/clips/hook.mp4']", "take 2 of 2")
        until(lambda: "hook to take 2" not in page.text("#history"), "it is restored")
        self.assertEqual(self.rehearsal.jobs, before + 1, "restoring bought something")

        page.press(".card[data-target='build/clips/hook.mp4'] h3")
        page.press(".card.chosen button", "Compare takes")
        inStep = """
          const [a, b] = document.querySelectorAll('dialog .two video')
          return a && b && a.currentTime > 0.3 && Math.abs(a.currentTime - b.currentTime) < 0.3"""
        until(lambda: page.run(inStep), "two takes play in step")
        left = page.text("dialog .two figure strong")
        page.keys("s")
        until(lambda: page.text("dialog .two figure strong") != left, "s swaps them")


class Work(PageTest):
    def workshop(self):
        workspace = self.open(WORKSHOP)
        workspace.write("source.txt", "words\n")
        return workspace

    def test_cancel_fail_log_retry(self):
        workspace = self.workshop()
        _, page = self.serve(workspace)
        page.press("#bar button", "Build")
        self.accept(page, "Build")
        page.sees("#run .rows", "build/first.txt")
        page.press("#run button", "Cancel the build")
        page.sees("#run", "No build is running")
        page.sees("#graph", "out of date")

        workspace.write("go", "")
        page.press("#bar button", "Build")
        self.accept(page, "Build")
        page.sees("#needs", "Failed")
        page.sees("#bar", "failed")
        page.press("#needs button", "Log")
        page.sees("dialog .log", "the paper is out")
        page.press("dialog button", "Close")

        workspace.write("allowed", "")
        page.press("#needs button", "Retry")
        self.accept(page, "Build")
        page.sees("#needs", "Nothing. workshop is current.")
        page.press("#history .runs .link")
        page.sees("#history .timeline", "second")

    def test_a_build_in_another_terminal(self):
        workspace = self.workshop()
        workspace.write("allowed", "")
        _, page = self.serve(workspace)
        page.run("window.isTheSamePage = true")
        build = workspace.start("build")
        page.sees("#run .rows", "build/first.txt")
        page.sees("#bar", "0 of")
        page.press("#history .runs .link")
        page.sees("#history .timeline", "running")
        self.assertNotIn("cut short", page.text("#history"))
        workspace.write("go", "")
        page.sees("#needs", "Nothing. workshop is current.")
        page.sees("#history .timeline", "second")
        until(lambda: "running" not in page.text("#history"), "the timeline follows to the end")
        build.communicate()
        self.assertTrue(page.run("return window.isTheSamePage"), "the page was loaded anew")

    def test_many_tabs(self):
        """More than a browser has connections: each is live when it is shown, and has the right title when it is not."""
        workspace = self.workshop()
        workspace.write("allowed", "")
        workspace.write("go", "")
        server, page = self.serve(workspace)
        first = self.driver.current_window_handle
        for _ in range(8):
            self.driver.switch_to.new_window("tab")
            self.addCleanup(self.close, self.driver.current_window_handle, first)
            page.open(server.address)
        titles = lambda: [tab["title"] for tab in self.driver.execute_cdp_cmd("Target.getTargets", {})["targetInfos"]
                          if tab["title"].endswith("workshop")]
        self.assertEqual(len(titles()), 9)
        workspace.campaign("build")
        until(lambda: all(title.startswith("✓") for title in titles()), "hidden tabs have the new state in their titles")
        self.driver.switch_to.window(first)
        page.run("window.isTheSamePage = true")
        page.sees("#needs", "Nothing. workshop is current.")
        workspace.write("source.txt", "other words\n")
        page.sees("#graph", "out of date", 3)
        self.assertTrue(page.run("return window.isTheSamePage"), "the page was loaded anew")

    def close(self, tab, other):
        self.driver.switch_to.window(tab)
        self.driver.close()
        self.driver.switch_to.window(other)

    def test_reconnects(self):
        workspace = self.workshop()
        workspace.write("allowed", "")
        workspace.write("go", "")
        server, page = self.serve(workspace)
        server.end()
        page.sees("#bar", "not connected")
        self.assertIn("⚠", page.driver.title)
        workspace.campaign("build")
        again = Server(workspace, server.port)
        server.end = again.end
        page.sees("dialog", "Who are you?")
        page.element("dialog input").send_keys(again.address, Keys.ENTER)
        page.sees("#bar", "live")
        page.sees("#needs", "Nothing. workshop is current.")
        page.driver.get_log("browser")

    def test_pauses_a_pool(self):
        workspace = self.workshop()
        _, page = self.serve(workspace)
        page.press("#run .pools button", "Pause")
        page.sees("#run .pools", "paused")
        page.press("#run .pools button", "Resume")
        until(lambda: "paused" not in page.text("#run .pools"), "the pool goes on")

    def test_without_the_token(self):
        """Another tab may look; to change something, or to look at all, the page asks for the token."""
        workspace = self.workshop()
        server, page = self.serve(workspace)
        page.run("sessionStorage.clear()")
        page.open(server.address.split("#")[0])
        page.press("#bar button", "Build")
        page.sees("dialog", "token")
        page.driver.delete_all_cookies()
        page.driver.get(server.address.split("#")[0])
        page.sees("dialog", "token")
        page.element("dialog input").send_keys(server.address, Keys.ENTER)
        page.sees("#bar", "live")
        page.run("sessionStorage.clear()")
        page.driver.refresh()
        page.press("#bar button", "Build")
        page.element("dialog input").send_keys(server.address, Keys.ENTER)
        page.sees("dialog", "first.txt")
        page.driver.get_log("browser")


if __name__ == "__main__":
    unittest.main()
