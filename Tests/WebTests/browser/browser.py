"""A headless Chromium, and what a person does with the page in it."""

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from lab import until


def launch():
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,900",
                     "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Page:
    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get(address)
        self.sees("#bar", "live", 20)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def sees(self, selector, words, seconds=30):
        """Waits until an element says something."""
        try:
            until(lambda: words in self.text(selector), words, seconds)
        except AssertionError:
            raise AssertionError(f"{selector} never said {words!r}; it says: {self.text(selector)[:600]!r}") from None

    def element(self, selector, words="", seconds=30):
        """Waits for the first shown and enabled element of a selector whose text begins with these words."""
        find = """
          return [...document.querySelectorAll(arguments[0])].find(element =>
            (element.innerText ?? '').trim().startsWith(arguments[1]) && element.checkVisibility() && !element.disabled)"""
        return until(lambda: self.run(find, selector, words), f"{selector} {words!r}", seconds)

    def press(self, selector, words=""):
        """Clicks as a person does: what is covered cannot be clicked."""
        def click():
            try:
                element = self.element(selector, words)
                self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
                element.click()
                return True
            except (StaleElementReferenceException, WebDriverException) as error:
                self.problem = error
                return False
        until(click, f"could not press {selector} {words!r}", 15)

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def emulate(self, width, height=800, scheme="light"):
        """Another screen; a narrow one is a phone."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def complaints(self):
        """What the browser's console holds: scripts that fail, violations of the content security policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
