/// What a code means at length, for `campaign help E0204`; nil when there is no such code.
package func explanation(of code: String) -> String? { explanations[code] }

/// All codes that can be explained, sorted.
package var explainedCodes: [String] { explanations.keys.sorted() }

/// Every code that a Campaignfile can meet: E01 its form, E02 its names, E03 its values, E04 its graph.
private let explanations: [String: String] = [
  "E0101":
    "A text in quotes must end on its line. For text of several lines use three quotes:\n\n    prompt = \"\"\"\n        Low wide shot,\n        water rippling.\n        \"\"\"",
  "E0102":
    "A line at the left margin is a setting (`name = value`), a rule (`output: inputs`), or starts with `campaign`, `scene`, `profile`, `pool`, `model` or `include`.",
  "E0103": "`campaign`, `scene`, `profile`, `pool`, `model` and `include` take exactly one name.",
  "E0104":
    "Indented lines belong to the rule or block above them. Either the line is indented by mistake, or the line above is missing.",
  "E0105": "A `scene`, `profile`, `pool` or `model` block holds settings only, one a line.",
  "E0106":
    "Below a rule stands one action on a line of its own, then its parameters; or `$` lines for the shell. Not both.",
  "E0107": "A name without a value is never meant. Write the value, or \"\" for an empty text.",
  "E0108": "A value that starts with a quote ends with its closing quote.",
  "E0109": "A rule names what it makes before the colon, and what from after it.",
  "E0110": "A rule is repeated for each element of a JSON array: `for pair in build/pairs.json`.",
  "E0111": "The Campaignfile was not found in the workspace folder.",
  "E0112":
    "A Campaignfile is UTF-8 text of at most 64 MiB, with all that it includes, and without a byte-order mark.",
  "E0113":
    "Files that include each other would never end, whatever their paths are called; and no file includes others more than 64 deep.",
  "E0114": "`include` names a file relative to the file that includes it.",
  "E0115": "A hundred mistakes are told, the others only counted. Many of them often have one cause.",
  "E0116":
    "A value has at most 1 MiB once its settings are filled in, and all values of a campaign together 256 MiB. A long text is better kept in a file of its own, which a rule takes as an input.",
  "E0117":
    "Word processors turn straight quotes into curly ones. Only straight quotes, `\"`, hold a text or a name with blanks together; inside of them curly ones are like any other letter.",
  "E0201":
    "`$name` reads a setting that is defined at the top level of the Campaignfile, before or after its use. An undefined one is never empty: it is an error. `$$` is a dollar sign.",
  "E0202":
    "A setting has one definition. To override it use a profile, CAMPAIGN_NAME in the environment, or `--set`.",
  "E0203":
    "The word below a rule names a built-in action. Your own steps are shell lines that start with `$ `.",
  "E0204":
    "Each action has its own parameters, and every one of them may have `pool`, `units`, `priority`, `timeout`, `retries`, `retry-delay`, `retry-on`, `costly` and `approve`. `man Campaignfile` lists them.",
  "E0205": "The same parameter or field was given twice.",
  "E0206":
    "Scenes have the fields tags, prompt, camera, music, duration, fit and focus; pools have a width; models have what `man Campaignfile` lists.",
  "E0207": "A step runs in the pool `cpu` unless it names another, which a `pool` block defines.",
  "E0208": "`--profile` names a `profile` block of the Campaignfile.",
  "E0209": "`scenes` takes `all`, or names of scene blocks.",
  "E0210":
    "`--set` overrides settings that the Campaignfile defines; it does not make new ones, so that a typo is seen.",
  "E0211": "Settings may name each other with `$`, but not in a circle.",
  "E0212": "A profile overrides settings that the Campaignfile defines at the top.",
  "E0213": "Scenes, profiles, pools and models have names of their own.",
  "E0214": "A campaign has one name: the line `campaign NAME` stands once, also with what it includes.",
  "E0215": "A Campaignfile names its campaign: `campaign NAME`.",
  "E0216": "A pool says how many steps it lets run at once: `width = 2`.",
  "E0217":
    "A Campaignfile is shared and kept, so it must not hold keys. They come from the environment, and never reach a key, a log or a cache. A key that was in a file should be renewed.",
  "E0218": "The action cannot do without this parameter.",
  "E0219":
    "The setting has no effect: no value names it with `$`, no script reads it, and no action has a parameter of this name. It is told when the name is nearly that of something that would be read, or that of a parameter that stands below a rule only.",
  "E0301":
    "Values are typed by the parameter that takes them: durations `6s`, sizes `1920x1080`, ratios `16:9`, money `25.00 USD`, loudness `-14 LUFS`, `yes` or `no`, counts, words, texts.",
  "E0302":
    "A `model` block describes a model of a provider: the names of its inputs, the lengths and sizes that it makes, and its price. `man Campaignfile` lists the fields.",
  "E0401": "Every file is made by one rule: with two, it would not be known which one counts.",
  "E0402":
    "In a rule without `for`, a path with `{...}` means all files that another rule makes, in the order of its array; it must be written as that rule writes its output.",
  "E0403":
    "`{pair.id}` is a field of the element that a rule is repeated for: it needs `for pair in FILE` on the rule.",
  "E0404":
    "A file cannot be made from itself, by whatever detour, and a name cannot stand for itself. The message shows the way round.",
  "E0405": "An input must exist, or a rule must make it.",
  "E0406": "Only files that rules make, and names for them, can be built.",
  "E0407": "A pattern that matches no file is an error: an empty set of photos is never meant.",
  "E0408": "Outputs are files inside the workspace, and not in .campaign, which is the tool's own.",
  "E0409": "Outputs have names; only inputs can be patterns.",
  "E0410": "Each value is of the right kind, but the action cannot work with it, or with it and the others.",
  "E0412":
    "A field in a path is `{variable.name}`, e.g. `{pair.id}`. Braces that are part of a file's name are not supported.",
  "E0413":
    "A rule with `for` is repeated for each element, and every file is made by one step: each output needs a field that differs from element to element, such as `{pair.id}`.",
  "E0414":
    "The file that a rule is repeated for holds a JSON array of objects. Each element has the fields that the rule uses, gives its step outputs of its own, and what is asked for by name is among them.",
  "E0415":
    "A take is what a provider made for an order: the photos, the prompt, the model and its parameters. All takes stay in the store; a changed order has takes of its own.",
  "E0416": "Only what a rule with `approve = yes` makes is approved, as a whole or item by item.",
  "E0417": "Builds have names of two words, such as amber-heron. `campaign history` lists them, latest last.",
  "E0418":
    "A file is adopted in the place of what a step would make, so it must be sound and of the kind that the step makes, and what the step makes it from must be current.",
  "E0421":
    "The name of a file is one line of UTF-8 text, of at most 255 bytes between two slashes. Each file has one name and each name is one file: no two look alike, and none is both a file and a folder.",
  "E0422":
    "What a pattern matches must be known for certain: a folder that cannot be read, or a file whose name is no text, might be part of the film.",
  "E0419":
    "An action takes certain inputs, in a certain order: `man Campaignfile` lists them. One that it has no use for is an error, so that nobody waits for it in the film.",
  "E0420":
    "Built-in actions run programs that the machine has to have: ffmpeg, ffprobe, and for local music fluidsynth and a soundfont. `campaign doctor` shows what is missing; steps that are current, and your own steps, do without.",
  "E0423":
    "`$name` reads a setting in a value; a path is taken as it is written, so that the graph can be seen in the file. `$$` is a dollar sign in the name of a file.",
  "E0411": "A rule without action is a name for its inputs: one name, at least one input.",
]
