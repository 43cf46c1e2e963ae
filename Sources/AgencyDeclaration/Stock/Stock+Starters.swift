// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Stock {
    /// A first `agency.yaml`, with a profile of each sort.
    public static let profiles = """
        # Who performs. Roles name a profile; a profile names a model, a program or a person.
        # Keys never stand in this file: key-variable is the name of an environment variable that holds one.
        profiles:
          strong:
            provider: openai # any endpoint that speaks chat completions; set url for one of your own
            model: gpt-4.1
            key-variable: OPENAI_API_KEY
            output-tokens: 16384
            prices: {input: 2.00, output: 8.00} # dollars for a million tokens; the worst case is computed from them
            concurrency: 4

          fast:
            provider: openai
            model: gpt-4.1-mini
            key-variable: OPENAI_API_KEY
            prices: {input: 0.40, output: 1.60}
            concurrency: 8

          # A model on this machine, without a key: give it the name “strong” or “fast” to have it play those roles.
          here:
            provider: openai
            model: qwen3:14b
            url: http://127.0.0.1:11434/v1
            structure: prompt # for endpoints that cannot hold a model to a schema
            concurrency: 1
            idle-seconds: 600
            overall-seconds: 1800

          # A person at the terminal can play any role.
          me:
            provider: person

        """

    /// A first brief, with a remark on each part of its head.
    public static let brief = """
        ---
        # The head is YAML; the document below it is for you to write as you like.
        brief: first-brief
        title: Say in a line what you want

        # How bad is a mistake? low: minutes lost, moderate: hours, high: days, money or trust.
        stakes: low

        # Each goal is a state that you want, and a look that shows whether it is reached. Looks never change anything.
        # Goals can consist of goals, and you can rewrite them while a run is going.
        goals:
          - id: greeting
            want: There is a file hello.txt that greets whoever opens it.
            check:
              tool: files.read
              arguments: {path: hello.txt}
              expect: {contains: Hello} # or equals, at-least, at-most, exit-status

        # What must hold whatever is done.
        constraints:
          - No file that is there now is changed or removed.

        # The most that the whole run may consume. “agency check” compares it with the worst case before anything runs.
        resources: {tokens: 20000000, money: 150}
        ---
        # What this is about

        Write here what somebody would need to know who was not there: what the situation is, why you want it changed,
        what has been tried, where to look, and what you would be sorry to see happen.

        """
}
