// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Declarations that are right, for tests to read and to spoil.
enum Samples {
    static let tools = [
        ToolManifest(name: "files.list", about: "Lists files.", parameters: .any, effect: .read),
        ToolManifest(
            name: "files.read",
            about: "Reads a file.",
            parameters: .object(["path": .string()]),
            effect: .read
        ),
        ToolManifest(name: "files.search", about: "Searches files.", parameters: .any, effect: .read),
        ToolManifest(
            name: "sqlite.query",
            about: "Looks into a database.",
            parameters: .object(
                ["database": .string(), "sql": .string(), "rows": .integer(in: 1...100)],
                optional: ["rows"]
            ),
            effect: .read
        ),
        ToolManifest(name: "git.log", about: "Lists commits.", parameters: .any, effect: .read),
        ToolManifest(name: "git.show", about: "Shows a commit.", parameters: .any, effect: .read),
        ToolManifest(name: "shell.run", about: "Runs a program.", parameters: .any, effect: .run),
        ToolManifest(name: "files.write", about: "Writes a file.", parameters: .any, effect: .write),
    ]

    static let architecture = """
        architecture: small
        about: Two proposals, one judge.
        roles:
          writer:
            kind: propose
            performer: strong
            instructions: Propose a plan.
            narratives: [cautious DBA, minimalist]
            reads: [brief, actions, proposal, critique]
            tools: [files.read, sqlite.query]
            budget: {tokens: 20000, calls: 8, seconds: 180, money: 0.50}
          critic: {kind: critique, performer: fast, instructions: Find faults., reads: [brief, proposal]}
          judge:
            kind: evaluate
            performer: fast
            instructions: |
              Judge it.
                Indented: and with “colons”.
            reads: [brief, proposal]
            criteria: [data-safety, cost]
          saboteur:
            kind: red-team
            performer: strong
            instructions: Break it.
            reads: [brief, proposal]
            repairs: 0
          teller: {kind: explain, performer: strong, instructions: Tell., reads: [brief, proposals], vote: {ahead-by: 2, flags: {bytes: 9000}, same-when: [/summary]}}
          enactor: {kind: enact}
          reviser:
            kind: update
            performer: strong
            instructions: Revise.
            reads: [brief, actions, proposal, observations]
            sketch: |-
              Begin with what was seen.
        flow:
          - propose:  {role: writer, count: 2}
          - critique: {role: critic, rounds: 1}
          - evaluate: {roles: [judge, saboteur], independent: true}
          - explain:  {role: teller}
          - choose:   {by: person, expires: 7d, returns: 1}
          - enact:    {role: enactor, checkpoint: every-step, halt-on: surprise, surprise: 0.9}
          - update:   {role: reviser, at-most: 3}

        """

    static let longWork = """
        architecture: tower
        roles:
          mover:
            kind: advance
            performer: fast
            instructions: Move one disk.
            reads: [brief]
            state: {type: array, items: {type: array, items: {type: integer}}, minItems: 3, maxItems: 3}
        flow:
          - iterate: {role: mover, at-most: 1048575}

        """

    static let probe = """
        architecture: probing
        roles:
          mover:
            kind: advance
            performer: fast
            instructions: Move one disk.
            reads: [brief]
        flow:
          - probe: {role: mover, times: 5}

        """

    static let questions = """
        questions:
          - id: largest
            text: Which disk may lie on the smallest?
            choices: [none, any]
            right: none
          - {id: why, text: 'Why: is that so?'}

        """

    static let brief = """
        ---
        brief: split-names
        title: Split names into two columns
        stakes: high
        goals:
          - id: names-split
            want: Every person has a surname.
            goals:
              - id: no-nulls
                want: No surname is missing.
                check:
                  tool: sqlite.query
                  arguments: {database: app.db, sql: "SELECT count(*) FROM people WHERE surname IS NULL", rows: 5}
                  expect: {equals: "0"}
              - id: tests-pass
                want: The tests pass.
                check: {tool: shell.run, arguments: {command: [make, test], deep: {a: 1.0, b: no, c: ~}}, expect: {exit-status: 0}}
        constraints: [No row is lost., "The column “name” stays."]
        resources: {tokens: 500000, calls: 400, seconds: 7200, money: 5.25}
        ---

        # Names

        We ask for *one* name & want two: `a: b`.

        """

    static let baseline = """
        severities:
          OA023: {severity: error, reason: Much is at stake.}
        accepted:
          - {rule: OA024, fingerprint: 3f2a9c1b44d0e117, reason: One maker is all that we may use.}

        """

    static let profiles = """
        profiles:
          strong:
            provider: openai
            model: some-model
            url: http://127.0.0.1:8080/v1
            key-variable: OPENAI_API_KEY
            temperature: 0.7
            output-tokens: 4096
            structure: prompt
            prices: {input: 2.50, output: 10.00}
            concurrency: 2
            requests-per-minute: 60
            idle-seconds: 90
            overall-seconds: 500
          fast: {provider: anthropic, model: other-model, delivery: whole, prices: {input: 0.25, output: 1.25}}
          local: {provider: program, command: [python3, role.py, "--fast"]}
          me: {provider: person}

        """
}
