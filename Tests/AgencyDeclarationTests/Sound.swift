// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema

/// Declarations that the check finds nothing in, for tests to make dangerous.
enum Sound {
    /// A board with every kind of stage and a judge of another family.
    static let board = """
        architecture: board
        about: A board that nothing is wrong with.
        roles:
          writer:
            kind: propose
            performer: strong
            instructions: Propose a plan.
            reads: [brief, actions, proposal, critique]
            tools: [files.read]
            budget: {tokens: 20000, calls: 8, seconds: 180}
          critic: {kind: critique, performer: other, instructions: Find faults., reads: [brief, proposal]}
          judge:
            kind: evaluate
            performer: other
            instructions: Judge it.
            reads: [brief, proposal]
            criteria: [safety, cost]
          breaker:
            kind: red-team
            performer: third
            instructions: Break it.
            reads: [brief, proposal]
          teller: {kind: explain, performer: other, instructions: Tell., reads: [brief, proposals, evaluations, changes]}
          enactor: {kind: enact}
          reviser: {kind: update, performer: strong, instructions: Revise., reads: [brief, actions, proposal, observations]}
        flow:
          - propose:  {role: writer, count: 2}
          - critique: {role: critic, rounds: 1}
          - evaluate: {roles: [judge, breaker], independent: true}
          - explain:  {role: teller}
          - choose:   {by: person, expires: 24h, returns: 1}
          - enact:    {role: enactor, surprise: 0.8}
          - update:   {role: reviser, at-most: 2}

        """

    /// A small one, in which nobody reads the workspace.
    static let council = """
        architecture: council
        roles:
          writer: {kind: propose, performer: strong, instructions: Propose., reads: [brief, actions]}
          judge: {kind: evaluate, performer: other, instructions: Judge., reads: [brief, proposal], criteria: [cost]}
          teller: {kind: explain, performer: other, instructions: Tell., reads: [brief, proposals, evaluations]}
          enactor: {kind: enact}
        flow:
          - propose:  {role: writer, count: 2}
          - evaluate: {roles: [judge]}
          - explain:  {role: teller}
          - choose:   {by: person}
          - enact:    {role: enactor}

        """

    /// A long work whose state holds numbers only.
    static let tower = """
        architecture: tower
        roles:
          mover:
            kind: advance
            performer: strong
            instructions: Move one disk.
            reads: [brief]
            budget: {tokens: 1000}
            vote: {ahead-by: 3}
            state:
              type: object
              properties: {pegs: {type: array, items: {type: integer}}, phase: {enum: [up, down]}, tag: {type: string, maxLength: 8}}
              required: [pegs]
              additionalProperties: false
        flow:
          - iterate: {role: mover, at-most: 1000}

        """

    static let profiles = """
        profiles:
          strong:
            provider: openai
            model: gpt-x
            key-variable: OPENAI_API_KEY
            prices: {input: 2.00, output: 8.00}
          other: {provider: anthropic, model: claude-y, key-variable: OTHER_KEY, prices: {input: 1, output: 5}}
          third: {provider: openai, model: qwen3, url: "http://127.0.0.1:8080/v1"}
          cousin: {provider: openai, model: gpt-x-mini, prices: {input: 1, output: 2}}
          steady: {provider: openai, model: gpt-z, temperature: 0, prices: {input: 1, output: 2}}
          script: {provider: program, command: [python3, role.py]}

        """

    static let brief = """
        ---
        brief: tidy
        title: Tidy up
        goals:
          - id: tidy
            want: The list is sorted.
            check: {tool: files.read, arguments: {path: list.txt}, expect: {contains: a}}
        resources: {tokens: 90000000, money: 900}
        ---

        """

    static let settings = """
        severities:
          OA024: {severity: error, reason: The stakes are high.}
        accepted: []

        """

    static let tools = [
        tool("files.read", .read, .pure), tool("files.write", .write, .transactional),
        tool("shell.run", .run, .transactional), tool("web.fetch", .read, .blind),
    ]

    static func tool(
        _ name: ToolName,
        _ effect: ToolManifest.Effect,
        _ repeatability: Repeatability?
    ) -> ToolManifest {
        ToolManifest(name: name, about: "\(name).", parameters: .any, effect: effect, repeatability: repeatability)
    }
}
